"""What Dagster runs and shows: assets, sensors, schedules, lineage."""
