"""Photos are looked at side by side, each thread with models of its own, which bear no second caller."""

import threading
from collections.abc import Callable
from typing import TypeVar

#: The platform is made for two cores.
THREADS = 2
T = TypeVar("T")


def one_a_thread(make: Callable[[], T]) -> Callable[[], T]:
    """What `make` gives, made once for each thread that asks."""
    own = threading.local()

    def get() -> T:
        if not hasattr(own, "made"):
            own.made = make()
        made: T = own.made
        return made

    return get
