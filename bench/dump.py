"""Measure a dump of a million rows: the time to check, standardise and merge it, and the memory.

`.venv/bin/python -m bench.dump`, on the running platform. The rows are entries of the points ledger of existing members; a tenth of them is
untidy and two in a thousand are bad. They stay in the table, so use a platform that may be reset.
"""

import os
import subprocess
import sys

from tests.support.compose_platform import ROOT
from tests.support.landing import python_in_batch

#: Both programs run in a container of the batch code. The load is a process of its own, so that the peak memory is the load's alone.
SEND = """
import io, random, sys
from datetime import UTC, datetime, timedelta
from producers.back_office.files import write
from tillstream.core.contracts import dump_contracts
from tillstream.core.clients.minio import client
from tillstream.core.buckets import LANDING
from tillstream.core.clients.trino import Trino
now, draw = datetime.now(tz=UTC), random.Random(1)
members = [r[0] for r in Trino().rows("SELECT DISTINCT member_id FROM lake.loyalty.members WHERE is_current")]
first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
def entry(i):
    spend = i % 10 == 0
    row = {"entry_id": f"bench-{now:%H%M%S}-{i}", "member_id": draw.choice(members), "event_id": None, "kind": "SPEND" if spend else "EARN",
           "points": -1000 if spend else draw.randrange(1, 90), "booked_at": (first + timedelta(seconds=i % 86400)).isoformat()}
    if i % 10 == 1: row["booked_at"] = int((first + timedelta(seconds=i % 86400)).timestamp() * 1000)
    if i % 500 == 2: row["points"] = -5
    return row
file = write(dump_contracts()["loyalty.points.v1"], first.date(), 900, [entry(i) for i in range(int(sys.argv[1]))], None, now)
# The sensor does not load a file younger than 20 s, and then waits for the lock of the load that is measured.
client().put_object(LANDING, file.path, io.BytesIO(file.body), len(file.body))
client().put_object(LANDING, file.manifest_path, io.BytesIO(file.manifest), len(file.manifest))
print(file.path)
"""
LOAD = """
import resource, sys, time
from batch.paths import HOME
from batch.loading.loader import Loader
begun = time.monotonic()
(outcome,) = Loader(HOME).load_path(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(f"{outcome.status}: {outcome.rows_in:,} rows, {outcome.rows_quarantined:,} quarantined, {outcome.reason or 'not refused'}; "
      f"{time.monotonic() - begun:.1f} s, peak {peak:.2f} GB")
sys.exit(outcome.status != "LOADED")
"""


def in_batch(code: str, argument: str) -> str:
    """Run Python in the batch image of the running platform and return the last line it printed."""
    command = ["docker", "compose", *python_in_batch(code, argument)]
    result = subprocess.run(command, cwd=ROOT, check=False, text=True, capture_output=True)
    if result.returncode:
        sys.exit(f"{result.stdout}{result.stderr[-3000:]}")
    return result.stdout.strip().splitlines()[-1]


def main() -> None:
    """Print one line: rows, seconds, gigabytes, and the machine's load."""
    path = in_batch(SEND, "1000000")
    print(in_batch(LOAD, path), f"(load {os.getloadavg()[0]:.0f})")


if __name__ == "__main__":
    main()
