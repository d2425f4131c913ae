"""Keeps today's part of the lake quick to read: a commit every 10 s leaves thousands of small files a day, which are made into few.

Only files are rewritten. No snapshot is expired here: the one that holds the sales job's last checkpoint must never go (iceberg #5846).
"""

import sys
import threading
from datetime import UTC, datetime, timedelta

from tillstream.errors import TillstreamError
from tillstream.queries import Trino

#: Table, and the column it is partitioned by the day of.
TABLES = {"lake.sales.lines": "event_time", "lake.web.events": "event_time", "lake.quality.dead_letters": "produced_at"}
EVERY_SECONDS = 600
#: A day of 1.7 million lines is about 40 MB: larger files are left as they are.
SMALL_MB = 32


def compact(trino: Trino, now: datetime) -> dict[str, tuple[int, int]]:
    """Compacts the last two days of each table; gives the data files of those days before and after."""
    since = f"{now - timedelta(days=1):%Y-%m-%d} 00:00:00 UTC"
    counts = {}
    for table, column in TABLES.items():
        before = _files(trino, table)
        trino.rows(f"ALTER TABLE {table} EXECUTE optimize(file_size_threshold => '{SMALL_MB}MB') WHERE {column} >= TIMESTAMP '{since}'")
        # Each commit adds a manifest with files of many days; sorted by day, a query for today opens few of them.
        trino.rows(f"ALTER TABLE {table} EXECUTE optimize_manifests")
        counts[table] = (before, _files(trino, table))
    return counts


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
