"""Print how long the batch of the newest business day took on the running platform: its loads and the marts, as Dagster recorded them.

`python -m bench.batch`. The day before is printed too: a platform's first day is its largest, because it has the first count of every
shelf.
"""

import os
import sys
from typing import Any

from bench.dashboard import settings
from tests.support.compose_platform import ask_dagster
from tillstream.core.clients.trino import Trino
from tillstream.core.settings import TrinoSettings

#: Successful runs of a job, the newest first.
RUNS = """
query($job: String!) {
  runsOrError(filter: {pipelineName: $job, statuses: [SUCCESS]}, limit: 50) {
    ... on Runs { results { startTime endTime tags { key value } stepStats { stepKey startTime endTime } } }
  }
}
"""
DAYS = 2


def business_date(run: dict[str, Any]) -> str:
    """Return the partition of a run."""
    return next((tag["value"] for tag in run["tags"] if tag["key"] == "dagster/partition"), "")


def seconds(part: dict[str, Any]) -> float:
    """Return the duration of a run, or of a step."""
    return float(part["endTime"] - part["startTime"])


def main() -> None:
    """Print the loads of each day, step by step, and the newest build of the marts."""
    env = settings()
    url = f"http://127.0.0.1:{env['DAGSTER_PORT']}"
    loads, marts = (ask_dagster(url, RUNS, job=job)["runsOrError"]["results"] for job in ("load_dumps", "build_marts"))
    if not loads or not marts:
        sys.exit("error: no day was loaded, or no marts were built yet; see Dagster's page for the runs under way")
    # The first run of a day loads its files; later runs load files that were sent again.
    first = {business_date(run): run for run in loads}
    newest = sorted(first)[-DAYS:]
    for day in newest:
        steps = ", ".join(
            f"{step['stepKey'].removeprefix('lake__').replace('__', '.')} {seconds(step):.0f} s" for step in first[day]["stepStats"]
        )
        print(f"loads of {day}: {seconds(first[day]):.0f} s ({steps})")
    print(f"marts, built and tested: {seconds(marts[0]):.0f} s")
    trino = Trino("bench", TrinoSettings(host="127.0.0.1", port=int(env["TRINO_PORT"])))
    lines, days = trino.rows("SELECT count(*), count(DISTINCT date(event_time)) FROM lake.sales.lines")[0]
    together = seconds(first[newest[-1]]) + seconds(marts[0])
    print(f"the batch of {newest[-1]}: {together / 60:.1f} min, after {lines:,} lines of {days} days; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
