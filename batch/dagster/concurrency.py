"""Limits how many runs are active at a time."""

#: Tag of runs that go one at a time (images/batch/dagster.yaml): two of them need more memory than there is.
HEAVY = {"heavy": "yes"}
