"""Measure the CPU of the running platform under live trade only: the share of each service, and the users of Trino.

`python -m bench.at_rest --minutes 10`. CPU is what each container's control group used between two readings.
"""

import argparse
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import httpx

from bench.results import record

#: Services of the simulated company. A real company has its own tills.
SIMULATED = {"tills", "web", "voice", "back-office"}
#: Processes of the Docker engine, which serves all projects of the machine.
ENGINE = {"dockerd", "containerd", "containerd-shim", "docker-proxy"}
#: Trino keeps its last fifty queries, and each for five minutes. It is asked more often, so that none is lost.
LOOK_SECONDS = 30
#: A shorter measurement, or one of another project, is not recorded.
MINUTES, PLATFORM = 10.0, "tillstream"
#: Number of statements that are printed, those with the most CPU time.
STATEMENTS = 15
TICKS = os.sysconf("SC_CLK_TCK")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
Query = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """CPU seconds used up to a moment (monotonic seconds)."""

    at: float
    used: float

    def cores_since(self, before: "Reading") -> float:
        """Return how many cores were used since an earlier reading."""
        return (self.used - before.used) / (self.at - before.at)


@dataclass
class Asked:
    """The totals of the queries of one kind."""

    count: int = 0
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0


def seconds(duration: str) -> float:
    """Parse a duration of Trino, as 12.30ms, into seconds."""
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", duration).groups()  # type: ignore[union-attr] # Trino's only format
    return float(number) * _SECONDS[unit]


class Project:
    """The running containers of a compose project."""

    def __init__(self, name: str) -> None:
        self._docker = docker.from_env()
        containers = self._docker.containers.list(
            filters={"label": [f"com.docker.compose.project={name}", "com.docker.compose.oneoff=False"]}
        )
        if not containers:
            raise SystemExit(f"no container of the project {name!r} is running")
        self.containers = {container.labels["com.docker.compose.service"]: container for container in containers}

    def read(self) -> dict[str, Reading]:
        """Return the CPU of each service up to now."""
        readings = {}
        for service, container in self.containers.items():
            stats = self._docker.api.stats(container.id, stream=False, one_shot=True)
            readings[service] = Reading(time.monotonic(), stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9)
        return readings

    def port(self, service: str, inside: int) -> int:
        """Return the host's port of a service's port."""
        return int(self.containers[service].ports[f"{inside}/tcp"][0]["HostPort"])


class Queries:
    """The queries that Trino was asked since the start, from its own list."""

    def __init__(self, port: int) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"X-Trino-User": "bench"}, timeout=30)
        self._before = {query["queryId"] for query in self._list()}
        self._seen: dict[str, Query] = {}

    def _list(self) -> list[Query]:
        queries: list[Query] = self._http.get("/v1/query").raise_for_status().json()
        return queries

    def look(self) -> None:
        """Store the queries since the last look."""
        self._seen |= {query["queryId"]: query for query in self._list() if query["queryId"] not in self._before}

    def by(self, kind: Callable[[Query], str]) -> list[tuple[str, Asked]]:
        """Group the queries by kind, the one with the most CPU time first."""
        asked: dict[str, Asked] = defaultdict(Asked)
        for query in self._seen.values():
            totals = asked[kind(query)]
            totals.count += 1
            totals.cpu_seconds += seconds(query["queryStats"]["totalCpuTime"])
            totals.wall_seconds += seconds(query["queryStats"]["elapsedTime"])
        return sorted(asked.items(), key=lambda item: (-item[1].cpu_seconds, -item[1].count))


def asker(query: Query) -> str:
    """Return user and source of a query."""
    return f"{query['session']['user']} / {query['session'].get('source') or '-'}"


def text(query: Query) -> str:
    """Return the beginning of a query without its values, so that queries that differ only in values count as one."""
    plain = re.sub(r"'[^']*'|\b\d+\b", "…", " ".join(query["query"].split()))
    return f"{query['session']['user']}: {plain[:100].replace('|', '/')}"


def engine() -> Reading:
    """Return the CPU of the Docker engine up to now, including its ended child processes, without the processes in containers."""
    used = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            line = stat.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        name, fields = line[line.index("(") + 1 : line.rindex(")")], line[line.rindex(")") + 2 :].split()
        if any(name == process[:15] for process in ENGINE):
            # The children of a shim are the processes of its container, which are counted there.
            own = fields[11:13] if name == "containerd-shim" else fields[11:15]
            used += sum(map(int, own)) / TICKS
    return Reading(time.monotonic(), used)


def machine() -> Reading:
    """Return the CPU of the whole machine up to now, without idle time."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:])
    return Reading(time.monotonic(), (user + nice + system + irq + softirq) / TICKS)


def shares(before: dict[str, Reading], after: dict[str, Reading]) -> dict[str, float]:
    """Return the cores that each service used, the largest share first. A service that did not run all the time is left out."""
    cores = {service: after[service].cores_since(before[service]) for service in before.keys() & after.keys()}
    return dict(sorted(cores.items(), key=lambda item: -item[1]))


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def wait(minutes: float, queries: Queries) -> None:
    """Wait and look at Trino's queries meanwhile. Prints the remaining time."""
    end = time.monotonic() + minutes * 60
    while (left := end - time.monotonic()) > 0:
        print(f"measuring: {left:.0f} s left; load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
        time.sleep(min(left, LOOK_SECONDS))
        queries.look()


def main() -> None:
    """Print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=MINUTES, help="how long to measure (default: 10)")
    arguments.add_argument("--project", default=PLATFORM, help="the compose project (default: tillstream)")
    options = arguments.parse_args()
    project = Project(options.project)
    queries = Queries(project.port("trino", 8080))
    all_before, engine_before, before = machine(), engine(), project.read()
    wait(options.minutes, queries)
    cores = shares(before, project.read())
    docker_cores, all_cores = engine().cores_since(engine_before), machine().cores_since(all_before)
    simulated = sum(share for service, share in cores.items() if service in SIMULATED)
    total = sum(cores.values())
    sums = {
        "**all containers**": total,
        "of them the simulated company": simulated,
        "of them the platform": total - simulated,
        "Docker engine, whatever it runs": docker_cores,
        "**all containers and the engine**": total + docker_cores,
        "whole machine": all_cores,
    }
    print(f"\n{options.minutes:g} minutes, {os.cpu_count()} cores, load {' '.join(f'{load:.1f}' for load in os.getloadavg())}\n")
    print(table(["service", "cores"], [(name, f"{share:.3f}") for name, share in [*cores.items(), *sums.items()]]))
    if (options.minutes, options.project) == (MINUTES, PLATFORM):
        note = "with the engine, without the simulated company"
        record("rest.cores", round(total - simulated + docker_cores, 3), "cores", "python -m bench.at_rest", note)
        record("rest.company_cores", round(simulated, 3), "cores", "python -m bench.at_rest", "the simulated company")
    for title, kind in (("Trino was asked by", asker), ("what", text)):
        rows = (
            (
                name,
                totals.count,
                f"{totals.cpu_seconds:.2f}",
                f"{totals.cpu_seconds / totals.count * 1000:.0f}",
                f"{totals.wall_seconds / totals.count:.2f}",
            )
            for name, totals in queries.by(kind)[:STATEMENTS]
        )
        print(f"\n{table([title, 'queries', 'CPU s in its tasks', 'ms each', 'took s each'], rows)}")


if __name__ == "__main__":
    main()
