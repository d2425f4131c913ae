"""Analyse photos in parallel: each thread has its own models, since a model cannot serve two threads at once."""

import threading
from collections.abc import Callable
from typing import TypeVar

#: The platform is built for two cores.
THREADS = 2
T = TypeVar("T")


def one_a_thread(make: Callable[[], T]) -> Callable[[], T]:
    """Wrap `make` so that it is called once per thread; later calls in the thread return the same object."""
    own = threading.local()

    def get() -> T:
        if not hasattr(own, "instance"):
            own.instance = make()
        instance: T = own.instance
        return instance

    return get
