"""Wait for a limited time, and show the progress on a terminal or in a log."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from rich.console import Console

from tillstream.core.errors import AwaitTimeoutError, RetryableError

T = TypeVar("T")

log = logging.getLogger(__name__)
console = Console(stderr=True, highlight=False, soft_wrap=True)

#: Without a terminal, progress is logged this often. On a terminal it is a spinner.
RECORD_SECONDS = 5.0


class Progress:
    """Show what is awaited and for how long: a spinner on a terminal, a log record every few seconds elsewhere."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._started = time.monotonic()
        self._told = self._started
        self._status = console.status(what) if console.is_terminal else None

    def __enter__(self) -> "Progress":
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def say(self, detail: object = "") -> None:
        """Show a detail beside what is awaited."""
        seconds = time.monotonic() - self._started
        text = f"{self.what}: {detail} ({seconds:.0f} s)" if detail != "" else f"{self.what} ({seconds:.0f} s)"
        if self._status:
            self._status.update(text)
        elif time.monotonic() - self._told >= RECORD_SECONDS:
            self._told = time.monotonic()
            log.info("%s", text)


def await_condition(
    what: str, condition: Callable[[], T | None], seconds: float, every: float = 0.5, detail: Callable[[], object] = str
) -> T:
    """Poll a condition until it returns a true value, and return that value.

    Args:
        what: what is awaited, as a clause ("the jobs to run").
        condition: called every `every` seconds; a RetryableError from it counts as "not yet".
        seconds: the bound of the wait.
        every: seconds between two calls.
        detail: returns what to show beside what is awaited.

    Raises:
        AwaitTimeoutError: the bound passed; the message has the last value or error.
    """
    deadline = time.monotonic() + seconds
    last: object = None
    with Progress(f"waiting for {what}") as progress:
        while True:
            try:
                last = found = condition()
                if found:
                    return found
            except RetryableError as error:
                last = error
            if time.monotonic() >= deadline:
                raise AwaitTimeoutError(what, seconds, last)
            progress.say(detail() or (last if isinstance(last, RetryableError) else ""))
            time.sleep(every)
