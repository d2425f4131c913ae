"""Check that reloading a month of dumps leaves every table as it was: `.venv/bin/python -m bench.rerun [DAYS]`, on a platform of its own.

A month's trade of all stores is sent, with the back office's dumps of each day, the stock of sixty stores and bad rows. The loader of the
batch services loads them, the first day first. Then `make reload` loads all of them again. Exit with 1 if a table differs.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.platform import bench_platform
from tests.support.compose_platform import eventually
from tests.support.landing import in_batch
from tests.support.reloads import TABLES, contents
from tillstream.core.contracts import dump_contracts

DAYS = 30
STORES = 60
#: Prints how many pairs of dump and date are in the landing bucket.
ANNOUNCED = """
from datetime import UTC, datetime
from batch.loading.announced import announced_files
from tillstream.core.clients.minio import client
print(len({(a.dump, a.business_date) for a in announced_files(client(), datetime.now(tz=UTC).date())}))
"""
#: Loads the pending files in the order they were sent.
LOAD = """
from batch.paths import HOME
from batch.loading.loader import Loader
loader = Loader(HOME)
for announced in loader.pending():
    print(announced.path, loader.load_file(announced).status)
"""


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took."""
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    """Print how long the loads took, and each table before and after."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    sent = {"HISTORY_DAYS": str(days + 1), "DUMP_DAYS": str(days), "STOCK_STORES": str(STORES), "DUMP_BAD_FILES": "0"}
    with bench_platform(**sent) as platform:
        platform.compose("up", "--detach", "--no-deps", "tills", "back-office")
        wanted = days * len(dump_contracts())
        eventually(f"{wanted} dumps sent", lambda: int(in_batch(platform, ANNOUNCED)) >= wanted or None, 1800, every=10)
        with timed("loaded in order of arrival"):
            in_batch(platform, LOAD, timeout=7200)
        before = {table: contents(platform, table) for table in TABLES}
        (dates,) = platform.sql(
            "SELECT CAST(min(business_date) AS varchar) AS a, CAST(max(business_date) AS varchar) AS b, count(*) AS n FROM lake.quality.files"
        )
        first, last, files = dates.values()
        with timed(f"{files} files of {first} to {last} loaded again"):
            platform.one_off("batch-code", "reload", first, last, timeout=7200)
        after = {table: contents(platform, table) for table in TABLES}
    for table in TABLES:
        print(f"{'same' if before[table] == after[table] else 'DIFFERS'}  lake.{table}: {before[table]}, then {after[table]}")
    if before != after:
        sys.exit(1)


if __name__ == "__main__":
    main()
