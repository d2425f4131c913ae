"""The daily partitions of the batch."""

from datetime import date

import dagster as dg

#: First partition. No data is older than the platform.
FIRST_DAY = date(2025, 1, 1)
#: end_offset=1 adds a partition for today, because a file of today may arrive.
DAYS = dg.DailyPartitionsDefinition(start_date=str(FIRST_DAY), timezone="UTC", end_offset=1)


def why_no_partition(day: date, today: date) -> str | None:
    """Return why no run can be requested for a day; None if one can.

    If a sensor requests a run without a partition, Dagster fails the whole evaluation of the sensor.
    """
    if day < FIRST_DAY:
        return f"{day} is before {FIRST_DAY}, the first date of which files are accepted"
    if day > today:
        return f"{day} is in the future; today is {today} (UTC)"
    return None
