"""Bounded waits and progress, for people on a terminal and for logs."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from rich.console import Console

from tillstream.core.errors import AwaitTimeoutError, RetryableError

T = TypeVar("T")

log = logging.getLogger(__name__)
console = Console(stderr=True, highlight=False, soft_wrap=True)

#: Where there is no terminal a record is logged this often; on a terminal a spinner moves all the time.
RECORD_SECONDS = 5.0


class Progress:
    """Tells what is being awaited and for how long: a spinner on a terminal, a log record now and then elsewhere."""

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
        """Shows the detail beside what is awaited."""
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
    """Polls until the condition gives something true, and gives it back.

    Args:
        what: what is awaited, as a clause ("the jobs to run").
        condition: asked again after each `every` seconds; a RetryableError from it counts as "not yet".
        seconds: the bound.
        every: seconds between two questions.
        detail: what to show beside what is awaited.

    Raises:
        AwaitTimeoutError: the bound passed; it carries what was last seen.
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
