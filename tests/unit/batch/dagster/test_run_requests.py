"""When the marts are requested."""

from datetime import UTC, date, datetime, timedelta

import pytest

from batch.dagster.run_requests import marts_not_due

DAY, NOON = date(2026, 11, 27), datetime(2026, 11, 28, 12, tzinfo=UTC)
CURSOR = f"{DAY} {NOON.isoformat(timespec='seconds')}"


@pytest.mark.parametrize(
    ("newest", "cursor", "hours", "due"),
    [
        (DAY, "", 0, True),
        (DAY, CURSOR, 1, False),
        # A file of the requested day is being loaded again: for a moment the day before is the newest with all its dumps.
        (DAY - timedelta(days=1), CURSOR, 1, False),
        (DAY + timedelta(days=1), CURSOR, 1, True),
        (DAY, CURSOR, 24, True),
    ],
)
def test_the_marts_are_due_for_a_new_day_and_once_a_day(newest: date, cursor: str, hours: int, due: bool) -> None:
    assert (marts_not_due(newest, cursor, NOON + timedelta(hours=hours)) is None) == due
