"""Days that are worked on together."""

from collections.abc import Sequence
from datetime import date, timedelta

#: Each day that is rewritten takes a writer's buffers: a year at once was more than Trino's heap.
DAYS_AT_ONCE = 14


def stretches(days: Sequence[date], end: date) -> list[tuple[date, date]]:
    """Stretches, from a day up to another before `end`, that have these days and each begin with one; the days are in order."""
    found: list[tuple[date, date]] = []
    for day in days:
        if not found or day >= found[-1][1]:
            found.append((day, min(day + timedelta(days=DAYS_AT_ONCE), end)))
    return found
