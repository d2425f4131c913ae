"""Start the measured platform: compose project tillstream-bench, with no producer but the load."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.compose_platform import AS_IT_IS, OVERRIDES, Platform

PORTS = {name: f"2{value[1:]}" for name, value in OVERRIDES.items() if name.endswith("_PORT")}
FAULTS = {"FAULT_DUPLICATE": "0.01", "FAULT_LATE": "0.01", "FAULT_OUT_OF_ORDER": "0.0", "FAULT_FUTURE": "0.001", "FAULT_WRONG_SCHEMA": "0.001",
          "FAULT_TRUNCATED": "0.001", "FAULT_JUNK": "0.0002", "FAULT_IMPOSSIBLE": "0.001"}  # fmt: skip


@contextmanager
def bench_platform(**settings: str) -> Iterator[Platform]:
    """Start a new platform without data and jobs, and remove it at the end, unless KEEP_COMPOSE=1."""
    platform = Platform("tillstream-bench", {**PORTS, **FAULTS, "HISTORY_DAYS": "0", "BACKFILL_TODAY": "false", **settings}, AS_IT_IS)
    platform.down(volumes=True)
    platform.compose("up", "--detach", "flink-taskmanager", "trino", timeout=900)
    # Each service runs to its end before the next: jobs need the tables.
    for service in ("init-topics", "init-schemas", "init-buckets", "init-reference", "company-masters", "init-tables"):
        platform.compose("run", "--rm", "-T", service, timeout=300)
    try:
        yield platform
    finally:
        if os.environ.get("KEEP_COMPOSE") != "1":
            platform.down(volumes=True)


def submit(platform: Platform, *jobs: str) -> None:
    """Start these jobs, or all."""
    platform.one_off("init-jobs", "python3", "-m", "tillstream", "jobs", "submit", *jobs, timeout=300)
