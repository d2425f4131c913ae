"""Serve the definitions to Dagster, like `dagster api grpc`, but fork the runs: python -m batch.dagster.serve.

Dagster starts a new interpreter for each run, which imports everything again: 16 s of a core. On two busy cores this took minutes, longer
than the minute for which the daemon waits; the daemon then gave the run up and started it again. Here a run is a fork of a process that
has imported everything.
"""

import logging
import multiprocessing
import threading
from datetime import UTC, datetime
from multiprocessing.context import ForkServerContext
from types import SimpleNamespace

from dagster._cli.api import grpc_command
from dagster._grpc import server

from batch.dagster.killed_runs import code_is_served, end_killed_runs
from tillstream.core.logging import configure_logging
from tillstream.core.waiting import await_condition

#: Modules that a run needs.
READ_ONCE = ["batch.dagster.run_process", "dagster._grpc.impl", "batch.dagster.definitions", "batch.dagster.killed_runs"]
ADDRESS = ["--host", "0.0.0.0", "--port", "4000"]  # noqa: S104 - compose's networks say who reaches it
LOGS = ["--log-format", "json"]
MODULE = ["--module-name", "batch.dagster.definitions", "--location-name", "tillstream"]


def main() -> None:
    """Serve until the process is ended."""
    configure_logging("batch-code")
    # Dagster's logger has a handler of its own.
    logging.getLogger("dagster").propagate = False
    runs = multiprocessing.get_context("forkserver")
    runs.set_forkserver_preload(READ_ONCE)
    # Dagster uses "spawn" and has no setting for it.
    vars(server)["multiprocessing"] = SimpleNamespace(get_context=lambda _: runs)
    threading.Thread(target=_prepare, args=[runs, datetime.now(tz=UTC)], daemon=True).start()
    grpc_command([*ADDRESS, *LOGS, *MODULE])


def _prepare(runs: ForkServerContext, began: datetime) -> None:
    """Preload the modules of runs, and end the runs that were killed with the last container.

    Call it once the definitions are served, because others wait for them.
    """
    await_condition("the code server to take calls", code_is_served, 1800)
    runs.Process(target=end_killed_runs, args=[began]).start()


if __name__ == "__main__":
    main()
