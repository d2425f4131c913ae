"""Group days into ranges that are processed together."""

from collections.abc import Sequence
from datetime import date, timedelta

#: Most days of a range. Each rewritten day needs the buffers of a writer: a whole year was more than Trino's heap.
DAYS_AT_ONCE = 14


def stretches(days: Sequence[date], end: date) -> list[tuple[date, date]]:
    """Return ranges (first day, day after the last) before `end` that cover these sorted days and begin with one of them."""
    ranges: list[tuple[date, date]] = []
    for day in days:
        if not ranges or day >= ranges[-1][1]:
            ranges.append((day, min(day + timedelta(days=DAYS_AT_ONCE), end)))
    return ranges
