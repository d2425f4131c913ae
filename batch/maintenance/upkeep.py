"""Keep the lake fast and small: compaction, retention, removal of personal data, snapshot expiry, removal of orphan files, in that order.

Commits every 10 s leave thousands of small files a day, and as many snapshots.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import monotonic
from typing import NamedTuple

from batch.maintenance.day_ranges import stretches
from batch.maintenance.forgetting import drop_left_staging, forget, kept
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import contracts, dump_contracts, period
from tillstream.core.errors import TillstreamError
from tillstream.core.output import render
from tillstream.core.rules import QUARANTINE_KEPT_DAYS
from tillstream.core.topology import DIGESTS, FEEDBACK, QUARANTINE, READINGS, rows_of, streamed_tables, tables_of

#: Tables that Flink jobs write, with the column of their day partitions.
STREAMED = {table: streamed.day for table, streamed in streamed_tables().items()}
#: Files of this size in MB or more are not compacted. Otherwise the 40 MB of a busy day would be rewritten at each run.
SMALL_MB = 8
#: Older days with more data files than this are compacted too: a year of history leaves six files a day, and each late event adds one.
FEW_FILES = 4
#: How long a table's earlier states can be queried.
SNAPSHOTS_KEPT = timedelta(days=1)
#: The frequent compaction skips a table with no more small files than this: they are read in a fraction of a second.
FEW_SMALL = 32
#: A file without a snapshot may belong to a commit under way, but not after a week.
ORPHANS_KEPT = timedelta(days=7)
#: A job that committed within this time has committed the files of its last checkpoint.
COMMITTING = timedelta(hours=1)
#: Retention columns that are dates. The others are timestamps.
DAYS = {"business_date", "valid_to", "day"}


@dataclass(frozen=True)
class Size:
    """The size of a table: its data files, their megabytes, and its snapshots."""

    files: int
    megabytes: float
    snapshots: int


def tables(trino: Trino) -> list[str]:
    """Return all Iceberg tables of the lake, without the staging tables."""
    query = (
        "SELECT table_schema, table_name FROM lake.information_schema.tables "
        "WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('information_schema', 'staging', 'system') ORDER BY 1, 2"
    )
    return [f"lake.{schema}.{name}" for schema, name in trino.rows(query)]


def hidden(table: str, what: str) -> str:
    """Return the name of a table's metadata table, as in lake.sales."lines$files"."""
    catalog, schema, name = table.split(".")
    return f'{catalog}.{schema}."{name}${what}"'


def size(trino: Trino, table: str) -> Size:
    """Return the current size of a table."""
    files, total = trino.rows(f"SELECT count(*), coalesce(sum(file_size_in_bytes), 0) FROM {hidden(table, 'files')}")[0]
    return Size(files, total / 1e6, trino.scalar(f"SELECT count(*) FROM {hidden(table, 'snapshots')}"))


def compact(trino: Trino, now: datetime, streamed: Sequence[str] = tuple(STREAMED), few: int = 1) -> dict[str, tuple[int, int]]:
    """Compact the last two days of each streamed table, and older days with many files; return each table's files before and after.

    A table with no more than `few` small files in the last two days is left for a later run.
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
    """The files of one day of a streamed table."""

    day: date
    files: int
    data_files: int
    #: Files smaller than SMALL_MB.
    small: int


def _days(trino: Trino, table: str) -> list[Day]:
    """Return each day's files, the oldest day first. One query serves the whole run: most runs find little to do in most tables."""
    query = (
        f"SELECT partition.{STREAMED[table]}_day, count(*), count_if(content = 0), count_if(file_size_in_bytes < {SMALL_MB} * 1048576) "
        f"FROM {hidden(table, 'files')} WHERE partition.{STREAMED[table]}_day IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return [Day(*row) for row in trino.rows(query)]


def retentions() -> Iterator[tuple[str, str, int]]:
    """Yield table, time column and days kept. For a streamed table it is the longest retention of a field of its topics."""
    yield from _streamed()
    for dump in dump_contracts().values():
        if dump.load == "append":
            yield dump.table, "business_date", period(dump.document["dump"]["retention"]).days
        elif dump.load == "history":
            # The current version is kept: its valid_to is null, which is never before a date.
            yield dump.table, "valid_to", period(dump.document["dump"]["retention"]).days
    # Counted from the time of quarantine: a file of an old date may arrive today.
    yield QUARANTINE, "set_aside_at", QUARANTINE_KEPT_DAYS
    # Digests quote texts, and readings are made from them, so they are kept no longer than the texts.
    texts = tables_of([FEEDBACK])
    kept = next(days for table, _, days in _streamed() if table in texts)
    yield from ((DIGESTS, "day", kept), (READINGS, "day", kept))


def _streamed() -> Iterator[tuple[str, str, int]]:
    for table, column in STREAMED.items():
        yield table, column, max(contracts()[topic].longest_kept.days for topic in rows_of(table))


def retain(trino: Trino, now: datetime, every: Sequence[str]) -> dict[str, int]:
    """Delete the days past their retention; return the number of deleted rows by table."""
    deleted = {}
    for table, column, days in retentions():
        if table not in every:
            continue
        end = (now - timedelta(days=days)).date()
        literal = f"DATE '{end}'" if column in DAYS else f"TIMESTAMP '{end} 00:00:00 UTC'"
        if count := trino.scalar(f"SELECT count(*) FROM {table} WHERE {column} < {literal}"):
            trino.rows(f"DELETE FROM {table} WHERE {column} < {literal}")
            deleted[table] = int(count)
    return deleted


def newest_of_flink(trino: Trino, table: str) -> datetime | None:
    """Return when a Flink job last committed to the table; None if never."""
    newest: datetime | None = trino.scalar(
        f"SELECT max(committed_at) FROM {hidden(table, 'snapshots')} WHERE element_at(summary, 'flink.job-id') IS NOT NULL"
    )
    return newest


def expire(trino: Trino, table: str, now: datetime) -> None:
    """Expire old snapshots, but not the newest one of a Flink job nor any after it.

    Without its snapshot a job cannot tell what it has committed (iceberg #5846).
    """
    keep_since = now - SNAPSHOTS_KEPT
    if newest := newest_of_flink(trino, table):
        keep_since = min(keep_since, newest.astimezone(UTC) - timedelta(minutes=1))
    seconds = int((now - keep_since).total_seconds())
    trino.rows(f"ALTER TABLE {table} EXECUTE expire_snapshots(retention_threshold => '{seconds}s')")


def remove_orphans(trino: Trino, table: str, now: datetime) -> bool:
    """Remove files that no snapshot names; return whether that was done.

    A table whose Flink job has not committed lately is skipped: the job's checkpoint may hold uncommitted files of any age.
    """
    newest = newest_of_flink(trino, table)
    if table in STREAMED and (newest is None or newest.astimezone(UTC) < now - COMMITTING):
        return False
    trino.rows(f"ALTER TABLE {table} EXECUTE remove_orphan_files(retention_threshold => '{int(ORPHANS_KEPT.total_seconds())}s')")
    return True


def everything(trino: Trino, now: datetime, say: Callable[[str], None], chosen: Sequence[str] = ()) -> dict[str, tuple[Size, Size]]:
    """Run the full upkeep of the chosen tables, or of all; return each table's size before and after."""
    every = chosen or tables(trino)
    before = {table: size(trino, table) for table in every}
    for table, (was, files) in compact(trino, now, [table for table in STREAMED if table in every]).items():
        say(f"{table}: {was:,} files, now {files:,}")
    for table, rows in retain(trino, now, every).items():
        say(f"{table}: {rows:,} rows past their retention deleted")
    for column, rows in forget(trino, now, (k for k in kept(retentions()) if k.table in every), tuple(STREAMED)).items():
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
    """Run the full upkeep and print the size of each table before and after, and the time of a query that opens every file of a streamed table."""
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
