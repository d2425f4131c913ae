"""Compare Redis with the lake while events arrive.

Redis is read, and the lake is queried when it has all that Kafka had at that moment. tillstream.verify.bounds calculates what a figure can be.
On a busy machine an event may reach Redis later than the bounds allow, so what is wrong is read again. A lost or doubled event stays wrong.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from tillstream.core.clients.redis import memory_usage, read_hashes
from tillstream.core.clients.trino import Trino
from tillstream.core.topology import TOP_PRODUCTS, redis_prefix
from tillstream.verify.bounds import SETTLE_AFTER, SETTLE_BEFORE, HotResult, Known
from tillstream.verify.rollups import HOURS, Rollup, rollups
from tillstream.verify.stock import StockReading
from tillstream.verify.top import compare_top, products
from tillstream.verify.visits import SEARCHES, SESSIONS, compare_searches, compare_sessions, lake_searches, lake_sessions

#: The share of used memory above which Redis is reported as full. A fifth of 512 MB is then free: about 250,000 hashes, enough for some days.
FULL = 0.8
#: How often Redis is read at most.
READINGS = 3


class HotReading:
    """The figures of Redis at one moment. Compare them when the lake has all that Kafka had at that moment."""

    def __init__(self, trino: Trino) -> None:
        self._now = datetime.now(tz=UTC)
        self._rollups = rollups(self._now)
        prefixes = [*(rollup.prefix for rollup in self._rollups), SESSIONS, SEARCHES]
        self._held = {prefix: read_hashes(f"{prefix}:*") for prefix in prefixes}
        self._top = read_hashes(f"{redis_prefix(TOP_PRODUCTS)}:*")
        self._memory = memory_usage()
        self._read_at = datetime.now(tz=UTC)
        self._stock = StockReading(trino)

    def compare(self, trino: Trino) -> list[HotResult]:
        """Compare every key with the lake."""
        now, before, after = self._now, self._now - SETTLE_BEFORE, self._read_at + SETTLE_AFTER
        return [
            *(compare_rollup(r, self._held[r.prefix], r.from_lake(trino, before, after), now) for r in self._rollups),
            compare_sessions(self._held[SESSIONS], lake_sessions(trino, now, before, after), _oldest_minute(now)),
            compare_searches(self._held[SEARCHES], lake_searches(trino, now, before, after), now),
            compare_top(self._top, products(trino, now, before, after), now),
            compare_memory(*self._memory),
            *self._stock.compare(trino),
        ]


def compare_redis(read: Callable[[], HotReading], trino: Trino, wait_for_lake: Callable[[], None]) -> list[HotResult]:
    """Compare Redis with the lake. Read up to READINGS times, until no key was wrong in every reading.

    Args:
        read: reads Redis.
        trino: the connection to the lake.
        wait_for_lake: returns when the lake has all that is in Kafka now, and all alerts raised by now.
    """
    results: list[HotResult] = []
    for number in range(READINGS):
        reading = read()
        wait_for_lake()
        earlier, results = results, reading.compare(trino)
        if number:
            for before, result in zip(earlier, results, strict=True):
                result.keep(before.wrong)
        if not any(result.wrong for result in results):
            break
    return results


def compare_memory(used: int, most: int) -> HotResult:
    """Check that Redis has free memory. A full Redis accepts no figures, and the live dashboards stop."""
    result = HotResult("memory of Redis", keys=1)
    if used > FULL * most:
        result.wrong[result.prefix] = f"{used / 1e6:.0f} MB of {most / 1e6:.0f} MB are used: raise maxmemory in images/redis/redis.conf"
    else:
        result.exact = 1
    return result


def _oldest_minute(now: datetime) -> str:
    return f"{now - timedelta(hours=HOURS):%Y%m%d%H%M}"


def compare_rollup(rollup: Rollup, held: Mapping[str, Mapping[str, str]], known: Mapping[str, Known], now: datetime) -> HotResult:
    """Compare each key of a rollup, except keys of older minutes or days: Redis deletes them after a day, the lake does not."""
    oldest = _oldest_minute(now) if "minute" in rollup.prefix else f"{now:%Y%m%d}"
    result = HotResult(rollup.prefix)
    for key in sorted(held.keys() | known.keys()):
        if rollup.stamp and key.rsplit(":", 1)[1] < oldest:
            result.skipped += 1
        else:
            result.take(key, held.get(key), known.get(key))
    return result
