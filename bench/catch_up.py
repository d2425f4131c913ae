"""How fast a backlog is caught up with everything on, beside decode and lake alone, in the same run on the same backlog.

Everything: decode, dead letters, de-duplication, look-ups, lake, hot. Timed from the moment the job was started to the moment the lake has
every line of the backlog, planning, cold caches and the last checkpoint included; the best 20 s in between are given beside it.
Run by `make bench`.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass

from trino.dbapi import connect

from bench.platform import PORTS, bench_platform
from tests.platform import ROOT, Platform, eventually

LINES = int(os.environ.get("BACKLOG_LINES", "2000000"))


@dataclass(frozen=True)
class Sample:
    """What the lake had, so many seconds after the job's start."""

    seconds: float
    lines: int
    memory_mb: float


def memory_mb(platform: Platform) -> float:
    """Resident memory of the TaskManager."""
    command = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", platform.container("flink-taskmanager")]
    used = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    number, unit = re.findall(r"([\d.]+)([GM])iB", used)[0]
    return float(number) * (1024 if unit == "G" else 1)


def committed_lines(table: str) -> tuple[float, int]:
    """When the table was last committed to (seconds since the epoch), and the lines it has. Asked from the host: a container a question cost half a core."""
    cursor = connect(host="127.0.0.1", port=int(PORTS["TRINO_PORT"]), user="bench").cursor()
    cursor.execute(
        "SELECT to_unixtime(max(committed_at)), max(CAST(element_at(summary, 'total-records') AS bigint)) "
        f'FROM {table.rsplit(".", 1)[0]}."lines$snapshots"'
    )
    at, count = cursor.fetchall()[0]
    return float(at or 0), int(count or 0)


def watch(platform: Platform, job: str, table: str, lines: int) -> list[Sample]:
    """Samples until the table has all lines."""
    started = platform.job(job)["start-time"] / 1000
    samples: list[Sample] = []

    def complete() -> bool:
        at, count = committed_lines(table)
        if count and (not samples or count > samples[-1].lines):
            samples.append(Sample(at - started, count, memory_mb(platform)))
            print(
                f"  {job}: {at - started:6.1f} s  {count:>10,} lines  TaskManager {samples[-1].memory_mb:,.0f} MB  load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
        return count >= lines

    eventually(f"{lines:,} lines in {table}", complete, 900, every=2)
    return samples


def rate(samples: list[Sample]) -> float:
    """Lines a second over all."""
    return samples[-1].lines / samples[-1].seconds


def warm_rate(samples: list[Sample]) -> float:
    """Lines a second of the best stretch of 20 s or more."""
    stretches = [(b.lines - a.lines) / (b.seconds - a.seconds) for a in samples for b in samples if b.seconds - a.seconds >= 18]
    return max(stretches, default=0.0)


def main() -> None:
    """Prints each sample, and the comparison at the end."""
    platform = bench_platform()
    try:
        made = json.loads(platform.tools("produce", "load", "--lines", str(LINES), timeout=900).strip().splitlines()[-1])
        platform.compose("run", "--rm", "--no-deps", "-T", "jobs", timeout=300)
        everything = watch(platform, "sales", "lake.sales.lines", made["lines"])
        print(platform.verify())
        for job in ("sales", "hot_store"):
            platform.flink_cancel(job)
        platform.sql("CREATE SCHEMA IF NOT EXISTS lake.bench")
        platform.sql(
            "CREATE TABLE lake.bench.lines WITH (partitioning = ARRAY['day(event_time)']) AS SELECT * FROM lake.sales.lines WHERE false"
        )
        # The same TaskManager, warm from the run before: the floor gets every advantage.
        command = '"$FLINK_HOME/bin/flink" run --detached --python /opt/bench/decode_to_lake.py "decode_to_lake bench"'
        platform.compose(
            "run", "--rm", "--no-deps", "-T", "--volume", f"{ROOT / 'bench'}:/opt/bench:ro", "jobs", "bash", "-c", command, timeout=300
        )
        # The floor does not de-duplicate: it lands the duplicates too, so it is done a little before all of them are in.
        floor = watch(platform, "decode_to_lake", "lake.bench.lines", made["lines"])
        print(
            f"everything on:   {rate(everything):>8,.0f} lines/s over all, {warm_rate(everything):>8,.0f} warm; TaskManager {everything[0].memory_mb:,.0f} to {everything[-1].memory_mb:,.0f} MB"
        )
        print(f"decode and lake: {rate(floor):>8,.0f} lines/s over all, {warm_rate(floor):>8,.0f} warm")
        print(
            f"share: {rate(everything) / rate(floor):.0%} over all; {made['lines']:,} lines, {made['events']:,} events; load {os.getloadavg()[0]:.1f}"
        )
    finally:
        if os.environ.get("KEEP_COMPOSE") != "1":
            platform.down(volumes=True)


if __name__ == "__main__":
    main()
