"""Reads Kafka as the jobs do: what is committed, up to where everything is decided."""

import time
from collections.abc import Iterator, Mapping

from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from tillstream.core.errors import RetryableError
from tillstream.core.settings import KafkaSettings

Partition = tuple[str, int]
"""Topic, partition."""

#: Kafka answers a question about offsets within milliseconds; while it starts, within seconds.
ASK_SECONDS = 20.0
#: A reader that has been given nothing at all for so long will not be given anything: a message takes milliseconds, a restarted broker half a minute.
SILENT_SECONDS = 90.0


def consumer_of(settings: KafkaSettings, **options: object) -> Consumer:
    """A reader of what is committed: what a transaction has not committed yet, or has aborted, it is not given."""
    return Consumer({**settings.consumer(), "isolation.level": "read_committed", **options})


def offsets(
    settings: KafkaSettings, topics: tuple[str, ...], spec: OffsetSpec, isolation: IsolationLevel = IsolationLevel.READ_COMMITTED
) -> dict[Partition, int]:
    """An offset of each partition: the first, or the end. The committed end is the last stable offset: before the oldest open transaction.

    Raises:
        RetryableError: Kafka does not answer.
    """
    admin = AdminClient({"bootstrap.servers": settings.bootstrap})
    try:
        known = admin.list_topics(timeout=ASK_SECONDS).topics
        places = [TopicPartition(topic, partition) for topic in topics for partition in known[topic].partitions]
        asked = admin.list_offsets(dict.fromkeys(places, spec), isolation_level=isolation, request_timeout=ASK_SECONDS)
        return {(place.topic, place.partition): int(found.result().offset) for place, found in asked.items()}
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error


def committed_ends(settings: KafkaSettings, topics: tuple[str, ...]) -> dict[Partition, int]:
    """Up to where each partition can be read, now."""
    return offsets(settings, topics, OffsetSpec.latest())


def log_ends(settings: KafkaSettings, topics: tuple[str, ...]) -> dict[Partition, int]:
    """The end of each partition's log, open transactions included."""
    return offsets(settings, topics, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED)


def first_offsets(settings: KafkaSettings, topics: tuple[str, ...]) -> dict[Partition, int]:
    """The oldest message that each partition still has."""
    return offsets(settings, topics, OffsetSpec.earliest())


def taken_in(settings: KafkaSettings, group: str, partitions: list[Partition]) -> dict[Partition, int]:
    """How far a job's completed checkpoints have come."""
    consumer = consumer_of(settings, **{"group.id": group})
    try:
        found = consumer.committed([TopicPartition(*place) for place in partitions], timeout=10)
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error
    finally:
        consumer.close()
    return {(place.topic, place.partition): max(place.offset, 0) for place in found}


def read(settings: KafkaSettings, spans: Mapping[Partition, tuple[int, int]], at_once: int = 5000) -> Iterator[Message]:
    """Every readable message of these spans (first offset, end), each partition in its order.

    A span may end in what nobody is given: the markers of transactions, and what was aborted. So a partition is done at its end too, not
    only at the last offset of its span.

    Raises:
        RetryableError: Kafka gives nothing any more.
    """
    left = {place: end for place, (start, end) in spans.items() if start < end}
    if not left:
        return
    consumer = consumer_of(settings)
    try:
        consumer.assign([TopicPartition(*place, spans[place][0]) for place in left])
        heard = time.monotonic()
        while left:
            for message in consumer.consume(at_once, timeout=1.0):
                place = (str(message.topic()), int(message.partition() or 0))
                error = message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the name that the client gives it
                    continue
                heard = time.monotonic()
                end = left.get(place)
                if end is None:
                    continue
                if error is None and int(message.offset() or 0) < end:
                    yield message
                if error is not None or int(message.offset() or 0) >= end - 1:
                    del left[place]
            if time.monotonic() - heard > SILENT_SECONDS:
                places = ", ".join(f"{topic}[{partition}]" for topic, partition in sorted(left))
                raise RetryableError(f"Kafka has given nothing of {places} for {SILENT_SECONDS:.0f} s")
    finally:
        consumer.close()


def has_more(settings: KafkaSettings, spans: Mapping[Partition, tuple[int, int]]) -> bool:
    """Whether any of these spans has a message, not only markers of transactions and what was aborted."""
    return any(True for _ in _first(read(settings, spans, at_once=1)))


def _first(messages: Iterator[Message]) -> Iterator[Message]:
    """One message at most; closes its reader."""
    for message in messages:
        yield message
        break


def first_times(settings: KafkaSettings, lows: Mapping[Partition, int], ends: Mapping[Partition, int]) -> dict[Partition, float]:
    """When the oldest message was written that each partition still has, seconds since 1970; now, where it has none."""
    found = dict.fromkeys(lows, time.time())
    for place, low in lows.items():
        for message in _first(read(settings, {place: (low, ends[place])}, at_once=1)):
            found[place] = message.timestamp()[1] / 1000
    return found
