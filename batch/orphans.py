"""Ends the runs that were killed together with batch-code: python -m batch.orphans, before the definitions are served.

Dagster's launcher cannot ask after a process in a container that is gone, and would hold the run's place in the queue until its time is up.
"""

import dagster as dg

#: The launcher's own tag: such a run was a process beside the code server. `make marts` and `make upkeep` run elsewhere and have none.
LAUNCHED_HERE = ".dagster/grpc_info"
UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def end_orphans(instance: dg.DagsterInstance) -> list[str]:
    """Marks as failed every run under way that was launched here, and gives their ids. The daemon tries a failed run again."""
    orphans = [run for run in instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY)) if LAUNCHED_HERE in run.tags]
    for run in orphans:
        instance.report_run_failed(run, "It was killed together with batch-code.")
    return [run.run_id for run in orphans]


if __name__ == "__main__":
    for run_id in end_orphans(dg.DagsterInstance.get()):
        print(f"run {run_id} had been killed with this service; marked as failed", flush=True)
