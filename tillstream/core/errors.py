"""The root of every error Tillstream raises on purpose, its two families, and the errors that several modules share.

An error that one module raises may be defined there; it descends from one of these (held by tests/unit/test_house_rules.py).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tillstream.core.job_failures import Failure


class TillstreamError(Exception):
    """The root: what went wrong, in words a user can act on."""


class RetryableError(TillstreamError):
    """Something outside is not there yet or not there now; the same call may succeed later."""


class TerminalError(TillstreamError):
    """The same call will fail again until somebody changes something."""


class AwaitTimeoutError(RetryableError):
    """A bounded wait ended without its condition; carries what was awaited and for how long."""

    def __init__(self, what: str, seconds: float, last: object = None) -> None:
        super().__init__(f"{what} did not happen within {seconds:.0f} s" + (f" (last seen: {last})" if last is not None else ""))
        self.what = what
        self.seconds = seconds


class DeliveryError(RetryableError):
    """Kafka did not take a message within the producer's delivery timeout."""


class QueryError(TerminalError):
    """Trino refused a query; carries Trino's name of the error and its type (USER_ERROR, INTERNAL_ERROR, INSUFFICIENT_RESOURCES or EXTERNAL)."""

    def __init__(self, message: str, name: str = "", kind: str = "") -> None:
        super().__init__(message)
        self.name = name
        self.kind = kind


class ContractError(TerminalError):
    """A contract is broken, incompatible or not deployed."""


class SourceDayError(TerminalError):
    """The source has no trade on the day that was asked for."""


class AnnouncementError(TerminalError):
    """A message that announces no photo, or a photo of which it says what cannot be: the kind of dead letter, and why."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason


class FileRefusedError(TerminalError):
    """A dump's file is refused whole: the rule it breaks, the reason, and the SHA-256 of what came, where anything did."""

    def __init__(self, rule: str, reason: str, sha256: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason
        self.sha256 = sha256


class InDoubtError(TillstreamError):
    """A file or something outside is at fault, and nobody knows which: the load is tried again a few times, and other files go on meanwhile.

    It is in neither family: a retryable error is tried again for as long as it takes, a terminal one not at all.
    """


class JobError(TerminalError):
    """Flink jobs were not accepted, do not run or could not be filled: which, why, and the way out."""


class NotRestorableError(JobError):
    """A job that was accepted fails again and again, and no restart will mend it."""

    def __init__(self, job: str, found: "Failure") -> None:
        super().__init__(f"{job}: {found.reason}")
        self.job = job
        self.found = found
