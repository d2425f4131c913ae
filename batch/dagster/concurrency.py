"""The tag by which images/batch/dagster.yaml limits how many runs are active at a time."""

#: Runs with this tag go one at a time: two of them need more memory than there is.
HEAVY = {"heavy": "yes"}
