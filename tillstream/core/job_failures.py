"""Recognise failures of a Flink job that no restart can repair, by the text of the exception. This module does no I/O."""

import re
from dataclasses import dataclass

_STATE = re.compile(
    r"StateMigrationException|must not be incompatible|Cannot map checkpoint/savepoint state|the state of .* is of version \d+"
    # Files of the lake that a checkpoint refers to, and that were deleted after it.
    r"|iceberg\.exceptions\.NotFoundException"
)
_OUT_OF_RANGE = re.compile(r"OffsetOutOfRangeException|out of range with no configured reset policy")
_PLACE = re.compile(r"offset=(\d+).*?partition[ =]?([\w.\-]+)-(\d+)|\{([\w.\-]+)-(\d+)=(\d+)\}", re.DOTALL)


@dataclass(frozen=True)
class Failure:
    """A failure that no restart can repair: its kind (STATE or OFFSETS), and a reason that says what to do."""

    kind: str
    reason: str


def parse_failure(exception: str) -> Failure | None:
    """Return the permanent failure that a job's stack trace shows; None where a restart may help."""
    if _OUT_OF_RANGE.search(exception):
        return Failure("OFFSETS", _offsets(exception))
    if match := _STATE.search(exception):
        line = next(line for line in exception.splitlines() if match[0] in line)
        return Failure("STATE", f"its state does not fit its code: {line.strip().removeprefix('Caused by: ')[:300]}")
    return None


def _offsets(exception: str) -> str:
    match = _PLACE.search(exception)
    if match:
        offset, topic, number = (match[1], match[2], match[3]) if match[1] else (match[6], match[4], match[5])
        place = f"at offset {int(offset):,} of {topic}-{number}, which Kafka does not have"
    else:
        place = "at an offset that Kafka does not have"
    return (
        f"it would continue {place}. If that is past the end, Kafka lost records in a power cut that the job had read: run `make jobs-fill` to move the end "
        "past them. If it is before the beginning, retention deleted records that the job had not read: run `make jobs-resume J=<job>` to start the job "
        "after them, without its state"
    )
