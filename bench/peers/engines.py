"""Start, watch and stop each engine."""

import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime

from bench.peers.peer_platform import LINES, PeerPlatform, await_spark, start
from bench.platform import submit
from tests.support.compose_platform import HTTP, eventually


class Engine(ABC):
    """One engine. `peer` is its name in Redis; `services` are its containers."""

    peer: str
    title: str
    services: tuple[str, ...]
    #: Whether its container keeps running between its turns.
    stays = True

    @abstractmethod
    def prepare(self, platform: PeerPlatform) -> None:
        """Start what stays between the turns."""

    @abstractmethod
    def begin(self, platform: PeerPlatform) -> float:
        """Start the work; return when it started, in seconds since the epoch."""

    @abstractmethod
    def end(self, platform: PeerPlatform) -> None:
        """Stop the work, so that the next turn continues where it ended."""

    @abstractmethod
    def counts(self, platform: PeerPlatform) -> list[tuple[float, int]]:
        """Return times (seconds since the epoch) and the lines that the engine had processed by then, the oldest first."""

    def done_before(self, platform: PeerPlatform) -> int:
        """Return the lines that the engine processed before its turn."""
        counts = self.counts(platform)
        return counts[-1][1] if counts else 0


class Flink(Engine):
    """The sales job and the hot-store job. The latter waits while no data arrives."""

    peer, title, services = "flink", "Flink", ("flink-taskmanager",)

    def prepare(self, platform: PeerPlatform) -> None:
        """Start the hot-store job."""
        submit(platform, "hot_store")

    def begin(self, platform: PeerPlatform) -> float:
        """Submit the job, which continues from its last checkpoint."""
        submit(platform, "sales")
        return float(platform.job("sales")["start-time"]) / 1000

    def end(self, platform: PeerPlatform) -> None:
        """Cancel the job after a checkpoint of its work."""
        url = platform.trigger_checkpoint()
        eventually("a checkpoint", lambda: _completed(url), 60)
        platform.flink_cancel("sales")

    def counts(self, platform: PeerPlatform) -> list[tuple[float, int]]:
        """Return the counts of the lake."""
        return platform.lines_in("lake.sales.lines")


def _completed(url: str) -> bool:
    return bool(HTTP.get(url).raise_for_status().json()["status"]["id"] == "COMPLETED")


class Spark(Engine):
    """Spark's query in a session that stays."""

    peer, title, services = "spark", "Spark", ("peer-spark",)

    def prepare(self, platform: PeerPlatform) -> None:
        """Start the session."""
        await_spark(platform)

    def begin(self, platform: PeerPlatform) -> float:
        """Start the query, which continues from its checkpoint."""
        at = time.time()
        platform.in_peer("peer-spark", "touch", "/tmp/run")  # noqa: S108
        return at

    def end(self, platform: PeerPlatform) -> None:
        """Stop the query. A batch under way is repeated at the next start."""
        platform.in_peer("peer-spark", "rm", "/tmp/run")  # noqa: S108

    def crash(self, platform: PeerPlatform) -> None:
        """Kill the process after it wrote a batch's figures and before it landed its lines, and start it again. It continues by itself."""
        key = f"sales:peer_spark:sums_of_products:batch:{datetime.now(tz=UTC):%Y%m%d}"
        before = platform.redis("get", key)
        self.begin(platform)
        eventually("a batch of Spark's in Redis", lambda: platform.redis("get", key) != before, 180, every=0.05)
        platform.kill("peer-spark")
        landed = self.done_before(platform)
        start(platform, "peer-spark")
        print(f"Spark was killed behind {landed:,} landed lines, and started again", flush=True)

    def done_before(self, platform: PeerPlatform) -> int:
        """Return the count of the lake, whether Spark runs or not."""
        counts = platform.lines_in(LINES)
        return counts[-1][1] if counts else 0

    def counts(self, platform: PeerPlatform) -> list[tuple[float, int]]:
        """Return the counts of the lake."""
        if not platform.running("peer-spark"):
            raise SystemExit(f"Spark has ended:\n{platform.compose('logs', '--tail', '60', 'peer-spark')}")
        return platform.lines_in(LINES)


class Process(Engine):
    """A peer without a lake. Its container is stopped, and continues where it ended when it is started again."""

    stays = False

    def __init__(self, peer: str, title: str) -> None:
        self.peer, self.title, self.services = peer, title, (f"peer-{peer}",)

    def prepare(self, platform: PeerPlatform) -> None:
        """Do nothing: a process starts in a second or two."""

    def begin(self, platform: PeerPlatform) -> float:
        """Start the container."""
        return start(platform, self.services[0])

    def end(self, platform: PeerPlatform) -> None:
        """Stop the container."""
        platform.compose("stop", self.services[0], timeout=120)

    def done_before(self, platform: PeerPlatform) -> int:
        """Return the count that the peer stored in Redis."""
        return int(platform.redis("get", f"sales:peer_{self.peer}:lines") or 0)

    def counts(self, platform: PeerPlatform) -> list[tuple[float, int]]:
        """Return the counts that the peer stored in Redis."""
        if not platform.running(self.services[0]):
            raise SystemExit(f"{self.title} has ended:\n{platform.compose('logs', '--tail', '60', self.services[0])}")
        notes = platform.redis("lrange", f"sales:peer_{self.peer}:progress", "0", "-1").splitlines()
        return [(float(at), int(lines)) for at, lines in (note.split() for note in notes if note)]


ENGINES: dict[str, Engine] = {
    "flink": Flink(),
    "spark": Spark(),
    "python": Process("python", "plain Python"),
    "quix": Process("quix", "Quix Streams"),
}
