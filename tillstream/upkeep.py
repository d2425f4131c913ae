"""Keeps the lake quick to read: a commit every 10 s leaves thousands of small files a day, which are made into few.

Only files are rewritten. No snapshot is expired here: the one that holds the sales job's last checkpoint must never go (iceberg #5846).
"""

import sys
import threading
from datetime import UTC, date, datetime, timedelta

from tillstream.errors import TillstreamError
from tillstream.queries import Trino

#: Table, and the column it is partitioned by the day of.
TABLES = {"lake.sales.lines": "event_time", "lake.web.events": "event_time", "lake.quality.dead_letters": "produced_at"}
EVERY_SECONDS = 600
#: Larger files are left as they are, or a busy day of 40 MB would be written anew at each turn.
SMALL_MB = 8


#: An older day with more files than this is compacted too: a year of history leaves six for each day, and late events one at a time.
FEW_FILES = 4
#: Each day that is rewritten takes a writer's buffers: a year at once was more than Trino's heap.
DAYS_AT_ONCE = 14


def compact(trino: Trino, now: datetime) -> dict[str, tuple[int, int]]:
    """Compacts the last two days of each table, and older days that have many files; gives the table's data files before and after."""
    yesterday = (now - timedelta(days=1)).date()
    counts = {}
    for table, column in TABLES.items():
        before = _files(trino, table)
        for first, end in [*_with_many(trino, table, column, yesterday), (yesterday, None)]:
            until = f" AND {column} < TIMESTAMP '{end} 00:00:00 UTC'" if end else ""
            trino.rows(
                f"ALTER TABLE {table} EXECUTE optimize(file_size_threshold => '{SMALL_MB}MB') WHERE {column} >= TIMESTAMP '{first} 00:00:00 UTC'{until}"
            )
        # Each commit adds a manifest with files of many days; sorted by day, a query for today opens few of them.
        trino.rows(f"ALTER TABLE {table} EXECUTE optimize_manifests")
        counts[table] = (before, _files(trino, table))
    return counts


def _with_many(trino: Trino, table: str, column: str, before: date) -> list[tuple[date, date]]:
    """Stretches, from a day up to another, that begin with an older day of many files."""
    catalog, schema, name = table.split(".")
    day = f"partition.{column}_day"
    query = (
        f"SELECT {day} FROM {catalog}.{schema}.\"{name}$partitions\" WHERE file_count > {FEW_FILES} AND {day} < DATE '{before}' ORDER BY 1"
    )
    stretches: list[tuple[date, date]] = []
    for (found,) in trino.rows(query):
        if not stretches or found >= stretches[-1][1]:
            stretches.append((found, min(found + timedelta(days=DAYS_AT_ONCE), before)))
    return stretches


def _files(trino: Trino, table: str) -> int:
    catalog, schema, name = table.split(".")
    return int(trino.scalar(f'SELECT count(*) FROM {catalog}.{schema}."{name}$files"'))


def run() -> None:
    """The process: compacts now and every ten minutes. A failure is told and tried again at the next turn: nothing waits for it."""
    pause = threading.Event()
    while True:
        try:
            for table, (before, after) in compact(Trino(), datetime.now(tz=UTC)).items():
                print(f"{table}: {before:,} files, now {after:,}", file=sys.stderr, flush=True)
        except TillstreamError as error:
            print(f"not compacted this time: {error}", file=sys.stderr, flush=True)
        pause.wait(EVERY_SECONDS)
