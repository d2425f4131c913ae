"""Runs that go one at a time."""

#: The tag of which images/batch/dagster.yaml lets one run go: two such side by side take more memory than there is.
HEAVY = {"heavy": "yes"}
