"""Find Kafka's open transactions. A consumer of committed messages receives nothing after the first message of an open transaction.

The Kafka client has no request for a partition's open transactions. So this module sends one in Kafka's protocol: DescribeProducers
(https://kafka.apache.org/protocol, key 61, version 0), to a broker that leads all partitions.
"""

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

from tillstream.core.errors import RetryableError
from tillstream.verify.topics import ASK_SECONDS, Partition

_DESCRIBE_PRODUCERS = 61
#: Bound of the response, in bytes. Each producer of the last day takes 40 bytes of it.
_LARGEST_RESPONSE = 16_000_000


@dataclass(frozen=True, order=True)
class OpenTransaction:
    """An open transaction: the place of its first message, and its producer's id; -1 where the broker does not name the producer."""

    topic: str
    partition: int
    start: int
    producer_id: int = -1

    def __str__(self) -> str:
        """Return the transaction in words."""
        writer = f"producer {self.producer_id}" if self.producer_id >= 0 else "an unknown producer"
        return f"{self.topic}[{self.partition}]: a transaction of {writer} is open from offset {self.start:,} on"


class _Response:
    """Read the fields of a response in Kafka's flexible format, one after the other."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def take(self, form: str) -> int:
        """Read an integer of this format of the `struct` module."""
        (number,) = struct.unpack_from(f">{form}", self._body, self._at)
        self._at += struct.calcsize(f">{form}")
        return int(number)

    def varint(self) -> int:
        """Read an unsigned integer with seven bits per byte."""
        number = shift = 0
        while True:
            byte = self.take("B")
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def text(self) -> str:
        """Read a compact string; null gives an empty text."""
        length = max(0, self.varint() - 1)
        self._at += length
        return self._body[self._at - length : self._at].decode("utf-8", "replace")

    def items(self) -> range:
        """Read the length of a compact array, and return a range of that length."""
        return range(max(0, self.varint() - 1))

    def skip_tags(self) -> None:
        """Skip the tagged fields at the end of a structure."""
        for _ in range(self.varint()):
            self.varint()
            self._at += self.varint()


def open_transactions(bootstrap: str, partitions: Iterable[Partition]) -> list[OpenTransaction]:
    """Return the open transactions of these partitions.

    Raises:
        RetryableError: the broker does not answer, or not in this protocol.
    """
    wanted = sorted(partitions)
    if not wanted:
        return []
    host, port = bootstrap.split(",", maxsplit=1)[0].rsplit(":", 1)
    try:
        with closing(socket.create_connection((host, int(port)), timeout=ASK_SECONDS)) as broker:
            broker.sendall(_request(wanted))
            (size,) = struct.unpack(">i", _receive(broker, 4))
            if not 0 < size <= _LARGEST_RESPONSE:
                raise RetryableError(f"the broker's response of {size:,} bytes is not a response to DescribeProducers")
            return sorted(parse_response(_receive(broker, size)))
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


def _receive(broker: socket.socket, size: int) -> bytes:
    """Receive exactly this many bytes.

    Raises:
        RetryableError: the broker has closed the connection.
    """
    out = bytearray()
    while len(out) < size:
        part = broker.recv(size - len(out))
        if not part:
            raise RetryableError("the broker has closed the connection before it said which transactions are open")
        out += part
    return bytes(out)


def parse_response(body: bytes) -> Iterable[OpenTransaction]:
    """Yield the open transactions of a response. A producer whose transaction has no start has no open transaction.

    Raises:
        RetryableError: the broker reports an error for a partition.
    """
    response = _Response(body)
    response.take("i")  # correlation id
    response.skip_tags()
    response.take("i")  # throttle time
    for _ in response.items():
        topic = response.text()
        for _ in response.items():
            partition, error, message = response.take("i"), response.take("h"), response.text()
            if error:
                raise RetryableError(
                    f"the broker does not say which transactions are open in {topic}[{partition}]: error {error} {message}"
                )
            for _ in response.items():
                producer = response.take("q")
                for form in ("i", "i", "q", "i"):  # the producer's epoch, its last sequence, its last time, the coordinator's epoch
                    response.take(form)
                start = response.take("q")
                response.skip_tags()
                if start >= 0:
                    yield OpenTransaction(topic, partition, start, producer)
            response.skip_tags()
        response.skip_tags()
