"""Measure the delay from an event to Redis and to a row in Trino at 2,000 lines/s, with and without customers' texts.

It also measures how many texts a second are analysed, and the delay of a text to Redis. Run by `make bench`.
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor

from bench.platform import bench_platform, submit
from bench.results import record
from flink_jobs.common.submit import JOBS
from producers.latency import WARM_UP_SECONDS
from tests.support.compose_platform import Platform

SECONDS = 60
COMMAND = "python -m bench.latency"
_FIGURES = re.compile(r"(?:event|text) to (Redis|a row in Trino): p50 ([\d.]+) s, p95 ([\d.]+) s, p99 ([\d.]+) s, at most ([\d.]+) s")


def figures(printed: str) -> dict[str, float]:
    """Return seconds by target and percentile, from the printed figures."""
    return {
        f"{where}, {name}": float(value)
        for where, *values in _FIGURES.findall(printed)
        for name, value in zip(("p50", "p95", "p99", "most"), values, strict=True)
    }


def sales(platform: Platform, seconds: int = SECONDS) -> str:
    """Return the percentiles of the sales, as the tool prints them."""
    return platform.company("produce", "latency", "--rate", "2000", "--seconds", str(seconds))


def texts(platform: Platform, backlog: int, seconds: int) -> str:
    """Return the figures of the texts, as the tool prints them."""
    return platform.company("produce", "texts", "--backlog", str(backlog), "--rate", "5", "--seconds", str(seconds), timeout=900)


def both(platform: Platform, seconds: int = SECONDS) -> tuple[str, str]:
    """Return what both tools print when they run at the same time."""
    with ThreadPoolExecutor(1) as pool:
        text_figures = pool.submit(texts, platform, 0, seconds + int(WARM_UP_SECONDS))
        return sales(platform, seconds), text_figures.result()


def main() -> None:
    """Print the percentiles with the machine's load."""
    with bench_platform() as platform:
        submit(platform, *(job for job in JOBS if job != "voice"))
        without = sales(platform)
        print(f"without the voice job\n{without}load {os.getloadavg()[0]:.1f}", flush=True)
        submit(platform, "voice")
        alone = texts(platform, 3000, SECONDS)
        print(f"{alone}load {os.getloadavg()[0]:.1f}", flush=True)
        together = both(platform)
        print("both at once", *together, f"load {os.getloadavg()[0]:.1f}", sep="\n", flush=True)
        print(platform.verify())
    record_delays(figures(without), alone, figures(together[1]))


def record_delays(sold: dict[str, float], alone: str, beside: dict[str, float]) -> None:
    """Record the delays of the sales, and of the texts alone and beside the sales."""
    note = "at 2,000 lines/s, all jobs but voice"
    for name, value in sold.items():
        where, statistic = name.split(", ")
        record(f"sales.latency.{'redis' if where == 'Redis' else 'lake'}.{statistic}", value, "s", COMMAND, f"event to {where} {note}")
    delays = [figures(alone)["Redis, p99"], beside["Redis, p99"]]
    record("voice.latency.redis.p99", delays, "s", COMMAND, "alone; with 2,000 lines/s of sales beside")
    (rate,) = re.findall(r"([\d.]+)/s over all", alone)
    record("voice.texts_per_second", float(rate), "texts/s", COMMAND, "with all jobs on, over all")


if __name__ == "__main__":
    main()
