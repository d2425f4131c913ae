"""Every error Tillstream raises on purpose, in two families."""


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
