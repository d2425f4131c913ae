"""How each engine is started, watched and stopped."""

import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime

from bench.peers.bed import LINES, Bed, await_spark, start
from bench.platform import submit
from tests.support.compose_platform import HTTP, eventually


class Engine(ABC):
    """One engine. `peer` is its name in Redis, `services` are the containers that work."""

    peer: str
    title: str
    services: tuple[str, ...]
    #: Whether its container runs on between its turns.
    stays = True

    @abstractmethod
    def prepare(self, bed: Bed) -> None:
        """Start what stays while the engine's turns come and go."""

    @abstractmethod
    def begin(self, bed: Bed) -> float:
        """Start the work; return when it started, in seconds since the epoch."""

    @abstractmethod
    def end(self, bed: Bed) -> None:
        """Stop the work, so that it goes on at its next turn where it was."""

    @abstractmethod
    def counts(self, bed: Bed) -> list[tuple[float, int]]:
        """Return when the engine had done how many lines in all, the oldest first."""

    def done_before(self, bed: Bed) -> int:
        """Return how many lines it has done in all, before its turn."""
        counts = self.counts(bed)
        return counts[-1][1] if counts else 0


class Flink(Engine):
    """The sales job and the hot-store job; the latter waits while nothing comes."""

    peer, title, services = "flink", "Flink", ("flink-taskmanager",)

    def prepare(self, bed: Bed) -> None:
        """Start the hot-store job."""
        submit(bed, "hot_store")

    def begin(self, bed: Bed) -> float:
        """Submit the job, which goes on from its last checkpoint."""
        submit(bed, "sales")
        return float(bed.job("sales")["start-time"]) / 1000

    def end(self, bed: Bed) -> None:
        """Cancel the job once a checkpoint has what it has done."""
        url = bed.trigger_checkpoint()
        eventually("a checkpoint", lambda: _completed(url), 60)
        bed.flink_cancel("sales")

    def counts(self, bed: Bed) -> list[tuple[float, int]]:
        """Of the lake."""
        return bed.lines_in("lake.sales.lines")


def _completed(url: str) -> bool:
    return bool(HTTP.get(url).raise_for_status().json()["status"]["id"] == "COMPLETED")


class Spark(Engine):
    """Spark's query in a session that stays."""

    peer, title, services = "spark", "Spark", ("peer-spark",)

    def prepare(self, bed: Bed) -> None:
        """Start the session."""
        await_spark(bed)

    def begin(self, bed: Bed) -> float:
        """Start the query, which goes on from its checkpoint."""
        at = time.time()
        bed.in_peer("peer-spark", "touch", "/tmp/run")  # noqa: S108
        return at

    def end(self, bed: Bed) -> None:
        """Stop the query: a batch that is under way comes again."""
        bed.in_peer("peer-spark", "rm", "/tmp/run")  # noqa: S108

    def crash(self, bed: Bed) -> None:
        """Kill the process between its writing a batch's figures and landing its lines, and start it again: it goes on by itself."""
        key = f"sales:peer_spark:sums_of_products:batch:{datetime.now(tz=UTC):%Y%m%d}"
        before = bed.redis("get", key)
        self.begin(bed)
        eventually("a batch of Spark's in Redis", lambda: bed.redis("get", key) != before, 180, every=0.05)
        bed.kill("peer-spark")
        landed = self.done_before(bed)
        start(bed, "peer-spark")
        print(f"Spark was killed behind {landed:,} landed lines, and started again", flush=True)

    def done_before(self, bed: Bed) -> int:
        """Of the lake, whether it runs or not."""
        counts = bed.lines_in(LINES)
        return counts[-1][1] if counts else 0

    def counts(self, bed: Bed) -> list[tuple[float, int]]:
        """Of the lake."""
        if not bed.running("peer-spark"):
            raise SystemExit(f"Spark has ended:\n{bed.compose('logs', '--tail', '60', 'peer-spark')}")
        return bed.lines_in(LINES)


class Process(Engine):
    """A peer without a lake: its container is stopped, and goes on where it was when it is started again."""

    stays = False

    def __init__(self, peer: str, title: str) -> None:
        self.peer, self.title, self.services = peer, title, (f"peer-{peer}",)

    def prepare(self, bed: Bed) -> None:
        """Nothing stays: a process is there in a second or two."""

    def begin(self, bed: Bed) -> float:
        """Start the container."""
        return start(bed, self.services[0])

    def end(self, bed: Bed) -> None:
        """Stop the container."""
        bed.compose("stop", self.services[0], timeout=120)

    def done_before(self, bed: Bed) -> int:
        """As the peer has noted in Redis before."""
        return int(bed.redis("get", f"sales:peer_{self.peer}:lines") or 0)

    def counts(self, bed: Bed) -> list[tuple[float, int]]:
        """As the peer has noted in Redis."""
        if not bed.running(self.services[0]):
            raise SystemExit(f"{self.title} has ended:\n{bed.compose('logs', '--tail', '60', self.services[0])}")
        notes = bed.redis("lrange", f"sales:peer_{self.peer}:progress", "0", "-1").splitlines()
        return [(float(at), int(lines)) for at, lines in (note.split() for note in notes if note)]


ENGINES: dict[str, Engine] = {
    "flink": Flink(),
    "spark": Spark(),
    "python": Process("python", "plain Python"),
    "quix": Process("quix", "Quix Streams"),
}
