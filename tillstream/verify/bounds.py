"""Calculate the range of a figure from the lake: the least and the most that it can have been when Redis was read.

One query of the lake reads two sets of rows. Kafka had the settled rows SETTLE_BEFORE the moment of reading, so Redis had all of them. Kafka
had the unsettled rows by SETTLE_AFTER that moment, so Redis had some of them. The least value adds the unsettled rows that lower the figure,
the most value adds those that raise it. Without unsettled rows, Redis must have exactly the settled figure.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

#: An event is usually in Redis 0.4 s after it was sent (p99 1 s), and later while two cores are busy.
SETTLE_BEFORE = timedelta(seconds=20)
SETTLE_AFTER = timedelta(seconds=1)

Bounds = Mapping[str, tuple[Any, Any]]
"""The least and the most that each figure can have been, by name."""


@dataclass(frozen=True)
class Figure:
    """SQL expressions for the least and the most that a figure can be. `{settled}` stands for the condition of the settled rows."""

    least: str
    most: str


def total(each: str) -> Figure:
    """Return the figure for a sum over all rows of an expression, which may be negative."""
    settled = f"coalesce(sum({each}) FILTER (WHERE {{settled}}), 0)"
    return Figure(
        f"{settled} + coalesce(sum(least({each}, 0)) FILTER (WHERE NOT {{settled}}), 0)",
        f"{settled} + coalesce(sum(greatest({each}, 0)) FILTER (WHERE NOT {{settled}}), 0)",
    )


def rows_where(condition: str = "true") -> Figure:
    """Return the figure for the number of rows that meet a condition."""
    return Figure(f"count_if({condition} AND {{settled}})", f"count_if({condition})")


def different(what: str, condition: str = "true") -> Figure:
    """Return the figure for the number of distinct values of an expression, in the rows that meet a condition."""
    return Figure(
        f"count(DISTINCT {what}) FILTER (WHERE {condition} AND {{settled}})", f"count(DISTINCT {what}) FILTER (WHERE {condition})"
    )


def earliest(time: str) -> Figure:
    """Return the figure for the earliest time, in whole seconds since 1970."""
    return Figure(
        f"CAST(floor(to_unixtime(min({time}))) AS bigint)",
        f"CAST(floor(to_unixtime(coalesce(min({time}) FILTER (WHERE {{settled}}), max({time})))) AS bigint)",
    )


def latest(time: str) -> Figure:
    """Return the figure for the latest time, in whole seconds since 1970."""
    return Figure(
        f"CAST(floor(to_unixtime(coalesce(max({time}) FILTER (WHERE {{settled}}), min({time})))) AS bigint)",
        f"CAST(floor(to_unixtime(max({time}))) AS bigint)",
    )


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of the lake about one key.

    Attributes:
        settled: rows that Redis must have had.
        unsettled: rows that Redis may have had.
        bounds: the least and the most of each figure.
    """

    settled: int
    unsettled: int
    bounds: Bounds


@dataclass
class HotResult:
    """The comparison of the keys of one figure: a row of the report's table.

    Attributes:
        prefix: the start of the keys.
        keys: how many keys were compared.
        exact: how many are equal to the lake.
        moving: how many have unsettled rows and lie within their bounds.
        wrong: what is wrong, by key.
        skipped: how many keys were not compared.
    """

    prefix: str
    keys: int = 0
    exact: int = 0
    moving: int = 0
    wrong: dict[str, str] = field(default_factory=dict)
    skipped: int = 0

    @property
    def problems(self) -> list[str]:
        """Return what is wrong, one text per key."""
        return [f"{key}: {what}" for key, what in self.wrong.items()]

    def keep(self, keys: Container[str]) -> None:
        """Drop what is wrong with any key but these. Such a key was right in another reading, so its figure is moving."""
        kept = {key: what for key, what in self.wrong.items() if key in keys}
        self.moving += len(self.wrong) - len(kept)
        self.wrong = kept

    def take(self, key: str, held: Mapping[str, str] | None, known: Known | None) -> None:
        """Compare the fields of one key in Redis (`held`) with the lake (`known`), and count the result."""
        self.keys += 1
        if known is None:
            self.wrong[key] = "in Redis, not in the lake"
        elif held is None:
            if known.settled:
                self.wrong[key] = "in the lake, not in Redis"
            else:
                self.moving += 1
        elif wrong := wrong_figures(held, known.bounds):
            self.wrong[key] = ", ".join(wrong)
        else:
            self.exact += not known.unsettled
            self.moving += bool(known.unsettled)


def wrong_figures(held: Mapping[str, str], bounds: Bounds) -> list[str]:
    """Return, in words, the figures that are outside their bounds."""
    problems = []
    for name, (least, most) in bounds.items():
        if not Decimal(least) <= number(held.get(name, "NaN")) <= Decimal(most):
            expected = str(most) if least == most else f"from {least} to {most}"
            problems.append(f"{name} {held.get(name)} is not {expected}")
    return problems


def number(text: str) -> Decimal:
    """Parse a figure of Redis: a number, or a time in UTC (seconds since 1970). NaN becomes infinity, which is within no bounds."""
    if text.endswith("Z"):
        return Decimal(int(datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC).timestamp()))
    value = Decimal(text)
    # Decimal raises an error for a comparison with NaN.
    return Decimal("Infinity") if value.is_nan() else value


def instant(moment: datetime) -> str:
    """Return a time as a SQL literal of Trino, with microseconds. The time must be in UTC."""
    return f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S.%f} UTC'"
