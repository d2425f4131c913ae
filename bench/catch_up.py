"""How fast a backlog is caught up with everything on: decode, dead letters, de-duplication, look-ups, lake, hot.

Measured from the moment every task of the job runs to the moment its checkpoints have passed the end of the topics and the lake has all.
Run by `make bench`.
"""

import os
import re
import subprocess
import sys
import time

from bench.platform import bench_platform
from tests.platform import Platform, eventually

LINES = int(os.environ.get("LINES_TO_CATCH_UP", "2000000"))


def landed(platform: Platform) -> int:
    """Lines in the lake."""
    return int(platform.sql("SELECT count(*) AS n FROM lake.sales.lines")[0]["n"])


def memory_mb(platform: Platform) -> float:
    """Resident memory of the TaskManager."""
    text = subprocess.run(
        ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", platform.container("flink-taskmanager")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    number, unit = re.match(r"([\d.]+)([GM])iB", text).groups()  # type: ignore[union-attr]
    return float(number) * (1024 if unit == "G" else 1)


def main() -> None:
    """Prints a line for each second sample and the rate at the end."""
    platform = bench_platform()
    began = time.monotonic()
    sent = platform.compose("run", "--rm", "--no-deps", "-T", "tools", "produce", "load", "--lines", str(LINES), timeout=900)
    print(f"backlog made in {time.monotonic() - began:.0f} s {sent}", flush=True)
    platform.compose("stop", "superset", "superset-worker") if "superset" in platform.compose("ps", "--services") else None
    platform.compose("run", "--rm", "--no-deps", "-T", "jobs", timeout=300)
    job = platform.job("sales")
    running = job["start-time"] / 1000
    peak = 0.0
    samples: list[tuple[float, int]] = []

    def caught_up() -> bool:
        nonlocal peak
        peak = max(peak, memory_mb(platform))
        count = landed(platform)
        samples.append((time.time() - running, count))
        print(
            f"{samples[-1][0]:6.1f} s  {count:>9,} lines in the lake  load {os.getloadavg()[0]:.1f}  TaskManager {memory_mb(platform):.0f} MB",
            flush=True,
        )
        return count >= LINES

    eventually("the backlog to be caught up", caught_up, 900, every=1)
    seconds, count = samples[-1]
    print(
        f"catch-up: {count:,} lines in {seconds:.0f} s from the job's start = {count / seconds:,.0f} lines/s; TaskManager at most {peak:.0f} MB; load {os.getloadavg()[0]:.1f}"
    )
    if os.environ.get("KEEP_COMPOSE") != "1":
        platform.down(volumes=True)


if __name__ == "__main__":
    sys.exit(main())
