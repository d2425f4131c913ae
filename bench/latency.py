"""Measure the delay from an event to Redis and to a row in Trino at 2,000 lines/s, with and without customers' texts.

It also measures how many texts a second are analysed, and the delay of a text to Redis. Run by `make bench`.
"""

import os
from concurrent.futures import ThreadPoolExecutor

from bench.platform import bench_platform, submit
from flink_jobs.common.submit import JOBS
from producers.latency import WARM_UP_SECONDS
from tests.support.compose_platform import Platform

SECONDS = 60


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
        print(f"without the voice job\n{sales(platform)}load {os.getloadavg()[0]:.1f}", flush=True)
        submit(platform, "voice")
        print(f"{texts(platform, 3000, SECONDS)}load {os.getloadavg()[0]:.1f}", flush=True)
        print("both at once", *both(platform), f"load {os.getloadavg()[0]:.1f}", sep="\n", flush=True)
        print(platform.verify())


if __name__ == "__main__":
    main()
