"""A business date has a partition exactly if its files are accepted."""

from datetime import UTC, date, datetime, timedelta

from batch.partitions import DAYS, FIRST_DAY, why_no_partition

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def test_there_is_a_partition_for_each_day_that_is_taken_and_for_no_other() -> None:
    days = [
        date(2024, 2, 29),
        FIRST_DAY - timedelta(days=1),
        FIRST_DAY,
        TODAY - timedelta(days=1),
        TODAY,
        TODAY + timedelta(days=1),
        date(2026, 12, 24),
    ]
    partitions = set(DAYS.get_partition_keys(current_time=NOW))
    assert [str(day) in partitions for day in days] == [why_no_partition(day, TODAY) is None for day in days]
