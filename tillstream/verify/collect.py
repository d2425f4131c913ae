"""Reads what the ledger, Kafka, the lake and the dead letters say."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fastavro
from confluent_kafka import Consumer, KafkaException, TopicPartition

from tillstream.announcements import TOPIC as PHOTOS
from tillstream.announcements import photo_of
from tillstream.contracts import contracts
from tillstream.errors import RetryableError
from tillstream.ledger import Sent, read_ledgers
from tillstream.queries import Trino
from tillstream.settings import KafkaSettings
from tillstream.verify.photos import Place, placed
from tillstream.waiting import Progress

SALES_TOPICS = ("pos.transactions.v1", "web.orders.v1")
#: Topics of which a message is one row, and their tables.
EVENT_TABLES = {
    "web.events.v1": "lake.web.events",
    "voice.feedback.v1": "lake.voice.feedback",
    "voice.calls.v1": "lake.voice.calls",
    "voice.photos.v1": "lake.voice.photos",
}
EVENT_TOPICS = tuple(EVENT_TABLES)
TOPICS = SALES_TOPICS + EVENT_TOPICS
#: What each job lands in the lake; its group in Kafka has its name.
JOBS = {"sales": (*SALES_TOPICS, "web.events.v1"), "voice": ("voice.feedback.v1", "voice.calls.v1", "voice.photos.v1")}
CHANNEL_TOPICS = {"STORE": "pos.transactions.v1", "WEB": "web.orders.v1"}

#: Trino groups so many lines by event in about 120 MB.
LINES_A_QUERY = 1_500_000


@dataclass(frozen=True, slots=True)
class Landed:
    """One event as the lake has it; distinct is how many different lines, so that a doubled one shows."""

    topic: str
    minute: int
    lines: int
    distinct: int
    cents: int


@dataclass
class Evidence:
    """All that is compared."""

    sent: list[Sent] = field(default_factory=list)
    kafka: dict[Place, str | None] = field(default_factory=dict)
    photos: dict[str, Place] = field(default_factory=dict)
    low: dict[tuple[str, int], int] = field(default_factory=dict)
    lake: dict[str, Landed] = field(default_factory=dict)
    dead: Counter[Place] = field(default_factory=Counter)
    dead_kinds: dict[Place, str] = field(default_factory=dict)
    dead_topic: set[Place] = field(default_factory=set)


def end_offsets(settings: KafkaSettings) -> dict[tuple[str, int], int]:
    """The end of each partition of the source topics, now."""
    consumer = Consumer(settings.consumer())
    try:
        ends = {}
        metadata = consumer.list_topics(timeout=10).topics
        for topic in TOPICS:
            for partition in metadata[topic].partitions:
                ends[topic, partition] = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)[1]
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error
    finally:
        consumer.close()
    return ends


def committed_offsets(settings: KafkaSettings, group: str, partitions: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """How far the job's completed checkpoints have come."""
    consumer = Consumer({**settings.consumer(), "group.id": group})
    try:
        found = consumer.committed([TopicPartition(t, p) for t, p in partitions], timeout=10)
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error
    finally:
        consumer.close()
    return {(tp.topic, tp.partition): max(tp.offset, 0) for tp in found}


def read_topics(settings: KafkaSettings, ends: dict[tuple[str, int], int], evidence: Evidence) -> None:
    """Reads every message up to the ends: where it is, and its event id where it has one."""
    consumer = Consumer(settings.consumer())
    left = {}
    for (topic, partition), end in ends.items():
        low = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)[0]
        evidence.low[topic, partition] = low
        if low < end:
            left[topic, partition] = end
    consumer.assign([TopicPartition(t, p, evidence.low[t, p]) for t, p in left])
    total = sum(end - evidence.low[place] for place, end in left.items())
    with Progress("reading Kafka") as progress:
        while left:
            for message in consumer.consume(5000, timeout=5.0):
                if message.error():
                    continue
                topic, partition, offset = message.topic(), message.partition(), message.offset()
                last = left.get((topic, partition), 0) - 1
                if offset <= last and topic == PHOTOS:
                    _announced(evidence, (topic, partition, offset), message.value() or b"")
                elif offset <= last:
                    evidence.kafka[topic, partition, offset] = event_id_of(message.value() or b"")
                if offset >= last >= 0:
                    del left[topic, partition]
            progress.say(f"{len(evidence.kafka):,} of {total:,} messages")
    consumer.close()


def event_id_of(value: bytes) -> str | None:
    """The event id of a framed message: by every contract its first field, a text of 36 characters (length 72 in zigzag)."""
    if len(value) < 42 or value[0] != 0 or value[5] != 72:
        return None
    try:
        return value[6:42].decode("ascii")
    except UnicodeDecodeError:
        return None


def _announced(evidence: Evidence, place: Place, value: bytes) -> None:
    """The store announces a photo at least once; the job takes the first."""
    name = photo_of(value)
    if name is None or name not in evidence.photos:
        evidence.kafka[place] = name
    if name is not None:
        evidence.photos.setdefault(name, place)


def read_dead_topic(settings: KafkaSettings, evidence: Evidence) -> None:
    """Where the messages in dead_letters.v1 were found."""
    schema = contracts()["dead_letters.v1"].parsed
    consumer = Consumer(settings.consumer())
    low, end = consumer.get_watermark_offsets(TopicPartition("dead_letters.v1", 0), timeout=10)
    consumer.assign([TopicPartition("dead_letters.v1", 0, low)] if low < end else [])
    at = low
    while at < end:
        for message in consumer.consume(500, timeout=5.0):
            if message.error():
                if message.error().code() == -191:  # _PARTITION_EOF: the rest were transaction markers
                    at = end
                continue
            at = message.offset() + 1
            letter = fastavro.schemaless_reader(io.BytesIO(message.value()[5:]), schema)
            evidence.dead_topic.add((letter["topic"], letter["partition"], letter["offset"]))
    consumer.close()


def slices(rows: int) -> list[str]:
    """Conditions that cut event ids (hexadecimal at their beginning) into ranges of about LINES_A_QUERY rows; together they are all there is."""
    count = max(1, -(-rows // LINES_A_QUERY))
    bounds = [f"{i * 0x10000 // count:04x}" for i in range(1, count)]
    above = ["true", *(f"event_id >= '{bound}'" for bound in bounds)]
    below = [*(f"event_id < '{bound}'" for bound in bounds), "true"]
    return [f"{low} AND {high}" for low, high in zip(above, below, strict=True)]


def read_lake(trino: Trino, evidence: Evidence) -> None:
    """Every event of the lake with its lines, and every dead letter's place and kind."""
    with Progress("reading the lake") as progress:
        for event_id, channel, minute, lines, distinct, cents in _in_slices(
            trino,
            progress,
            "lake.sales.lines",
            "event_id, channel, CAST(floor(to_unixtime(min(event_time)) / 60) AS bigint), count(*), count(DISTINCT coalesce(line_position, line_no)), CAST(sum(net_amount) * 100 AS bigint)",
            "event_id, channel",
        ):
            evidence.lake[event_id] = Landed(CHANNEL_TOPICS[channel], minute, lines, distinct, cents)
        for topic, table in EVENT_TABLES.items():
            columns = "event_id, CAST(floor(to_unixtime(min(event_time)) / 60) AS bigint), count(*)"
            for event_id, minute, rows in _in_slices(trino, progress, table, columns, "event_id"):
                evidence.lake[event_id] = Landed(topic, minute, rows, 1, 0)
        progress.say("dead letters")
        for topic, partition, offset, kind in trino.rows('SELECT topic, "partition", "offset", kind FROM lake.quality.dead_letters'):
            evidence.dead[topic, partition, offset] += 1
            evidence.dead_kinds[topic, partition, offset] = kind


def _in_slices(trino: Trino, progress: Progress, table: str, columns: str, groups: str) -> Iterator[list[Any]]:
    parts = slices(int(trino.scalar(f"SELECT count(*) FROM {table}")))
    for part, condition in enumerate(parts):
        progress.say(f"{table}, part {part + 1} of {len(parts)}")
        yield from trino.rows(f"SELECT {columns} FROM {table} WHERE {condition} GROUP BY {groups}")


def read_sent(directory: Path, ends: dict[tuple[str, int], int], asked: int, evidence: Evidence) -> None:
    """The ledger, without what Kafka has placed beyond the ends, which were asked for in that minute. Read last: by then what is before them has been marked."""
    for sent in read_ledgers(directory):
        if sent.topic == PHOTOS:
            found = placed(sent, evidence.photos, asked)
            evidence.sent += [found] if found else []
        elif sent.partition is None or sent.offset is None or sent.offset < ends[sent.topic, sent.partition]:
            evidence.sent.append(sent)
