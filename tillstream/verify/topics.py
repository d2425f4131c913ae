"""Read Kafka as the jobs do: committed messages only, up to the oldest open transaction."""

import time
from collections.abc import Iterator, Mapping

from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from tillstream.core.errors import RetryableError
from tillstream.core.settings import KafkaSettings

Partition = tuple[str, int]
"""A topic and the number of a partition."""

#: Bound of a request. Kafka answers one for offsets within milliseconds, and within seconds while it starts.
ASK_SECONDS = 20.0
#: A reader that receives nothing for this long gives up. A message takes milliseconds, a restart of the broker half a minute.
SILENT_SECONDS = 90.0


def consumer_of(settings: KafkaSettings, **options: object) -> Consumer:
    """Return a consumer of committed messages. It receives no messages of open or aborted transactions."""
    return Consumer({**settings.consumer(), "isolation.level": "read_committed", **options})


def offsets(
    settings: KafkaSettings, topics: tuple[str, ...], spec: OffsetSpec, isolation: IsolationLevel = IsolationLevel.READ_COMMITTED
) -> dict[Partition, int]:
    """Return an offset of each partition: the first or the end, by `spec`.

    The end for committed messages is the last stable offset, before the oldest open transaction.

    Raises:
        RetryableError: Kafka does not answer.
    """
    admin = AdminClient({"bootstrap.servers": settings.bootstrap})
    try:
        known = admin.list_topics(timeout=ASK_SECONDS).topics
        places = [TopicPartition(topic, partition) for topic in topics for partition in known[topic].partitions]
        futures = admin.list_offsets(dict.fromkeys(places, spec), isolation_level=isolation, request_timeout=ASK_SECONDS)
        return {(place.topic, place.partition): int(future.result().offset) for place, future in futures.items()}
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error


def committed_ends(settings: KafkaSettings, topics: tuple[str, ...]) -> dict[Partition, int]:
    """Return the offset up to which each partition can be read now. Raises RetryableError, as `offsets` does."""
    return offsets(settings, topics, OffsetSpec.latest())


def log_ends(settings: KafkaSettings, topics: tuple[str, ...]) -> dict[Partition, int]:
    """Return the end of each partition's log, including open transactions. Raises RetryableError, as `offsets` does."""
    return offsets(settings, topics, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED)


def first_offsets(settings: KafkaSettings, topics: tuple[str, ...]) -> dict[Partition, int]:
    """Return the offset of the oldest message of each partition. Raises RetryableError, as `offsets` does."""
    return offsets(settings, topics, OffsetSpec.earliest())


def committed_offsets(settings: KafkaSettings, group: str, partitions: list[Partition]) -> dict[Partition, int]:
    """Return the offset of each partition that a consumer group has committed; 0 where it has none. A job commits with each checkpoint.

    Raises:
        RetryableError: Kafka does not answer.
    """
    consumer = consumer_of(settings, **{"group.id": group})
    try:
        committed = consumer.committed([TopicPartition(*place) for place in partitions], timeout=10)
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error
    finally:
        consumer.close()
    return {(place.topic, place.partition): max(place.offset, 0) for place in committed}


def read(settings: KafkaSettings, spans: Mapping[Partition, tuple[int, int]], at_once: int = 5000) -> Iterator[Message]:
    """Yield every committed message of these spans (first offset, end), each partition in its order.

    A span may end in transaction markers or aborted messages, which no consumer receives. So a partition is also done at its end-of-partition
    event, not only at the last offset of its span.

    Raises:
        RetryableError: Kafka sends nothing for SILENT_SECONDS.
    """
    left = {place: end for place, (start, end) in spans.items() if start < end}
    if not left:
        return
    consumer = consumer_of(settings)
    try:
        consumer.assign([TopicPartition(*place, spans[place][0]) for place in left])
        last_received = time.monotonic()
        while left:
            for message in consumer.consume(at_once, timeout=1.0):
                place = (str(message.topic()), int(message.partition() or 0))
                error = message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the client has no public name for it
                    continue
                last_received = time.monotonic()
                end = left.get(place)
                if end is None:
                    continue
                if error is None and int(message.offset() or 0) < end:
                    yield message
                if error is not None or int(message.offset() or 0) >= end - 1:
                    del left[place]
            if time.monotonic() - last_received > SILENT_SECONDS:
                places = ", ".join(f"{topic}[{partition}]" for topic, partition in sorted(left))
                raise RetryableError(f"Kafka has sent nothing of {places} for {SILENT_SECONDS:.0f} s; look at `make logs S=kafka`")
    finally:
        consumer.close()


def has_more(settings: KafkaSettings, spans: Mapping[Partition, tuple[int, int]]) -> bool:
    """Return whether any of these spans has a committed message, not only transaction markers and aborted messages."""
    return any(True for _ in _first(read(settings, spans, at_once=1)))


def _first(messages: Iterator[Message]) -> Iterator[Message]:
    """Yield the first message, if there is one, and close the reader."""
    for message in messages:
        yield message
        break


def first_times(settings: KafkaSettings, lows: Mapping[Partition, int], ends: Mapping[Partition, int]) -> dict[Partition, float]:
    """Return the time of each partition's oldest message, in seconds since 1970; the current time where it has none."""
    times = dict.fromkeys(lows, time.time())
    for place, low in lows.items():
        for message in _first(read(settings, {place: (low, ends[place])}, at_once=1)):
            times[place] = message.timestamp()[1] / 1000
    return times
