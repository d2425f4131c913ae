"""A re-run of a month of dumps leaves every table as it was: `.venv/bin/python -m bench.rerun [DAYS]`, on a platform of its own.

A month's trade of all stores is sent, and the back office's dumps of each day of it, some of them broken, with the stock of three stores. Dagster
loads them; then every file is loaded once more. Half an hour. Ends with 1 where a table differs.
"""

import os
import sys
import time

from bench.platform import PORTS
from tests.integration.test_what_the_back_office_sends import BACK_FILL, TABLES, contents
from tests.platform import Platform, eventually
from tillstream.contracts import dump_contracts

DAYS = 30
STORES = 3


def main() -> None:
    """Prints how long the loads took, and each table before and after."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else DAYS
    sent = {"HISTORY_DAYS": str(days + 1), "DUMP_DAYS": str(days), "STOCK_STORES": str(STORES), "DUMP_BAD_FILES": "0.1"}
    quiet = {"LIVE_RATE": "4", "WEB_VISITS_PER_MINUTE": "5", "FEEDBACK_PER_MINUTE": "1", "CALLS_PER_MINUTE": "0", "PHOTOS_PER_MINUTE": "0"}
    platform = Platform("tillstream-bench", {**PORTS, **quiet, **sent})
    platform.down(volumes=True)
    platform.up()
    try:
        began = time.monotonic()
        whole = (
            "SELECT count(*) AS n FROM (SELECT business_date FROM lake.quality.files WHERE status = 'LOADED' "
            f"GROUP BY 1 HAVING count(DISTINCT dump) = {len(dump_contracts())})"
        )
        eventually(f"{days} days' dumps loaded", lambda: platform.sql(whole)[0]["n"] >= days or None, 3600, every=10)
        print(f"{days} days loaded in {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
        before = {table: contents(platform, table) for table in TABLES}
        began = time.monotonic()
        again = ("run", "--rm", "--no-deps", "-T", "--entrypoint", "python3", "batch-code", "-c", BACK_FILL)
        printed = platform.compose(*again, timeout=3600)
        print(f"{printed.count('LOADED')} files loaded again in {time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}")
        after = {table: contents(platform, table) for table in TABLES}
        for table in TABLES:
            print(f"{'same' if before[table] == after[table] else 'DIFFERS'}  lake.{table}: {before[table]}, then {after[table]}")
        if before != after:
            sys.exit(1)
    finally:
        platform.down(volumes=True)


if __name__ == "__main__":
    main()
