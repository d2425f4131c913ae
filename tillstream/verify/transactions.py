"""Transactions of Kafka that are still open. Nothing behind the first message of one is given to any reader of what is committed.

The client has no question for a partition's open transactions, so that one is asked in Kafka's own protocol:
DescribeProducers (https://kafka.apache.org/protocol, key 61, version 0), of a broker that leads all partitions.
"""

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from tillstream.core.errors import RetryableError
from tillstream.verify.topics import ASK_SECONDS, Partition

_DESCRIBE_PRODUCERS = 61
#: Larger than any answer of a broker of this size: each producer that wrote in the last day takes 40 bytes of it.
_LARGEST_ANSWER = 16_000_000


@dataclass(frozen=True, order=True)
class OpenTransaction:
    """One that is open: where its first message is, and who writes it; the producer is -1 where the broker does not say."""

    topic: str
    partition: int
    start: int
    producer_id: int = -1

    def __str__(self) -> str:
        """For people."""
        writer = f"producer {self.producer_id}" if self.producer_id >= 0 else "an unknown producer"
        return f"{self.topic}[{self.partition}]: a transaction of {writer} is open from offset {self.start:,} on"


class _Answer:
    """Reads the types of Kafka's flexible protocol one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, form: str) -> int:
        """A whole number of this form of struct's."""
        (number,) = struct.unpack_from(f">{form}", self._body, self._at)
        self._at += struct.calcsize(f">{form}")
        return int(number)

    def varint(self) -> int:
        """An unsigned number of seven bits a byte."""
        number = shift = 0
        while True:
            byte = self.take("B")
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def text(self) -> str:
        """A compact text; empty where it is null."""
        length = max(0, self.varint() - 1)
        self._at += length
        return self._body[self._at - length : self._at].decode("utf-8", "replace")

    def items(self) -> range:
        """As many turns as a compact array has items."""
        return range(max(0, self.varint() - 1))

    def skip_tags(self) -> None:
        """Passes over the tagged fields at the end of a structure."""
        for _ in range(self.varint()):
            self.varint()
            self._at += self.varint()


def open_transactions(bootstrap: str, partitions: Iterable[Partition]) -> list[OpenTransaction]:
    """The open transactions of these partitions.

    Raises:
        RetryableError: the broker does not answer, or not in this protocol.
    """
    asked = sorted(partitions)
    if not asked:
        return []
    host, port = bootstrap.split(",", maxsplit=1)[0].rsplit(":", 1)
    try:
        with closing(socket.create_connection((host, int(port)), timeout=ASK_SECONDS)) as broker:
            broker.sendall(_request(asked))
            (size,) = struct.unpack(">i", _exactly(broker, 4))
            if not 0 < size <= _LARGEST_ANSWER:
                raise RetryableError(f"the broker's answer of {size:,} bytes is not one to DescribeProducers")
            return sorted(parsed(_exactly(broker, size)))
    except (OSError, struct.error) as error:
        raise RetryableError(f"the broker does not say which transactions are open: {error}") from error


def _request(partitions: list[Partition]) -> bytes:
    topics: dict[str, list[int]] = {}
    for topic, partition in partitions:
        topics.setdefault(topic, []).append(partition)
    client = b"tillstream-verify"
    body = struct.pack(">hhih", _DESCRIBE_PRODUCERS, 0, 1, len(client)) + client + b"\0" + _varint(len(topics) + 1)
    for topic, numbers in topics.items():
        name = topic.encode()
        body += _varint(len(name) + 1) + name + _varint(len(numbers) + 1) + struct.pack(f">{len(numbers)}i", *numbers) + b"\0"
    body += b"\0"
    return struct.pack(">i", len(body)) + body


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _exactly(broker: socket.socket, size: int) -> bytes:
    out = bytearray()
    while len(out) < size:
        part = broker.recv(size - len(out))
        if not part:
            raise OSError("the connection was closed")
        out += part
    return bytes(out)


def parsed(body: bytes) -> Iterable[OpenTransaction]:
    """The open transactions that an answer tells of; one without a start is a producer with none."""
    answer = _Answer(body)
    answer.take("i")  # correlation
    answer.skip_tags()
    answer.take("i")  # throttle
    for _ in answer.items():
        topic = answer.text()
        for _ in answer.items():
            partition, error, message = answer.take("i"), answer.take("h"), answer.text()
            if error:
                raise RetryableError(
                    f"the broker does not say which transactions are open in {topic}[{partition}]: error {error} {message}"
                )
            for _ in answer.items():
                producer = answer.take("q")
                for form in ("i", "i", "q", "i"):  # its epoch, last sequence, last time, coordinator's epoch
                    answer.take(form)
                start = answer.take("q")
                answer.skip_tags()
                if start >= 0:
                    yield OpenTransaction(topic, partition, start, producer)
            answer.skip_tags()
        answer.skip_tags()
