"""Measure whether customers' texts slow the sales down: `.venv/bin/python -m bench.voice.interference [ROUNDS]`, on a platform of its own.

The delay of 2,000 lines/s of sales to Redis and to rows in Trino is measured in turns, without the voice job and with it at five texts a
second. A turn is long, because the p99 of one minute comes from only twelve moments and varies by a third. A round takes twelve minutes.
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
    """Return seconds by target and percentile, from the printed figures."""
    return {
        f"{where}, {name}": float(value)
        for where, *values in _FIGURES.findall(printed)
        for name, value in zip(("p50", "p95", "p99"), values, strict=True)
    }


def main() -> None:
    """Print each turn, and the difference between the medians with and without texts."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    turns: dict[bool, list[dict[str, float]]] = {False: [], True: []}
    with bench_platform() as platform:
        submit(platform, *(job for job in JOBS if job != "voice"))
        for number in range(2 * rounds):
            # The order is without, with, with, without, ..., so that warming up or filling up favours neither.
            with_voice = number % 4 in (1, 2)
            running = platform.job("voice").get("state") == "RUNNING"
            if with_voice and not running:
                submit(platform, "voice")
                texts(platform, 500, 1)
            if not with_voice and running:
                platform.flink_cancel("voice")
            printed = both(platform, SECONDS)[0] if with_voice else sales(platform, SECONDS)
            turns[with_voice].append(figures(printed))
            print(f"{'with texts' if with_voice else 'without'}, load {os.getloadavg()[0]:.1f}: {turns[with_voice][-1]}", flush=True)
    for name in turns[True][0]:
        without, with_texts = (statistics.median(turn[name] for turn in turns[with_voice]) for with_voice in (False, True))
        print(f"{name}: {without:.3f} s without, {with_texts:.3f} s with texts: {with_texts / without - 1:+.1%}")


if __name__ == "__main__":
    main()
