"""Give every producer process a clean stop and a heartbeat."""

import signal
import threading
from pathlib import Path

HEARTBEAT = Path("/tmp/heartbeat")  # noqa: S108 - inside the producer's own container
LIVE = Path("/tmp/live")  # noqa: S108


class Stop:
    """A flag that SIGTERM or SIGINT sets. Producers wait for it instead of sleeping."""

    def __init__(self) -> None:
        self._event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._event.set())

    @property
    def asked(self) -> bool:
        """Whether the process was asked to stop."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for some seconds or until asked to stop; return whether it was asked."""
        return self._event.wait(max(0.0, seconds))


def beat(*, live: bool) -> None:
    """Tell the health check that the producer makes progress, and whether it sends live trade."""
    HEARTBEAT.touch()
    if live:
        LIVE.touch()
    else:
        LIVE.unlink(missing_ok=True)
