"""Measure how long an event takes to Redis and to a row in Trino, under a steady load without other trade."""

import bisect
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from producers.load import Steady
from tillstream.core.clients.redis import reader
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import RetryableError
from tillstream.core.topology import SALES_BY_MINUTE, TILLS, redis_prefix, table_of

#: Seconds of load before the measurement: after a pause the job is slow (code not compiled, caches cold).
WARM_UP_SECONDS = 60.0
#: Seconds that the lake may need for the rest after the end of the load.
DRAIN_SECONDS = 30.0


class Watcher(threading.Thread):
    """A thread that polls how many lines have arrived, and keeps each increase with its time."""

    def __init__(self, count: Callable[[], int], every: float) -> None:
        super().__init__(daemon=True)
        self._count = count
        self._every = every
        self._ended = threading.Event()
        self.counts: list[int] = []
        self.times: list[float] = []

    def run(self) -> None:
        """Poll until stopped."""
        while not self._ended.wait(self._every):
            try:
                count = self._count()
            except RetryableError:
                continue
            if not self.counts or count > self.counts[-1]:
                self.counts.append(count)
                self.times.append(time.time())

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self.join()

    def delays(self, ticks: list[tuple[float, int]]) -> list[float]:
        """Return the sorted delays of ticks, in seconds, from sending a tick until its last line arrived. Ticks that did not arrive are left out.

        Args:
            ticks: time of sending in seconds since the epoch, and lines sent up to then.
        """
        delays = []
        for sent_at, lines in ticks:
            place = bisect.bisect_left(self.counts, lines)
            if place < len(self.counts):
                delays.append(self.times[place] - sent_at)
        return sorted(delays)


def redis_lines(minutes: str = f"{redis_prefix(SALES_BY_MINUTE)}:STORE:") -> Callable[[], int]:
    """Return a function that counts the lines in Redis beyond those there now.

    Args:
        minutes: start of the keys that count the stores' channel by minute.
    """
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
    """Return the delay that a share of the sorted delays does not exceed."""
    return delays[min(len(delays) - 1, int(share * len(delays)))]


def figures(delays: list[float]) -> str:
    """Format sorted delays in seconds as p50, p95, p99 and maximum."""
    shares = ", ".join(f"p{share * 100:.0f} {percentile(delays, share):.3f} s" for share in (0.5, 0.95, 0.99))
    return f"{shares}, at most {delays[-1]:.3f} s"


def measure(rate: float, seconds: float) -> dict[str, list[float]]:
    """Send lines at a steady rate a second; return the sorted delays in seconds to Redis and to a row in Trino."""
    load = Steady(rate)
    trino = Trino()
    hot = Watcher(redis_lines(), 0.005)
    cold = Watcher(
        lambda: int(
            trino.scalar(
                f"SELECT count(*) FROM {table_of(TILLS)} WHERE run_id = '{load.run_id}' AND event_time > current_timestamp - INTERVAL '1' DAY"
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
