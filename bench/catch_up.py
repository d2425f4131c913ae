"""Measure how fast a backlog is caught up: with everything on, and with decode and lake only, in the same run.

Everything means decode, dead letters, de-duplication, look-ups, lake and hot store: the jobs sales and hot_store run, the others do not.
It is measured twice: with a TaskManager that has just started (its code is still being compiled), and with one that has worked before,
whose job was stopped and resumes from its last checkpoint, as after an outage. The time is from the start of the job to the commit with
the backlog's last line. It includes the job's start and the last checkpoint. The best stretch of 18 s or more is printed too. Run by
`make bench`.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field

import docker
from trino.dbapi import connect

from bench.platform import PORTS, bench_platform, submit
from bench.results import record
from flink_jobs.common.submit import JOBS
from tests.support.compose_platform import ROOT, Platform, eventually

COLD_LINES = int(os.environ.get("COLD_BACKLOG_LINES", "2000000"))
WARM_LINES = int(os.environ.get("BACKLOG_LINES", "6000000"))
DEFAULT_SIZE = not {"COLD_BACKLOG_LINES", "BACKLOG_LINES"} & os.environ.keys()
COMMAND = "python -m bench.catch_up"


@dataclass
class Run:
    """A measured run of a job.

    The commits come with the checkpoints, so the rate of a short backlog is known to a sixth at best. The CPU tells two states apart.

    Attributes:
        name: name of the run.
        commits: seconds since the job's start, and lines landed since then.
        memory_mb: resident memory of the TaskManager in MB.
        cpu_seconds: CPU seconds of the TaskManager.
    """

    name: str
    commits: list[tuple[float, int]]
    memory_mb: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Lines a second from the start to the last line."""
        seconds, lines = self.commits[-1]
        return lines / seconds

    @property
    def best(self) -> float:
        """Lines a second of the best stretch of 18 s or more; those over all if no stretch is that long."""
        return max((((l2 - l1) / (t2 - t1)) for t1, l1 in self.commits for t2, l2 in self.commits if t2 - t1 >= 18), default=self.rate)

    def __str__(self) -> str:
        seconds, lines = self.commits[-1]
        return (
            f"{self.name:<24} {lines:>10,} lines in {seconds:5.1f} s: {self.rate:>8,.0f} lines/s over all, {self.best:>8,.0f} at best; "
            f"TaskManager {self.memory_mb[0]:,.0f} to {self.memory_mb[-1]:,.0f} MB, {self.cpu_seconds / lines * 1e6:.1f} CPU seconds a million lines; "
            f"load {os.getloadavg()[0]:.1f}"
        )


def memory_mb(platform: Platform) -> float:
    """Return the resident memory of the TaskManager in MB."""
    command = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", platform.container("flink-taskmanager")]
    used = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    number, unit = re.findall(r"([\d.]+)([GM])iB", used)[0]
    return float(number) * (1024 if unit == "G" else 1)


def cpu_seconds(platform: Platform) -> float:
    """Return the CPU seconds of the TaskManager since its container started."""
    stats = docker.from_env().api.stats(platform.container("flink-taskmanager"), stream=False, one_shot=True)
    return float(stats["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9


def commits(table: str) -> list[tuple[float, int]]:
    """Return the commits of a table (seconds since the epoch) with the lines it had then, the oldest first."""
    cursor = connect(host="127.0.0.1", port=int(PORTS["TRINO_PORT"]), user="bench").cursor()
    cursor.execute(
        "SELECT to_unixtime(committed_at), CAST(element_at(summary, 'total-records') AS bigint) "
        f'FROM {table.rsplit(".", 1)[0]}."lines$snapshots" ORDER BY committed_at'
    )
    return [(float(at), int(count)) for at, count in cursor.fetchall()]


def watch(platform: Platform, name: str, job: str, table: str, before: int, lines: int, used: float) -> Run:
    """Wait until a table has `lines` more lines than before.

    The table is asked seldom, because each query costs a third of a second of a core.

    Args:
        platform: the platform.
        name: name of the run.
        job: the Flink job.
        table: the table that the job writes.
        before: lines of the table before.
        lines: lines to wait for.
        used: CPU seconds of the TaskManager before the job was submitted; it works already while the submission ends.
    """
    started = platform.job(job)["start-time"] / 1000
    run = Run(name, [])

    def complete() -> bool:
        run.memory_mb.append(memory_mb(platform))
        run.commits = [(at - started, count - before) for at, count in commits(table) if at > started]
        return bool(run.commits) and run.commits[-1][1] >= lines

    eventually(f"{lines:,} lines in {table}", complete, 900, every=10)
    run.cpu_seconds = cpu_seconds(platform) - used
    last = next(i for i, (_, count) in enumerate(run.commits) if count >= lines)
    run.commits = run.commits[: last + 1]
    print(run, flush=True)
    return run


def everything_on(platform: Platform, name: str, before: int, lines: int, *jobs: str) -> Run:
    """Start the sales job and other jobs, and wait until the lake has `lines` more lines than before."""
    used = cpu_seconds(platform)
    submit(platform, *jobs)
    return watch(platform, name, "sales", "lake.sales.lines", before, lines, used)


def backlog(platform: Platform, lines: int) -> int:
    """Send a backlog; return its number of lines."""
    sent = json.loads(platform.company("produce", "load", "--lines", str(lines), timeout=1500).strip().splitlines()[-1])
    print(f"backlog of {sent['lines']:,} lines in {sent['events']:,} events", flush=True)
    return int(sent["lines"])


def submit_floor(platform: Platform) -> None:
    """Start the job that only decodes and lands."""
    platform.sql("CREATE SCHEMA IF NOT EXISTS lake.bench")
    platform.sql(
        "CREATE TABLE lake.bench.lines WITH (partitioning = ARRAY['day(event_time)']) AS SELECT * FROM lake.sales.lines WHERE false"
    )
    command = '"$FLINK_HOME/bin/flink" run --detached --python /opt/floor/decode_to_lake.py "decode_to_lake bench"'
    # Only these files are mounted: platform.py of the folder would replace Python's module.
    files = [f"--volume={ROOT / 'bench' / name}:/opt/floor/{name}:ro" for name in ("decode_to_lake.py", "decode_to_lake.sql")]
    platform.one_off("init-jobs", "bash", "-c", command, options=files, timeout=300)


def main() -> None:
    """Print each run, and the comparison at the end."""
    with bench_platform() as platform:
        first = backlog(platform, COLD_LINES)
        cold = everything_on(platform, "everything on, cold", 0, first, "sales", "hot_store")
        platform.flink_cancel("sales")
        second = backlog(platform, WARM_LINES)
        everything = everything_on(platform, "everything on, warm", first, second, "sales")
        submit(platform)
        print(platform.verify())
        for job in JOBS:
            platform.flink_cancel(job)
        # The same TaskManager, warm from the runs before, so the floor has every advantage. It also lands the duplicates.
        used = cpu_seconds(platform)
        submit_floor(platform)
        floor = watch(platform, "decode and lake alone", "decode_to_lake", "lake.bench.lines", 0, first + second, used)
        print(f"share of decode and lake alone: {everything.rate / floor.rate:.0%} over all, {everything.best / floor.best:.0%} at best")
        if DEFAULT_SIZE:
            record_runs(cold, everything, floor)


def record_runs(cold: Run, warm: Run, floor: Run) -> None:
    """Record the figures of the runs."""
    for name, run in (("cold", cold), ("warm", warm)):
        lines, note = run.commits[-1][1], f"backlog of {run.commits[-1][1]:,} lines, everything on, over all"
        record(f"sales.catch_up.{name}.lines_per_second", round(run.rate), "lines/s", COMMAND, note)
        record(
            f"sales.catch_up.{name}.cpu_seconds_per_million_lines",
            round(run.cpu_seconds / lines * 1e6, 1),
            "s",
            COMMAND,
            f"TaskManager, {note}",
        )
    record("sales.catch_up.warm.memory_mb", round(max(warm.memory_mb)), "MB", COMMAND, "TaskManager, at most")
    record("sales.catch_up.share_of_floor", round(warm.rate / floor.rate * 100), "%", COMMAND, "of decode and lake alone, in the same run")


if __name__ == "__main__":
    main()
