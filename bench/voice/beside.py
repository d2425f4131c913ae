"""Whether customers' texts slow the sales down: `.venv/bin/python -m bench.voice.beside [ROUNDS]`, on a platform of its own.

In turn without the voice job and with it reading five texts a second: 2,000 lines/s of sales to Redis and to rows in Trino. A turn is long, for the
p99 of one minute rests on twelve moments, and differs by a third from the next one's. Twelve minutes a round.
"""

import os
import re
import statistics
import sys

from bench.latency import both, sales, texts
from bench.platform import bench_platform, submit
from flink_jobs.common.submit import JOBS

ROUNDS = 2
SECONDS = 240
_FIGURES = re.compile(r"event to (Redis|a row in Trino): p50 ([\d.]+) s, p95 ([\d.]+) s, p99 ([\d.]+) s")


def figures(printed: str) -> dict[str, float]:
    """Seconds, by where to and percentile."""
    return {
        f"{where}, {name}": float(value)
        for where, *values in _FIGURES.findall(printed)
        for name, value in zip(("p50", "p95", "p99"), values, strict=True)
    }


def main() -> None:
    """Prints each turn, and by how much the medians with texts are above those without."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    found: dict[bool, list[dict[str, float]]] = {False: [], True: []}
    with bench_platform() as platform:
        submit(platform, *(job for job in JOBS if job != "voice"))
        for number in range(2 * rounds):
            # Without, with, with, without, ...: what warms up or fills up favours neither.
            beside = number % 4 in (1, 2)
            running = platform.job("voice").get("state") == "RUNNING"
            if beside and not running:
                submit(platform, "voice")
                texts(platform, 500, 1)
            if not beside and running:
                platform.flink_cancel("voice")
            printed = both(platform, SECONDS)[0] if beside else sales(platform, SECONDS)
            found[beside].append(figures(printed))
            print(f"{'with texts' if beside else 'without'}, load {os.getloadavg()[0]:.1f}: {found[beside][-1]}", flush=True)
    for name in found[True][0]:
        without, with_texts = (statistics.median(one[name] for one in found[beside]) for beside in (False, True))
        print(f"{name}: {without:.3f} s without, {with_texts:.3f} s with texts: {with_texts / without - 1:+.1%}")


if __name__ == "__main__":
    main()
