"""Ask a question again and again within a bound, and summarise how long the answers took."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

#: Fewer askings than this have no p99: the maximum is given in its place.
ENOUGH_FOR_P99 = 100
LEAST, MOST = 10, 200
#: Untimed askings before: at most so many, and none more after so many seconds.
WARM_UPS, WARM_UP_SECONDS = 5, 5.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass
class Timing:
    """The seconds of a question's askings: the very first one, which warmed up, and the counted ones."""

    first: float
    seconds: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Return milliseconds by statistic, and the number of askings."""
        worst = {"p99_ms": percentile(self.seconds, 0.99)} if len(self.seconds) >= ENOUGH_FOR_P99 else {}
        figures = {"first_ms": self.first, "p50_ms": percentile(self.seconds, 0.5), **worst, "max_ms": max(self.seconds)}
        return {"n": len(self.seconds), **{name: significant(value * 1000) for name, value in figures.items()}}


def significant(value: float) -> float:
    """Return a value with three significant digits."""
    return float(f"{value:.3g}")


def ask(once: Callable[[int], None], seconds: float, clock: Callable[[], float] = time.perf_counter) -> Timing:
    """Call `once` with 0, 1, 2, … and time each call, up to MOST calls or `seconds`, but at least LEAST. Warm-ups are not counted."""

    def timed(number: int) -> float:
        began = clock()
        once(number)
        return clock() - began

    warm_until = clock() + WARM_UP_SECONDS
    timing = Timing(timed(0))
    for number in range(1, WARM_UPS):
        if clock() < warm_until:
            timed(number)
    end = clock() + seconds
    while len(timing.seconds) < MOST and (len(timing.seconds) < LEAST or clock() < end):
        timing.seconds.append(timed(len(timing.seconds)))
    return timing
