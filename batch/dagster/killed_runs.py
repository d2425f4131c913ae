"""Ends the runs that were killed: together with batch-code, beside the code server that starts anew, or with a command in a container of its own.

Dagster's launcher cannot ask after a process in a container that is gone, and would hold the run's place in the queue until its time is up.
"""

import logging
import socket
from datetime import datetime

import dagster as dg

from tillstream.core.clients.postgres import COMMAND, try_lock
from tillstream.core.errors import RetryableError

log = logging.getLogger(__name__)

#: The launcher's own tag: such a run was a process beside the code server. `make marts` and its like run elsewhere and have none.
LAUNCHED_HERE = ".dagster/grpc_info"
#: What a run is tagged with that ends so: the sensor asks for its files again at once.
KILLED = "tillstream/killed"
UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_CODE_SERVER = ("127.0.0.1", 4000)


def orphans(instance: dg.DagsterInstance, began: datetime) -> list[dg.DagsterRun]:
    """The runs under way that were launched here before this moment, at which the container began."""
    records = instance.get_run_records(dg.RunsFilter(statuses=UNDER_WAY, updated_before=began))
    return [record.dagster_run for record in records if LAUNCHED_HERE in record.dagster_run.tags]


def code_is_served() -> bool:
    """Whether the code server takes calls.

    Raises:
        RetryableError: not yet.
    """
    try:
        socket.create_connection(_CODE_SERVER, timeout=1).close()
    except OSError as error:
        raise RetryableError(str(error)) from error
    return True


def end_orphans(began: datetime) -> None:
    """Ends those that were under way when the container began. Only once the definitions are served can the daemon try a failed run again."""
    instance = dg.DagsterInstance.get()
    for run in orphans(instance, began):
        instance.add_run_tags(run.run_id, {KILLED: "yes"})
        instance.report_run_failed(run, "It was killed together with batch-code.")
        log.warning("run %s had been killed with this service; marked as failed", run.run_id, extra={"run_id": run.run_id})


def of_commands(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """The runs under way that a command has started in its own process."""
    return [run for run in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])) if LAUNCHED_HERE not in run.tags]


def end_killed_commands(instance: dg.DagsterInstance) -> None:
    """Ends the runs of commands of which none lives: the caller has their lock."""
    for run in of_commands(instance):
        instance.report_run_failed(run, "Its command was killed.")


def end_commands_if_none_lives(instance: dg.DagsterInstance) -> None:
    """Ends the runs of commands that were killed, unless a command is at work."""
    if of_commands(instance):
        with try_lock(COMMAND) as free:
            if free:
                end_killed_commands(instance)
