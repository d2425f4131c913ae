"""Start the platform of the peers: the bench platform with the peers' services."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.platform import FAULTS, PORTS
from tests.support.compose_platform import AS_IT_IS, ROOT, Platform, eventually
from tillstream.core.sql_templates import statements

PROJECT = "tillstream-bench"
LINES, DEAD_LETTERS = "lake.bench.lines_spark", "lake.bench.dead_letters_spark"
#: Ports for another project than the bench platform's, beside its ports.
OTHER_PORTS = {name: str(int(port) + 200) for name, port in PORTS.items()}
MB = 1 << 20


class PeerPlatform(Platform):
    """A platform with two compose files, which also reads the resource use of its containers."""

    def __init__(self, project: str) -> None:
        ports = PORTS if project == PROJECT else OTHER_PORTS
        settings = {**ports, **FAULTS, "HISTORY_DAYS": "0", "BACKFILL_TODAY": "false"}
        super().__init__(project, settings, (*AS_IT_IS, ROOT / "bench/peers/compose.yml"))
        self._sent = self._build / "sent"

    @property
    def sent(self) -> int:
        """Number of lines that this platform was ever sent. It is kept in a file, because a platform may be kept between runs."""
        return int(self._sent.read_text(encoding="utf-8")) if self._sent.exists() else 0

    def note_sent(self, lines: int) -> None:
        """Add to the number of sent lines."""
        self._sent.write_text(str(self.sent + lines), encoding="utf-8")

    def forget_sent(self) -> None:
        """Reset the number of sent lines for a new platform."""
        self._sent.unlink(missing_ok=True)

    def peer_tools(self, *arguments: str, timeout: float = 600) -> Any:
        """Run bench.peers.tools and return the JSON it prints."""
        printed = self.one_off("peer-tools", *arguments, timeout=timeout)
        return json.loads(printed.strip().splitlines()[-1])

    def redis(self, *command: str) -> str:
        """Run a command in Redis as its reader, inside its container, and return the answer."""
        script = 'REDISCLI_AUTH=$(cat /run/secrets/redis_reader_password) exec redis-cli --user reader "$@"'
        result = self._docker.containers.get(self.container("redis")).exec_run(["sh", "-c", script, "sh", *command])
        return str(result.output.decode()).strip()

    def stats(self, service: str) -> dict[str, Any]:
        """Return the counters of a service's control group; empty if it does not run."""
        counters: dict[str, Any] = self._docker.api.stats(self.container(service), stream=False, one_shot=True)
        return counters

    def cpu_seconds(self, *services: str) -> float:
        """Return the CPU seconds of services since their containers started."""
        return sum(float(self.stats(service)["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9 for service in services)

    def memory_mb(self, *services: str) -> float:
        """Return the memory of services in MB without cached files, as in `docker stats`."""
        memory = (self.stats(service)["memory_stats"] for service in services)
        return float(sum((held.get("usage", 0) - held.get("stats", {}).get("inactive_file", 0)) / MB for held in memory))

    def in_peer(self, service: str, *command: str) -> int:
        """Run a command in a peer's container; return its exit status."""
        status: int = self._docker.containers.get(self.container(service)).exec_run(list(command)).exit_code
        return status

    def running(self, service: str) -> bool:
        """Return whether a service's container runs."""
        return bool(self._docker.api.inspect_container(self.container(service))["State"]["Running"])

    def lines_in(self, table: str) -> list[tuple[float, int]]:
        """Return the commits of a table (seconds since the epoch) with the lines it had then, the oldest first."""
        schema, name = table.rsplit(".", 1)
        rows = self.sql(
            f"SELECT to_unixtime(committed_at) AS at, CAST(element_at(summary, 'total-records') AS bigint) AS held "
            f'FROM {schema}."{name}$snapshots" ORDER BY committed_at'
        )
        return [(float(row["at"]), int(row["held"])) for row in rows]


@contextmanager
def peer_platform(project: str, *, keep: bool) -> Iterator[PeerPlatform]:
    """Start a platform with its services, without data and jobs. A kept platform is reused and stays."""
    platform = PeerPlatform(project)
    if keep and _is_up(platform):
        yield platform
        return
    platform.down(volumes=True)
    platform.forget_sent()
    platform.compose("up", "--detach", "flink-taskmanager", "trino", timeout=900)
    for service in ("init-topics", "init-schemas", "init-buckets", "init-reference", "company-masters", "init-tables"):
        platform.compose("run", "--rm", "-T", service, timeout=300)
    make_tables(platform)
    try:
        yield platform
    finally:
        if not keep:
            platform.down(volumes=True)


def _is_up(platform: PeerPlatform) -> bool:
    """Return whether a kept platform runs. A paused one is resumed."""
    if not platform.compose("ps", "--all", "--quiet", "trino").strip():
        return False
    if platform.compose("ps", "--all", "--quiet", "--status", "paused").strip():
        platform.compose("unpause")
    return platform.running("trino")


def make_tables(platform: PeerPlatform) -> None:
    """Create Spark's tables with the columns, partitions and properties of the jobs' own tables."""
    platform.sql("CREATE SCHEMA IF NOT EXISTS lake.bench")
    for ours, table in (("lake.sales.lines", LINES), ("lake.quality.dead_letters", DEAD_LETTERS)):
        for statement in statements(ROOT / "lake" / ours.split(".")[1] / "tables.sql"):
            if f" {ours} " in statement.splitlines()[0]:
                platform.sql(statement.replace(ours, table, 1))
    schema, name = "lake.sales", "lines"
    known = platform.sql(f"SELECT key, value FROM {schema}.\"{name}$properties\" WHERE key LIKE 'write.parquet.dict%'")
    for row in known:
        platform.sql(f"ALTER TABLE {LINES} SET PROPERTIES extra_properties = MAP(ARRAY['{row['key']}'], ARRAY['{row['value']}'])")


def start(platform: PeerPlatform, service: str) -> float:
    """Start a peer's container; return the time of the command in seconds since the epoch."""
    at = time.time()
    platform.compose("up", "--detach", "--no-deps", service, timeout=120)
    return at


def await_spark(platform: PeerPlatform) -> None:
    """Start Spark and wait for its session. It stays, like the TaskManager, while its query starts and stops."""
    start(platform, "peer-spark")
    eventually("Spark's session", lambda: platform.in_peer("peer-spark", "test", "-e", "/tmp/ready") == 0, 180, every=1)  # noqa: S108


def backlog(platform: PeerPlatform, lines: int) -> None:
    """Send a backlog with faults as fast as possible."""
    sent = json.loads(platform.company("produce", "load", "--lines", str(lines), timeout=1500).strip().splitlines()[-1])
    platform.note_sent(int(sent["lines"]))
    print(f"backlog of {sent['lines']:,} lines in {sent['events']:,} events", flush=True)
