"""How fast a backlog is caught up with everything on, beside decode and lake alone, in the same run.

Everything: decode, dead letters, de-duplication, look-ups, lake, hot: the jobs sales and hot_store, the others not running. Twice: by a TaskManager that has just started (its code is still being
compiled), and by one that has worked before, with the job stopped meanwhile and resumed from its last checkpoint, as after an outage. Timed
from the moment the job was started to the commit that gives the lake the last line of the backlog, the job's start and the last checkpoint
included; the best 18 s or more in between are given beside it. Run by `make bench`.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass, field

import docker
from trino.dbapi import connect

from bench.platform import PORTS, bench_platform, submit
from flink_jobs.common.submit import JOBS
from tests.support.compose_platform import ROOT, Platform, eventually

COLD_LINES = int(os.environ.get("COLD_BACKLOG_LINES", "2000000"))
WARM_LINES = int(os.environ.get("BACKLOG_LINES", "6000000"))


@dataclass
class Run:
    """The commits of a job, as seconds since its start and lines landed since then, and the TaskManager's resident memory in MB and CPU seconds.

    The commits come with the checkpoints: of a short backlog the rate is known to a sixth at best, and the CPU is what tells two states apart.
    """

    name: str
    commits: list[tuple[float, int]]
    memory_mb: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Lines a second over all."""
        seconds, lines = self.commits[-1]
        return lines / seconds

    @property
    def best(self) -> float:
        """Lines a second of the best stretch of 18 s or more."""
        return max((((l2 - l1) / (t2 - t1)) for t1, l1 in self.commits for t2, l2 in self.commits if t2 - t1 >= 18), default=0.0)

    def __str__(self) -> str:
        seconds, lines = self.commits[-1]
        return (
            f"{self.name:<24} {lines:>10,} lines in {seconds:5.1f} s: {self.rate:>8,.0f} lines/s over all, {self.best:>8,.0f} at best; "
            f"TaskManager {self.memory_mb[0]:,.0f} to {self.memory_mb[-1]:,.0f} MB, {self.cpu_seconds / lines * 1e6:.1f} CPU seconds a million lines; "
            f"load {os.getloadavg()[0]:.1f}"
        )


def memory_mb(platform: Platform) -> float:
    """Resident memory of the TaskManager."""
    command = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", platform.container("flink-taskmanager")]
    used = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    number, unit = re.findall(r"([\d.]+)([GM])iB", used)[0]
    return float(number) * (1024 if unit == "G" else 1)


def cpu_seconds(platform: Platform) -> float:
    """What the TaskManager has used of the processors since its container started."""
    stats = docker.from_env().api.stats(platform.container("flink-taskmanager"), stream=False, one_shot=True)
    return float(stats["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9


def commits(table: str) -> list[tuple[float, int]]:
    """When the table was committed to (seconds since the epoch) and the lines it had then, the oldest first."""
    cursor = connect(host="127.0.0.1", port=int(PORTS["TRINO_PORT"]), user="bench").cursor()
    cursor.execute(
        "SELECT to_unixtime(committed_at), CAST(element_at(summary, 'total-records') AS bigint) "
        f'FROM {table.rsplit(".", 1)[0]}."lines$snapshots" ORDER BY committed_at'
    )
    return [(float(at), int(count)) for at, count in cursor.fetchall()]


def watch(platform: Platform, name: str, job: str, table: str, before: int, lines: int, used: float) -> Run:
    """Waits until the table has so many lines more than before. It is asked seldom, for each question costs a third of a second of a core.

    Args:
        used: the TaskManager's CPU seconds before the job was submitted: it works already while its submitter ends.
    """
    started = platform.job(job)["start-time"] / 1000
    run = Run(name, [])

    def complete() -> bool:
        run.memory_mb.append(memory_mb(platform))
        run.commits = [(at - started, count - before) for at, count in commits(table) if at > started]
        return bool(run.commits) and run.commits[-1][1] >= lines

    eventually(f"{lines:,} lines in {table}", complete, 900, every=10)
    run.cpu_seconds = cpu_seconds(platform) - used
    done = next(i for i, (_, count) in enumerate(run.commits) if count >= lines)
    run.commits = run.commits[: done + 1]
    print(run, flush=True)
    return run


def everything_on(platform: Platform, name: str, before: int, lines: int, *jobs: str) -> Run:
    """Starts the sales job, and others, and waits until the lake has so many lines more than before."""
    used = cpu_seconds(platform)
    submit(platform, *jobs)
    return watch(platform, name, "sales", "lake.sales.lines", before, lines, used)


def backlog(platform: Platform, lines: int) -> int:
    """Sends a backlog; gives its lines."""
    made = json.loads(platform.tools("produce", "load", "--lines", str(lines), timeout=1500).strip().splitlines()[-1])
    print(f"backlog of {made['lines']:,} lines in {made['events']:,} events", flush=True)
    return int(made["lines"])


def submit_floor(platform: Platform) -> None:
    """Starts the job that decodes and lands and does nothing else."""
    platform.sql("CREATE SCHEMA IF NOT EXISTS lake.bench")
    platform.sql(
        "CREATE TABLE lake.bench.lines WITH (partitioning = ARRAY['day(event_time)']) AS SELECT * FROM lake.sales.lines WHERE false"
    )
    command = '"$FLINK_HOME/bin/flink" run --detached --python /opt/floor/decode_to_lake.py "decode_to_lake bench"'
    # Not the whole folder: its platform.py would stand in for Python's own.
    files = [f"--volume={ROOT / 'bench' / name}:/opt/floor/{name}:ro" for name in ("decode_to_lake.py", "decode_to_lake.sql")]
    platform.compose("run", "--rm", "--no-deps", "-T", *files, "init-jobs", "bash", "-c", command, timeout=300)


def main() -> None:
    """Prints each run, and the comparison at the end."""
    with bench_platform() as platform:
        first = backlog(platform, COLD_LINES)
        everything_on(platform, "everything on, cold", 0, first, "sales", "hot_store")
        platform.flink_cancel("sales")
        second = backlog(platform, WARM_LINES)
        everything = everything_on(platform, "everything on, warm", first, second, "sales")
        submit(platform)
        print(platform.verify())
        for job in JOBS:
            platform.flink_cancel(job)
        # The same TaskManager, warm from the runs before: the floor gets every advantage. It lands the duplicates too.
        used = cpu_seconds(platform)
        submit_floor(platform)
        floor = watch(platform, "decode and lake alone", "decode_to_lake", "lake.bench.lines", 0, first + second, used)
        print(f"share of decode and lake alone: {everything.rate / floor.rate:.0%} over all, {everything.best / floor.best:.0%} at best")


if __name__ == "__main__":
    main()
