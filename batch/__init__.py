"""Check, standardise and load dumps into the lake, build the marts, and keep the lake in order. Dagster runs all of it."""
