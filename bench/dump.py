"""A dump of a million rows: how long it takes to check, standardise and merge, and in how much memory.

Run beside a platform whose batch services are up: `.venv/bin/python -m bench.dump [project]`. The rows are entries of the points ledger of
members that are there, a tenth of them untidy, two in a thousand bad; the table has them afterwards, so use a platform that may be reset.
"""

import os
import subprocess
import sys

#: Both run where the batch's own code is. The load is a process of its own, so that its peak is the load's alone.
SEND = """
import io, random, sys
from datetime import UTC, datetime, timedelta
from producers.back_office.files import write
from tillstream.core.contracts import dump_contracts
from tillstream.core.clients.minio import client
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
# The sensor leaves a file alone that has come within the last 20 s, and then waits for the load that is measured.
client().put_object("landing", file.path, io.BytesIO(file.body), len(file.body))
client().put_object("landing", file.manifest_path, io.BytesIO(file.manifest), len(file.manifest))
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


def in_batch(project: str, code: str, argument: str) -> str:
    """Runs Python in the batch image beside the platform, and gives what it printed."""
    command = ["docker", "exec", f"{project}-batch-code-1", "python3", "-c", code, argument]
    done = subprocess.run(command, check=False, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr[-3000:]}")
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    """Prints one line: rows, seconds, gigabytes, and the machine's load."""
    project = sys.argv[1] if len(sys.argv) > 1 else "tillstream"
    path = in_batch(project, SEND, "1000000")
    print(in_batch(project, LOAD, path), f"(load {os.getloadavg()[0]:.0f})")


if __name__ == "__main__":
    main()
