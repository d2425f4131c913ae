"""Collect the evidence: the lake first, then Kafka, then the ledger, so that everything in one of them must also be in the next."""

import io
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fastavro

from tillstream.core.announcements import announced_photo_id
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import contracts
from tillstream.core.ledger import Sent, read_ledgers, read_notes
from tillstream.core.settings import KafkaSettings
from tillstream.core.topology import CHANNELS, DEAD_LETTERS, PHOTOS, TILLS, table_of
from tillstream.core.waiting import Progress
from tillstream.verify.evidence import EVENT_TABLES, TOPICS, Evidence, LandedEvent
from tillstream.verify.messages import MessageFacts, Writers
from tillstream.verify.photos import Place, locate_photo
from tillstream.verify.topics import Partition, committed_ends, first_offsets, first_times, log_ends, read

#: Trino needs about 120 MB to group this many lines by event.
LINES_A_QUERY = 1_500_000
#: Safety margin after the oldest message that Kafka has. Kafka deletes whole segments by their latest time, and times are out of order by minutes.
AROUND_SECONDS = 3600

_CENTS = "CAST(sum({}) * 100 AS bigint)"
_LINES = (
    "event_id, channel, CAST(floor(to_unixtime(min(event_time)) / 60) AS bigint), count(*), count(DISTINCT coalesce(line_position, line_no)), sum(quantity), "
    + ", ".join(_CENTS.format(name) for name in ("net_amount", "retail_discount", "coupon_discount", "coupon_match_discount"))
)


def kept_since(settings: KafkaSettings, topics: tuple[str, ...]) -> dict[str, float]:
    """Return from when on Kafka has all messages of a topic, in seconds since 1970, for each topic that retention has shortened."""
    lows, ends = first_offsets(settings, topics), committed_ends(settings, topics)
    times = first_times(settings, {place: low for place, low in lows.items() if low > 0}, ends)
    since: dict[str, float] = {}
    for (topic, _), written in times.items():
        since[topic] = max(since.get(topic, 0.0), written + AROUND_SECONDS)
    return since


def slices(rows: int) -> list[str]:
    """Return SQL conditions that split all event ids into ranges of about LINES_A_QUERY rows. An id starts with hexadecimal digits."""
    count = max(1, -(-rows // LINES_A_QUERY))
    bounds = [f"{i * 0x10000 // count:04x}" for i in range(1, count)]
    above = ["true", *(f"event_id >= '{bound}'" for bound in bounds)]
    below = [*(f"event_id < '{bound}'" for bound in bounds), "true"]
    return [f"{low} AND {high}" for low, high in zip(above, below, strict=True)]


def read_lake(trino: Trino, since: Mapping[str, float], evidence: Evidence) -> None:
    """Read every event of the lake with its lines, and the place and kind of every dead letter.

    Args:
        trino: the connection to the lake.
        since: from when on Kafka has each topic, from `kept_since`.
        evidence: receives the results.
    """
    # Millions of event ids are in the lake, in Kafka and in the ledger: interning keeps one copy of each in memory.
    with Progress("reading the lake") as progress:
        kept = " ".join(f"WHEN '{channel}' THEN {_kept(topic, since)}" for channel, topic in CHANNELS.items())
        columns = f"{_LINES}, CASE channel {kept} END"
        for event_id, channel, minute, lines, distinct, quantity, cents, *discounts, still in _in_slices(
            trino, progress, table_of(TILLS), columns, "event_id, channel"
        ):
            others = (quantity, *discounts)
            evidence.lake[sys.intern(event_id)] = LandedEvent(CHANNELS[channel], minute, lines, distinct, cents, others, still)
        for topic, table in EVENT_TABLES.items():
            columns = f"event_id, CAST(floor(to_unixtime(min(event_time)) / 60) AS bigint), count(*), {_kept(topic, since)}"
            for event_id, minute, rows, still in _in_slices(trino, progress, table, columns, "event_id"):
                evidence.lake[sys.intern(event_id)] = LandedEvent(topic, minute, rows, 1, 0, (), still)
        progress.say("dead letters")
        still = _kept(DEAD_LETTERS, since, "produced_at")
        query = f'SELECT topic, "partition", "offset", min(kind), count(*), {still} FROM {table_of(DEAD_LETTERS)} GROUP BY 1, 2, 3'
        for topic, partition, offset, kind, rows, kept_still in trino.rows(query):
            place = (sys.intern(topic), partition, offset)
            evidence.dead[place] = rows
            evidence.dead_kinds[place] = kind
            if not kept_still:
                evidence.dead_expired.add(place)


def _kept(topic: str, since: Mapping[str, float], column: str = "ingested_at") -> str:
    """Return a SQL condition for whether Kafka must still have an event's message."""
    if topic not in since:
        return "true"
    return f"min({column}) >= TIMESTAMP '{datetime.fromtimestamp(since[topic], tz=UTC):%Y-%m-%d %H:%M:%S} UTC'"


def _in_slices(trino: Trino, progress: Progress, table: str, columns: str, groups: str) -> Iterator[list[Any]]:
    parts = slices(int(trino.scalar(f"SELECT count(*) FROM {table}")))
    for part, condition in enumerate(parts):
        progress.say(f"{table}, part {part + 1} of {len(parts)}")
        yield from trino.rows(f"SELECT {columns} FROM {table} WHERE {condition} GROUP BY {groups}")


def read_topics(settings: KafkaSettings, ends: Mapping[Partition, int], writers: Writers, evidence: Evidence) -> None:
    """Read every committed message. Messages before the ends are compared; later ones may be in the lake already.

    Args:
        settings: Kafka's address.
        ends: the offset of each partition up to which the lake has everything.
        writers: decodes the messages.
        evidence: has the lake already, and receives the results.
    """
    evidence.low = first_offsets(settings, TOPICS)
    now = committed_ends(settings, TOPICS)
    spans = {place: (evidence.low[place], max(now[place], end)) for place, end in ends.items()}
    total = sum(end - low for low, end in spans.values())
    done = 0
    with Progress("reading Kafka") as progress:
        for message in read(settings, spans):
            place = (sys.intern(str(message.topic())), int(message.partition() or 0), int(message.offset() or 0))
            note_message(evidence, place, message.value() or b"", writers, is_later=place[2] >= ends[place[:2]])
            done += 1
            if done % 5000 == 0:
                progress.say(f"{done:,} of {total:,} messages")


def note_message(evidence: Evidence, place: Place, value: bytes, writers: Writers, *, is_later: bool) -> None:
    """Record one committed message in the evidence.

    Args:
        evidence: receives the message.
        place: the message's topic, partition and offset.
        value: its bytes; empty for a tombstone.
        writers: decodes the message.
        is_later: the message is after the ends. It is not compared, but its event may be in the lake.
    """
    if place[0] == PHOTOS:
        _announced(evidence, place, value, is_later=is_later)
        return
    # A dead letter is not decoded: by its writer's schema it may claim so many items or levels that decoding it would exhaust the memory.
    facts: MessageFacts | None = None if is_later or place in evidence.dead else writers.read_message(value)
    if facts is not None:
        evidence.note(place, facts)
        return
    event_id = event_id_of(value)
    if not is_later:
        evidence.kafka[place] = sys.intern(event_id) if event_id else None
        if place not in evidence.dead:
            # Somebody may delete a schema after the jobs have read its messages.
            if writers.has_lost_schema(value):
                evidence.schema_lost[place[0]] += 1
            else:
                evidence.unread.add(place)
    else:
        later = writers.read_message(value) if event_id is None else None
        if name := event_id or (later and later.event_id):
            evidence.later.add(name)


def event_id_of(value: bytes) -> str | None:
    """Return the event id of a framed message; None where it has none.

    In every contract it is the first field: a string of 36 characters, whose length is encoded as 72 (zigzag).
    """
    if len(value) < 42 or value[0] != 0 or value[5] != 72:
        return None
    try:
        return value[6:42].decode("ascii")
    except UnicodeDecodeError:
        return None


def _announced(evidence: Evidence, place: Place, value: bytes, *, is_later: bool) -> None:
    """Record a photo's announcement. The store announces a photo at least once, and the job uses the first announcement."""
    name = announced_photo_id(value)
    if is_later:
        evidence.later |= {name} if name else set()
        return
    if name is not None and name in evidence.photos:
        evidence.announced_again.add(place)
    else:
        evidence.kafka[place] = name
    if name is not None:
        evidence.photos.setdefault(name, place)


def read_dead_topic(settings: KafkaSettings, evidence: Evidence) -> None:
    """Read the places of the messages in dead_letters.v1."""
    schema = contracts()[DEAD_LETTERS].parsed
    lows, ends = first_offsets(settings, (DEAD_LETTERS,)), committed_ends(settings, (DEAD_LETTERS,))
    for message in read(settings, {place: (low, ends[place]) for place, low in lows.items()}):
        try:
            letter: Any = fastavro.schemaless_reader(io.BytesIO((message.value() or b"")[5:]), schema)
        except (ValueError, LookupError, EOFError, OverflowError, MemoryError):
            # Anybody can write to this topic. Only a message that a job has written has a place.
            continue
        evidence.dead_topic.add((letter["topic"], letter["partition"], letter["offset"]))


def read_sent(directory: Path, settings: KafkaSettings, ends: Mapping[Partition, int], asked: int, evidence: Evidence) -> None:
    """Read the ledgers, without messages whose offset is at or after the ends.

    Call it last: by then the producers have marked all messages before the ends. A message that was acknowledged at an offset past the end of
    the log is lost. It is kept, so that the comparison finds it.

    Args:
        directory: the folder of the ledgers.
        settings: Kafka's address.
        ends: the offset of each partition up to which the lake has everything.
        asked: the minute, since 1970, in which the ends were read.
        evidence: receives the ledgers' entries.
    """
    behind: list[Sent] = []
    for sent in read_ledgers(directory):
        if sent.topic == PHOTOS:
            if sent.event_id in evidence.later and sent.event_id not in evidence.photos:
                continue
            photo = locate_photo(sent, evidence.photos, asked)
            evidence.sent += [photo] if photo else []
        elif sent.partition is None or sent.offset is None or sent.offset < ends.get((sent.topic, sent.partition), 0):
            evidence.sent.append(sent)
        else:
            behind.append(sent)
    evidence.log_ends = log_ends(settings, TOPICS)
    ends_now = evidence.log_ends
    evidence.sent += [sent for sent in behind if (sent.offset or 0) >= ends_now.get((sent.topic, sent.partition or 0), 0)]
    evidence.languages = dict(read_notes(directory, "LANGUAGE"))


def leave_out(evidence: Evidence, ends: Mapping[Partition, int]) -> None:
    """Remove dead letters of messages at or after the ends: they were written while the lake was read."""
    for place in [place for place in evidence.dead if place[:2] in ends and place[2] >= ends[place[:2]]]:
        del evidence.dead[place]
