"""Configure logging in the process from which all runs are forked (batch/dagster/serve.py)."""

from tillstream.core.logging import configure_logging

configure_logging("batch-run")
