"""Dagster's assets, sensors, schedules and lineage."""
