"""The errors that Tillstream raises on purpose: their base class, its two families, and the errors that several folders share.

An error that only one folder uses may stand beside the code that raises it. It derives from one of these; tests/unit/test_house_rules.py
checks both.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tillstream.core.job_failures import Failure


class TillstreamError(Exception):
    """The base class. The message says what went wrong in words that a user can act on."""


class RetryableError(TillstreamError):
    """Another system is not available yet, or not now. The same call may succeed later."""


class TerminalError(TillstreamError):
    """The same call fails again until somebody changes something."""


class AwaitTimeoutError(RetryableError):
    """A wait ended before its condition became true. It carries what was awaited and for how many seconds."""

    def __init__(self, what: str, seconds: float, last: object = None) -> None:
        super().__init__(f"{what} did not happen within {seconds:.0f} s" + (f" (last seen: {last})" if last is not None else ""))
        self.what = what
        self.seconds = seconds


class DeliveryError(RetryableError):
    """Kafka did not acknowledge a message within the producer's delivery timeout."""


class QueryError(TerminalError):
    """Trino refused a query. It carries Trino's error name and error type (USER_ERROR, INTERNAL_ERROR, INSUFFICIENT_RESOURCES or EXTERNAL)."""

    def __init__(self, message: str, name: str = "", kind: str = "") -> None:
        super().__init__(message)
        self.name = name
        self.kind = kind


class ContractError(TerminalError):
    """A contract is broken, incompatible or not deployed."""


class SourceDayError(TerminalError):
    """The source data set has no sales on the requested day."""


class AnnouncementError(TerminalError):
    """A message announces no photo, or gives impossible values for it. It carries the kind of dead letter and the reason."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason


class FileRefusedError(TerminalError):
    """A dump's file is refused as a whole. It carries the broken rule, the reason, and the file's SHA-256 (empty where the file could not be read)."""

    def __init__(self, rule: str, reason: str, sha256: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule
        self.reason = reason
        self.sha256 = sha256


class InDoubtError(TillstreamError):
    """A load failed because of its file or because of another system, and it is unknown which.

    The load is tried again a few times, while other files are loaded. So the error is in neither family: a retryable error is tried again until
    it succeeds, a terminal one not at all.
    """


class JobError(TerminalError):
    """Flink jobs were refused, do not run, or their topics could not be filled. The message names them and says what to do."""


class NotRestorableError(JobError):
    """A submitted job fails repeatedly and no restart can repair it. It carries the job's name and the failure."""

    def __init__(self, job: str, failure: "Failure") -> None:
        super().__init__(f"{job}: {failure.reason}")
        self.job = job
        self.failure = failure
