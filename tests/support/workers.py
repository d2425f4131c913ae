"""Share one platform between the workers of pytest-xdist, and let one worker wait for all others.

The first worker that needs the platform starts it, and the others wait. Tests that break services wait until every other worker has ended.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.compose_platform import eventually

#: The longest wait for the other workers, in seconds of a fast machine. It has a limit because a crashed worker never notes its end.
#: With PATIENCE, it is 2,700 s, which is half of CI's time.
SECONDS = 900


class Run:
    """One run of the tests, as a folder that its workers share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = os.environ.get("PYTEST_XDIST_WORKER", "only")
        self._workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock of the run, which one worker at a time can hold."""
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def has(self, what: str) -> bool:
        """Return whether a worker has made this note."""
        return (self._folder / what).exists()

    def note(self, what: str) -> None:
        """Make a note that all workers can read."""
        (self._folder / what).touch()

    def forget(self) -> None:
        """Remove the folder, once all workers have ended."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def end(self) -> None:
        """Note that this worker has no more tests."""
        self.note(f"ended-{self._name}")

    def await_others(self) -> None:
        """Wait until every other worker has ended.

        Raises:
            AssertionError: some workers have not ended. The message names them.
        """
        try:
            eventually("the end of the other workers", lambda: len(self._ended()) >= self._workers - 1, SECONDS)
        except AssertionError as error:
            missing = {f"gw{number}" for number in range(self._workers)} - self._ended() - {self._name}
            raise AssertionError(f"{error}; not ended: {', '.join(sorted(missing))}") from error

    def _ended(self) -> set[str]:
        return {path.name.removeprefix("ended-") for path in self._folder.glob("ended-*")}
