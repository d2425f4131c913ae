"""End the runs that were killed: with the container of batch-code, with a restarted code server, or with a command in its own container.

Dagster's launcher cannot check a process in a container that is gone. It would keep the run's place in the queue until the run's time limit.
"""

import logging
import socket
from datetime import datetime

import dagster as dg

from tillstream.core.clients.postgres import COMMAND, try_lock
from tillstream.core.errors import RetryableError

log = logging.getLogger(__name__)

#: Tag that the launcher sets: such a run was a process beside the code server. Runs of `make marts` and similar commands are elsewhere and
#: do not have it.
LAUNCHED_HERE = ".dagster/grpc_info"
#: Tag of a run that was ended here. The sensor requests its files again at once.
KILLED = "tillstream/killed"
UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_CODE_SERVER = ("127.0.0.1", 4000)


def killed_runs(instance: dg.DagsterInstance, began: datetime) -> list[dg.DagsterRun]:
    """Return the runs under way that were launched here before `began`, when the container started."""
    records = instance.get_run_records(dg.RunsFilter(statuses=UNDER_WAY, updated_before=began))
    return [record.dagster_run for record in records if LAUNCHED_HERE in record.dagster_run.tags]


def code_is_served() -> bool:
    """Return True if the code server accepts connections.

    Raises:
        RetryableError: it does not yet.
    """
    try:
        socket.create_connection(_CODE_SERVER, timeout=1).close()
    except OSError as error:
        raise RetryableError(str(error)) from error
    return True


def end_killed_runs(began: datetime) -> None:
    """End the runs that were under way when the container started.

    Called once the definitions are served: only then can the daemon retry a failed run.
    """
    instance = dg.DagsterInstance.get()
    for run in killed_runs(instance, began):
        instance.add_run_tags(run.run_id, {KILLED: "yes"})
        instance.report_run_failed(run, "It was killed together with batch-code.")
        log.warning("run %s had been killed with this service; marked as failed", run.run_id, extra={"run_id": run.run_id})


def of_commands(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Return the runs under way that a command started in its own process."""
    return [run for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])) if LAUNCHED_HERE not in run.tags]


def end_killed_commands(instance: dg.DagsterInstance) -> None:
    """End all runs of commands. The caller holds their lock, so none of them is alive."""
    for run in of_commands(instance):
        instance.report_run_failed(run, "Its command was killed.")


def end_commands_if_none_lives(instance: dg.DagsterInstance) -> None:
    """End the runs of killed commands, unless a command is running."""
    if of_commands(instance):
        with try_lock(COMMAND) as free:
            if free:
                end_killed_commands(instance)
