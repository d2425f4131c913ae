"""What a figure in Redis can have been at the moment when it was read.

The lake is asked once for two sets of rows: those that Kafka had some seconds before that moment, which are settled, and those that it had
until just after. Redis had all of the first and some of the second. So each figure lies between what it would be with the second's rows
that lower it and with those that raise it; where there are none of the second, it is equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

#: An event is in Redis 0.4 s after it was sent, as a rule (p99 1 s); while two cores are busy with everything else, later.
SETTLE_BEFORE = timedelta(seconds=20)
SETTLE_AFTER = timedelta(seconds=1)

Bounds = Mapping[str, tuple[Any, Any]]
"""By figure: the least and the most that it can have been."""


@dataclass(frozen=True)
class Figure:
    """How the lake says the least and the most that a figure can be; `{settled}` is the condition of the settled rows."""

    least: str
    most: str


def total(each: str) -> Figure:
    """A sum of what each row gives, which may be less than nothing."""
    settled = f"coalesce(sum({each}) FILTER (WHERE {{settled}}), 0)"
    return Figure(
        f"{settled} + coalesce(sum(least({each}, 0)) FILTER (WHERE NOT {{settled}}), 0)",
        f"{settled} + coalesce(sum(greatest({each}, 0)) FILTER (WHERE NOT {{settled}}), 0)",
    )


def rows_where(condition: str = "true") -> Figure:
    """How many rows there are of which something is true."""
    return Figure(f"count_if({condition} AND {{settled}})", f"count_if({condition})")


def different(what: str, condition: str = "true") -> Figure:
    """How many different values the rows have of which something is true."""
    return Figure(
        f"count(DISTINCT {what}) FILTER (WHERE {condition} AND {{settled}})", f"count(DISTINCT {what}) FILTER (WHERE {condition})"
    )


def earliest(time: str) -> Figure:
    """The earliest time, in whole seconds since 1970."""
    return Figure(
        f"CAST(floor(to_unixtime(min({time}))) AS bigint)",
        f"CAST(floor(to_unixtime(coalesce(min({time}) FILTER (WHERE {{settled}}), max({time})))) AS bigint)",
    )


def latest(time: str) -> Figure:
    """The latest time, in whole seconds since 1970."""
    return Figure(
        f"CAST(floor(to_unixtime(coalesce(max({time}) FILTER (WHERE {{settled}}), min({time})))) AS bigint)",
        f"CAST(floor(to_unixtime(max({time}))) AS bigint)",
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What the lake says of one key."""

    #: Rows that Redis must have had.
    settled: int
    #: Rows that it may have had.
    unsettled: int
    bounds: Bounds


@dataclass
class HotResult:
    """One row of the report's table: how many keys were equal, how many moved and lay between, how many are not compared, and what is wrong."""

    prefix: str
    keys: int = 0
    exact: int = 0
    moving: int = 0
    problems: list[str] = field(default_factory=list)
    skipped: int = 0

    def take(self, key: str, held: Mapping[str, str] | None, known: Known | None) -> None:
        """Compares a key."""
        self.keys += 1
        if known is None:
            self.problems.append(f"{key}: in Redis, not in the lake")
        elif held is None:
            if known.settled:
                self.problems.append(f"{key}: in the lake, not in Redis")
            else:
                self.moving += 1
        elif wrong := wrong_figures(held, known.bounds):
            self.problems.append(f"{key}: " + ", ".join(wrong))
        else:
            self.exact += not known.unsettled
            self.moving += bool(known.unsettled)


def wrong_figures(held: Mapping[str, str], bounds: Bounds) -> list[str]:
    """The figures that are not what they can have been."""
    found = []
    for name, (least, most) in bounds.items():
        if not Decimal(least) <= number(held.get(name, "NaN")) <= Decimal(most):
            found.append(
                f"{name} {held.get(name)} is not {most}" if least == most else f"{name} {held.get(name)} is not from {least} to {most}"
            )
    return found


def number(text: str) -> Decimal:
    """A figure of Redis: a number, or a time as its seconds since 1970. What is neither is equal to none."""
    if text.endswith("Z"):
        return Decimal(int(datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC).timestamp()))
    value = Decimal(text)
    # A comparison with NaN is an error, not false.
    return Decimal("Infinity") if value.is_nan() else value


def instant(moment: datetime) -> str:
    """A moment as Trino reads it."""
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S.%f} UTC'"
