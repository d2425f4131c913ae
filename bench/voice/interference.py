"""Measure whether customers' texts slow the sales down: `.venv/bin/python -m bench.voice.interference [ROUNDS]`, on a platform of its own.

The delay of 2,000 lines/s of sales to Redis and to rows in Trino is measured in turns, without the voice job and with it at five texts a
second. A turn is long, because the p99 of one minute comes from only twelve moments and varies by a third. A round takes twelve minutes.
"""

import os
import statistics
import sys

from bench.latency import both, figures, sales, texts
from bench.platform import bench_platform, submit
from bench.results import record
from flink_jobs.common.submit import JOBS

ROUNDS = 2
SECONDS = 240


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
        if rounds == ROUNDS and name.endswith("p99"):
            where = "redis" if name.startswith("Redis") else "lake"
            slower = round((with_texts / without - 1) * 100, 1)
            record(f"voice.interference.{where}.p99", slower, "%", "python -m bench.voice.interference", "slower sales with texts beside")


if __name__ == "__main__":
    main()
