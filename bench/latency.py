"""From the event to Redis and to a row in Trino at 2,000 lines/s. Run by `make bench`."""

import os

from bench.platform import bench_platform


def main() -> None:
    """Prints the percentiles with the machine's load."""
    platform = bench_platform()
    try:
        platform.compose("run", "--rm", "--no-deps", "-T", "jobs", timeout=300)
        print(platform.tools("produce", "latency", "--rate", "2000", "--seconds", "60"), end="")
        print(f"load {os.getloadavg()[0]:.1f}")
    finally:
        if os.environ.get("KEEP_COMPOSE") != "1":
            platform.down(volumes=True)


if __name__ == "__main__":
    main()
