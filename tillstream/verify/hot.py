"""Redis against the lake, while trade goes on.

Redis is read once. The lake is asked for each key once it has all that Kafka had then: tillstream.verify.bounds has what a figure can be.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tillstream.core.clients.redis import hashes, memory
from tillstream.core.clients.trino import Trino
from tillstream.verify.bounds import SETTLE_AFTER, SETTLE_BEFORE, HotResult, Known
from tillstream.verify.rollups import HOURS, Rollup, rollups
from tillstream.verify.top import compare_top, products
from tillstream.verify.visits import SEARCHES, SESSIONS, compare_searches, compare_sessions, searches_of_the_lake, sessions_of_the_lake

#: A fuller Redis is told of: of 512 MB a fifth is left then, some 250,000 hashes, which is days where it fills with customers.
FULL = 0.8


class HotReading:
    """What Redis said at a moment. The lake is asked once it has all that Kafka had then."""

    def __init__(self) -> None:
        self._now = datetime.now(tz=UTC)
        self._rollups = rollups(self._now)
        prefixes = [*(rollup.prefix for rollup in self._rollups), SESSIONS, SEARCHES]
        self._held = {prefix: hashes(f"{prefix}:*") for prefix in prefixes}
        self._top = hashes("sales:top_products:*")
        self._memory = memory()
        self._read_at = datetime.now(tz=UTC)

    def compare(self, trino: Trino) -> list[HotResult]:
        """Every key with what the lake says."""
        now, before, after = self._now, self._now - SETTLE_BEFORE, self._read_at + SETTLE_AFTER
        return [
            *(compare_rollup(r, self._held[r.prefix], r.from_lake(trino, before, after), now) for r in self._rollups),
            compare_sessions(self._held[SESSIONS], sessions_of_the_lake(trino, now, before, after), _oldest_minute(now)),
            compare_searches(self._held[SEARCHES], searches_of_the_lake(trino, now, before, after), now),
            compare_top(self._top, products(trino, now, before, after), now),
            compare_memory(*self._memory),
        ]


def compare_memory(used: int, most: int) -> HotResult:
    """Whether Redis has room: full, it takes no figure any more, and every live page stands still."""
    result = HotResult("memory of Redis", keys=1)
    if used > FULL * most:
        result.problems.append(f"{used / 1e6:.0f} MB of {most / 1e6:.0f} MB are used: raise maxmemory in images/redis/redis.conf")
    else:
        result.exact = 1
    return result


def _oldest_minute(now: datetime) -> str:
    return f"{now - timedelta(hours=HOURS):%Y%m%d%H%M}"


def compare_rollup(rollup: Rollup, held: Mapping[str, Mapping[str, str]], known: Mapping[str, Known], now: datetime) -> HotResult:
    """Each key of a rollup whose minute or day is looked at: Redis forgets an older one when a day has passed, the lake never does."""
    oldest = _oldest_minute(now) if "minute" in rollup.prefix else f"{now:%Y%m%d}"
    result = HotResult(rollup.prefix)
    for key in sorted(held.keys() | known.keys()):
        if rollup.stamp and key.rsplit(":", 1)[1] < oldest:
            result.skipped += 1
        else:
            result.take(key, held.get(key), known.get(key))
    return result
