"""The days of which there may be data."""

from datetime import date

import dagster as dg

#: Nothing is older than the platform.
FIRST_DAY = date(2025, 1, 1)
#: A file of the day that is not over is taken.
DAYS = dg.DailyPartitionsDefinition(start_date=str(FIRST_DAY), timezone="UTC", end_offset=1)


def why_no_partition(day: date, today: date) -> str | None:
    """Why no run can be asked for the day: Dagster fails the whole turn of a sensor that asks for one without a partition. None where one can."""
    if day < FIRST_DAY:
        return f"{day} is before {FIRST_DAY}, the first day of which files are taken"
    if day > today:
        return f"{day} is in the future; today is {today} (UTC)"
    return None
