"""Batch part: checks, standardises and loads dumps into the lake, builds the marts, keeps the lake in order. Dagster runs it."""
