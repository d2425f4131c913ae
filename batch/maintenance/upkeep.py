"""Keeps the lake quick to read and no larger than it has to be: compaction, retention, snapshot expiry, removal of orphans, in that order.

A commit every 10 s leaves thousands of small files a day; each also leaves a snapshot.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import monotonic
from typing import NamedTuple

from batch.dagster.lineage import FLINK_TABLES
from batch.maintenance.day_ranges import stretches
from batch.maintenance.forgetting import drop_left_staging, forget, kept
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import QUARANTINE_KEPT_DAYS, contracts, dump_contracts, period
from tillstream.core.errors import TillstreamError
from tillstream.core.output import render

#: The tables that Flink jobs write, and the column each is partitioned by the day of.
STREAMED = {
    "lake.sales.lines": "event_time",
    "lake.web.events": "event_time",
    "lake.quality.dead_letters": "produced_at",
    "lake.inventory.alerts": "raised_at",
    "lake.voice.feedback": "event_time",
    "lake.voice.calls": "event_time",
    "lake.voice.photos": "event_time",
    "lake.voice.alerts": "raised_at",
}
#: Those whose rows are messages of a topic of their own, whose contract says how long they are kept.
OF_TOPIC = {
    "lake.quality.dead_letters": ("dead_letters.v1",),
    "lake.inventory.alerts": ("inventory.alerts.v1",),
    "lake.voice.alerts": ("voice.alerts.v1",),
}
#: Larger files are left as they are, or a busy day of 40 MB would be written anew at each turn.
SMALL_MB = 8
#: An older day with more files than this is compacted too: a year of history leaves six for each day, and late events one at a time.
FEW_FILES = 4
#: For so long a table can be asked as it was.
SNAPSHOTS_KEPT = timedelta(days=1)
#: Between two turns of some minutes a table is left that has so few small files: they are read in a part of a second.
FEW_SMALL = 32
#: A file that no snapshot names may be part of a commit under way; after a week it is not.
ORPHANS_KEPT = timedelta(days=7)
#: A job that has committed within this time has brought in what its last checkpoint held.
COMMITTING = timedelta(hours=1)
#: The columns by which rows are deleted that are days; the others are moments.
DAYS = {"business_date", "valid_to", "day"}


@dataclass(frozen=True)
class Size:
    """What a table consists of."""

    files: int
    megabytes: float
    snapshots: int


def tables(trino: Trino) -> list[str]:
    """All Iceberg tables of the lake but the loads' staging."""
    query = (
        "SELECT table_schema, table_name FROM lake.information_schema.tables "
        "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('information_schema', 'staging', 'system') ORDER BY 1, 2"
    )
    return [f"lake.{schema}.{name}" for schema, name in trino.rows(query)]


def hidden(table: str, what: str) -> str:
    """A table's metadata table, as in lake.sales."lines$files"."""
    catalog, schema, name = table.split(".")
    return f'{catalog}.{schema}."{name}${what}"'


def size(trino: Trino, table: str) -> Size:
    """Data files and their bytes now, and snapshots kept."""
    files, total = trino.rows(f"SELECT count(*), coalesce(sum(file_size_in_bytes), 0) FROM {hidden(table, 'files')}")[0]
    return Size(files, total / 1e6, trino.scalar(f"SELECT count(*) FROM {hidden(table, 'snapshots')}"))


def compact(trino: Trino, now: datetime, streamed: Sequence[str] = tuple(STREAMED), few: int = 1) -> dict[str, tuple[int, int]]:
    """Compacts the last two days of each streamed table, and older days that have many files; gives the table's data files before and after.

    A table that has no more than so `few` small files of the last two days is left for a later turn.
    """
    yesterday = (now - timedelta(days=1)).date()
    counts = {}
    for table in streamed:
        column, days = STREAMED[table], _days(trino, table)
        before = sum(day.files for day in days)
        many = stretches([day.day for day in days if day.data_files > FEW_FILES and day.day < yesterday], yesterday)
        small = sum(day.small for day in days if day.day >= yesterday)
        for first, end in [*many, *([(yesterday, None)] if small > few else [])]:
            until = f" AND {column} < TIMESTAMP '{end} 00:00:00 UTC'" if end else ""
            trino.rows(
                f"ALTER TABLE {table} EXECUTE optimize(file_size_threshold => '{SMALL_MB}MB') WHERE {column} >= TIMESTAMP '{first} 00:00:00 UTC'{until}"
            )
        if many or small > few:
            # Each commit adds a manifest with files of many days; sorted by day, a query for today opens few of them.
            trino.rows(f"ALTER TABLE {table} EXECUTE optimize_manifests")
            counts[table] = (before, sum(day.files for day in _days(trino, table)))
        else:
            counts[table] = (before, before)
    return counts


class Day(NamedTuple):
    """A day's files in a streamed table."""

    day: date
    files: int
    data_files: int
    #: Those that compaction makes fewer.
    small: int


def _days(trino: Trino, table: str) -> list[Day]:
    """Each day's files, the oldest day first. One question for all that a turn of compaction rests on: most turns find little to do in most tables."""
    query = (
        f"SELECT partition.{STREAMED[table]}_day, count(*), count_if(content = 0), count_if(file_size_in_bytes < {SMALL_MB} * 1048576) "
        f"FROM {hidden(table, 'files')} WHERE partition.{STREAMED[table]}_day IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return [Day(*row) for row in trino.rows(query)]


def retentions() -> Iterator[tuple[str, str, int]]:
    """Table, the condition's column, and days kept: of a streamed table the longest that its topics' contracts keep a field."""
    yield from _streamed()
    for dump in dump_contracts().values():
        if dump.load == "append":
            yield dump.table, "business_date", period(dump.document["dump"]["retention"]).days
        elif dump.load == "history":
            # The version that holds is kept while it holds; null is never before a day.
            yield dump.table, "valid_to", period(dump.document["dump"]["retention"]).days
    # From when a row was set aside: of a day long gone a file may come today.
    yield "lake.quality.quarantine", "set_aside_at", QUARANTINE_KEPT_DAYS
    # Digests quote texts, and readings are of them: they are kept no longer.
    kept = next(days for table, _, days in _streamed() if table == "lake.voice.feedback")
    yield from (("lake.voice.digests", "day", kept), ("lake.voice.readings", "day", kept))


def topics_of(table: str) -> tuple[str, ...]:
    """The topics whose messages are the table's rows; none where it is filled by loads."""
    return OF_TOPIC.get(table) or FLINK_TABLES.get(table, ())


def _streamed() -> Iterator[tuple[str, str, int]]:
    for table, column in STREAMED.items():
        periods = [period(field["retention"]).days for topic in topics_of(table) for field in contracts()[topic].document["fields"]]
        yield table, column, max(periods)


def retain(trino: Trino, now: datetime, every: Sequence[str]) -> dict[str, int]:
    """Deletes whole days that are past their retention; gives the rows deleted by table."""
    deleted = {}
    for table, column, days in retentions():
        if table not in every:
            continue
        end = (now - timedelta(days=days)).date()
        literal = f"DATE '{end}'" if column in DAYS else f"TIMESTAMP '{end} 00:00:00 UTC'"
        if found := trino.scalar(f"SELECT count(*) FROM {table} WHERE {column} < {literal}"):
            trino.rows(f"DELETE FROM {table} WHERE {column} < {literal}")
            deleted[table] = int(found)
    return deleted


def newest_of_flink(trino: Trino, table: str) -> datetime | None:
    """When a Flink job last committed to the table."""
    found: datetime | None = trino.scalar(
        f"SELECT max(committed_at) FROM {hidden(table, 'snapshots')} WHERE element_at(summary, 'flink.job-id') IS NOT NULL"
    )
    return found


def expire(trino: Trino, table: str, now: datetime) -> None:
    """Expires snapshots, never the newest that a Flink job made nor one after it: without it the job cannot tell what it has committed (iceberg #5846)."""
    keep_since = now - SNAPSHOTS_KEPT
    if newest := newest_of_flink(trino, table):
        keep_since = min(keep_since, newest.astimezone(UTC) - timedelta(minutes=1))
    seconds = int((now - keep_since).total_seconds())
    trino.rows(f"ALTER TABLE {table} EXECUTE expire_snapshots(retention_threshold => '{seconds}s')")


def remove_orphans(trino: Trino, table: str, now: datetime) -> bool:
    """Removes files that no snapshot names. Not where a Flink job writes that has not committed lately: its checkpoint may hold files, however old."""
    newest = newest_of_flink(trino, table)
    if table in STREAMED and (newest is None or newest.astimezone(UTC) < now - COMMITTING):
        return False
    trino.rows(f"ALTER TABLE {table} EXECUTE remove_orphan_files(retention_threshold => '{int(ORPHANS_KEPT.total_seconds())}s')")
    return True


def everything(trino: Trino, now: datetime, say: Callable[[str], None], chosen: Sequence[str] = ()) -> dict[str, tuple[Size, Size]]:
    """The whole of it, of the chosen tables or of every one; gives each table's size before and after."""
    every = chosen or tables(trino)
    before = {table: size(trino, table) for table in every}
    for table, (was, files) in compact(trino, now, [table for table in STREAMED if table in every]).items():
        say(f"{table}: {was:,} files, now {files:,}")
    for table, rows in retain(trino, now, every).items():
        say(f"{table}: {rows:,} rows past their retention deleted")
    for column, rows in forget(trino, now, (k for k in kept(retentions(), topics_of) if k.table in every), tuple(STREAMED)).items():
        say(f"{column}: emptied in {rows:,} rows past its retention")
    if not chosen and (left := drop_left_staging(trino, now)):
        say(f"staging tables that were left: {', '.join(left)}")
    for table in every:
        if table not in STREAMED:
            trino.rows(f"ALTER TABLE {table} EXECUTE optimize(file_size_threshold => '{SMALL_MB}MB')")
        expire(trino, table, datetime.now(tz=UTC))
        if not remove_orphans(trino, table, now):
            say(f"{table}: orphans left, its job has not committed for {COMMITTING}")
    return {table: (before[table], size(trino, table)) for table in every}


def bench(trino: Trino, say: Callable[[str], None], chosen: Sequence[str] = ()) -> None:
    """Does all of it and tells of each table what it was and is, and how long a query took that opens every file of a streamed one."""
    there = tables(trino)
    if unknown := set(chosen) - set(there):
        raise TillstreamError(f"no such table: {', '.join(sorted(unknown))}; a table is named as in lake.sales.lines")
    every = chosen or there
    before = {table: _query_seconds(trino, table) for table in STREAMED if table in every}
    columns = ["table", "files before", "files", "MB before", "MB", "snapshots before", "snapshots"]
    sizes = everything(trino, datetime.now(tz=UTC), say, every)
    render(
        columns,
        [[t, b.files, a.files, round(b.megabytes, 1), round(a.megabytes, 1), b.snapshots, a.snapshots] for t, (b, a) in sizes.items()],
        "table",
    )
    for table, seconds in before.items():
        say(
            f"{table}: a count by day took {seconds:.2f} s, now {_query_seconds(trino, table):.2f} s (median of 3; load {os.getloadavg()[0]:.1f})"
        )


def _query_seconds(trino: Trino, table: str) -> float:
    def timed() -> float:
        begun = monotonic()
        trino.rows(f"SELECT date_trunc('day', {STREAMED[table]}), count(*) FROM {table} GROUP BY 1")
        return monotonic() - begun

    return median(timed() for _ in range(3))
