"""Tests side by side: what the workers of one run share, and what waits for all others.

Workers are pytest-xdist's. All of them use one test platform: the first that needs it starts it, the others wait meanwhile. What breaks
services waits until every other worker has ended.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.compose_platform import eventually

#: The longest that a worker waits for the others, in seconds of a fast machine: a slow one has 5400, and CI no more for everything.
SECONDS = 1800


class Run:
    """One run of the tests, as a folder that its workers share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        self._workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the run's lock: one worker at a time."""
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def has(self, what: str) -> bool:
        """Return whether a worker has noted this."""
        return (self._folder / what).exists()

    def note(self, what: str) -> None:
        """Note this for all workers."""
        (self._folder / what).touch()

    def forget(self) -> None:
        """Remove the folder, once all workers have ended."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def end(self) -> None:
        """Note that this worker has no more tests."""
        self.note(f"ended-{self._name}")

    def await_others(self) -> None:
        """Wait until every other worker has ended."""
        eventually("the end of the other workers", lambda: len(list(self._folder.glob("ended-*"))) >= self._workers - 1, SECONDS, every=0.2)
