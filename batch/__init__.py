"""Batch: dumps from the landing bucket, checked, standardised and loaded into the lake. Dagster runs it."""
