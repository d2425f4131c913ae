"""The days of which there may be data."""

import dagster as dg

#: Nothing is older than the platform.
DAYS = dg.DailyPartitionsDefinition(start_date="2025-01-01", timezone="UTC", end_offset=1)
