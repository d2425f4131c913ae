"""What a Flink job that does not come to run says of itself, and what helps. Pure: it reads the text of the exception."""

import re
from dataclasses import dataclass

_STATE = re.compile(
    r"StateMigrationException|must not be incompatible|Cannot map checkpoint/savepoint state|the state of .* is of version \d+"
    # Files of the lake that a checkpoint still wants to read, and that the lake has let go since.
    r"|iceberg\.exceptions\.NotFoundException"
)
_OUT_OF_RANGE = re.compile(r"OffsetOutOfRangeException|out of range with no configured reset policy")
_PLACE = re.compile(r"offset=(\d+).*?partition[ =]?([\w.\-]+)-(\d+)|\{([\w.\-]+)-(\d+)=(\d+)\}", re.DOTALL)


@dataclass(frozen=True)
class Failure:
    """A failure that no restart mends: its kind (STATE or OFFSETS), and in words what it is and the way out."""

    kind: str
    reason: str


def failure(exception: str) -> Failure | None:
    """The failure that the root exception of a job tells of; None where trying again may help."""
    if _OUT_OF_RANGE.search(exception):
        return Failure("OFFSETS", _offsets(exception))
    if found := _STATE.search(exception):
        line = next(line for line in exception.splitlines() if found[0] in line)
        return Failure("STATE", f"its state does not fit its code: {line.strip().removeprefix('Caused by: ')[:300]}")
    return None


def _offsets(exception: str) -> str:
    found = _PLACE.search(exception)
    if found:
        offset, topic, number = (found[1], found[2], found[3]) if found[1] else (found[6], found[4], found[5])
        place = f"at offset {int(offset):,} of {topic}-{number}, which Kafka does not have"
    else:
        place = "at an offset that Kafka does not have"
    return (
        f"it would go on {place}. Where that is past the end, a power cut has taken records that the job has read: `make jobs-fill` moves the end past "
        "them. Where it is before the beginning, retention has deleted records unread: `make jobs-resume J=<job>` starts the job behind them, without its state"
    )
