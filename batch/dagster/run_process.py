"""Read first by the process of which each run is a fork (batch/dagster/serve.py): what is logged in a run is configured here, once for all."""

from tillstream.core.logging import configure_logging

configure_logging("batch-run")
