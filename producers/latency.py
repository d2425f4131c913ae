"""How long an event takes to Redis and to a row in Trino, under a steady load, while nothing else is sold."""

import bisect
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from producers.load import Steady
from tillstream.core.clients.redis import reader
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import RetryableError

#: The job's first second after a pause is slower (code not compiled, caches cold): the load runs this long before anything is counted.
WARM_UP_SECONDS = 60.0
#: What the lake may be behind at the end of the load.
DRAIN_SECONDS = 30.0


class Watcher(threading.Thread):
    """Asks again and again how many lines have arrived, and keeps each rise with its time."""

    def __init__(self, count: Callable[[], int], every: float) -> None:
        super().__init__(daemon=True)
        self._count = count
        self._every = every
        self._ended = threading.Event()
        self.counts: list[int] = []
        self.times: list[float] = []

    def run(self) -> None:
        """Until stopped."""
        while not self._ended.wait(self._every):
            try:
                count = self._count()
            except RetryableError:
                continue
            if not self.counts or count > self.counts[-1]:
                self.counts.append(count)
                self.times.append(time.time())

    def stop(self) -> None:
        """Ends the thread."""
        self._ended.set()
        self.join()

    def delays(self, ticks: list[tuple[float, int]]) -> list[float]:
        """For each tick, the seconds from its sending until its last line had arrived."""
        found = []
        for sent_at, lines in ticks:
            place = bisect.bisect_left(self.counts, lines)
            if place < len(self.counts):
                found.append(self.times[place] - sent_at)
        return sorted(found)


def redis_lines(minutes: str = "sales:by_minute:STORE:") -> Callable[[], int]:
    """Counts the lines that Redis has beyond those it has now, by the minutes of the stores' channel, whose keys begin so."""
    client = reader()
    known: dict[str, int] = {}

    def count() -> int:
        minute = int(time.time()) // 60
        for back in (0, 1):
            key = f"{minutes}{datetime.fromtimestamp((minute - back) * 60, tz=UTC):%Y%m%d%H%M}"
            known[key] = int(str(client.hget(key, "lines") or 0))
        return sum(known.values()) - base

    base = 0
    base = count()
    return count


def percentile(delays: list[float], share: float) -> float:
    """The delay that this share of the ticks did not exceed."""
    return delays[min(len(delays) - 1, int(share * len(delays)))]


def figures(delays: list[float]) -> str:
    """The sorted delays, in seconds, as people are told them."""
    shares = ", ".join(f"p{share * 100:.0f} {percentile(delays, share):.3f} s" for share in (0.5, 0.95, 0.99))
    return f"{shares}, at most {delays[-1]:.3f} s"


def measure(rate: float, seconds: float) -> dict[str, list[float]]:
    """Sends so many lines a second and gives the sorted delays to Redis and to the lake, in seconds."""
    load = Steady(rate)
    trino = Trino()
    hot = Watcher(redis_lines(), 0.005)
    cold = Watcher(
        lambda: int(
            trino.scalar(
                f"SELECT count(*) FROM lake.sales.lines WHERE run_id = '{load.run_id}' AND event_time > current_timestamp - INTERVAL '1' DAY"
            )
        ),
        1.0,
    )
    hot.start()
    cold.start()
    ticks = load.run(WARM_UP_SECONDS + seconds)
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline and (not cold.counts or cold.counts[-1] < ticks[-1][1]):
        threading.Event().wait(0.5)
    hot.stop()
    cold.stop()
    measured = [tick for tick in ticks if tick[0] >= ticks[0][0] + WARM_UP_SECONDS]
    return {"Redis": hot.delays(measured), "a row in Trino": cold.delays(measured)}
