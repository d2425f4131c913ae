"""Dagster's definitions: an asset for each dump, the sensor of the landing bucket, and all other assets, jobs and schedules."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_START_TAG, MAX_RUNTIME_SECONDS_TAG

from batch.dagster.concurrency import HEAVY
from batch.dagster.digest_assets import DIGEST_JOB, digests, each_morning
from batch.dagster.killed_runs import KILLED, end_commands_if_none_lives
from batch.dagster.lineage import external_assets
from batch.dagster.maintenance_assets import ASSETS, COMPACT, DAILY, SCHEDULES
from batch.dagster.marts_assets import DBT, MARTS_JOB, day_is_in, marts, prepare_marts
from batch.dagster.run_requests import refuse, run_requests
from batch.loading.loader import Loader, sensor_loader
from batch.loading.quality_tables import Outcome
from batch.partitions import DAYS
from batch.paths import HOME
from tillstream.core.contracts import DumpContract, dump_contracts, period
from tillstream.core.errors import RetryableError

#: Retries for services that are away for a while: Trino during a restart, the object store, Postgres.
RETRY = dg.RetryPolicy(max_retries=4, delay=15, backoff=dg.Backoff.EXPONENTIAL)
CHECK = "great_expectations"
#: Longest time of a run in seconds for each date, if it loads several dates; it replaces the limit in images/batch/dagster.yaml.
A_DATE_AT_MOST = 600


class AgainConfig(dg.Config):
    """The options of a load."""

    #: Load files too that were loaded before.
    again: bool = False


def key(contract: DumpContract) -> dg.AssetKey:
    """Return the asset key of a dump's table, as lake/loyalty/members."""
    return dg.AssetKey(contract.table.split("."))


def load_asset(contract: DumpContract) -> dg.AssetsDefinition:
    """Return the asset that loads a dump's files of one or more days."""
    masters = [dump_contracts()[dump] for dump in sorted(set(contract.references.values()))]

    @dg.asset(
        key=key(contract),
        deps=[dg.AssetKey(["landing", contract.area, contract.what]), *(key(master) for master in masters)],
        partitions_def=DAYS,
        # Dates that are requested together are one run, in order: then a history is rebuilt once and not for each date.
        backfill_policy=dg.BackfillPolicy.single_run(),
        check_specs=[dg.AssetCheckSpec(CHECK, asset=key(contract), description=f"The suite {contract.name}; its page is in Data Docs")],
        description=contract.document["doc"],
        owners=[f"team:{contract.document['owner']}"],
        group_name=contract.area,
        kinds={"iceberg", "python"},
        retry_policy=RETRY,
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=period(contract.document["dump"]["freshness"])),
        metadata={"table": contract.table, "key": ", ".join(contract.key), "load": contract.load, "tolerance": contract.tolerance},
    )
    def table(context: dg.AssetExecutionContext, config: AgainConfig) -> dg.MaterializeResult:  # type: ignore[type-arg] # Dagster reads the annotation and does not know the generic one
        dates = {date.fromisoformat(day) for day in context.partition_keys}
        outcomes = []

        def plan(count: int) -> None:
            run = context.instance.get_run_by_id(context.run_id)
            seconds = max(count, len(dates)) * A_DATE_AT_MOST
            # Never lower a limit that another dump of the run has set.
            if run and seconds > max(A_DATE_AT_MOST, int(run.tags.get(MAX_RUNTIME_SECONDS_TAG, 0))):
                context.instance.add_run_tags(context.run_id, {MAX_RUNTIME_SECONDS_TAG: str(seconds)})

        for outcome in Loader(HOME).load_dates(contract.name, dates, again=config.again, plan=plan):
            a, reason = outcome.announced, outcome.reason or ""
            context.log.info("%s: %s, %d of %d rows %s", a.path, outcome.status, outcome.rows_loaded, outcome.rows_in, reason)
            outcomes.append(outcome)
        return dg.MaterializeResult(metadata=_metadata(outcomes), check_results=[_verdict(outcomes)])

    return table


def _metadata(outcomes: list[Outcome]) -> dict[str, int | str]:
    return {
        "files": len(outcomes),
        "rows in": sum(o.rows_in for o in outcomes),
        "rows loaded": sum(o.rows_loaded for o in outcomes),
        "rows quarantined": sum(o.rows_quarantined for o in outcomes),
        "refused": "\n".join(f"{o.announced.path}: {o.reason}" for o in outcomes if o.status == "REFUSED") or "none",
    }


def _verdict(outcomes: list[Outcome]) -> dg.AssetCheckResult:
    """Return the result of the asset check: failed if a file was refused, a warning if rows were quarantined."""
    refused = [o for o in outcomes if o.status == "REFUSED"]
    aside = sum(o.rows_quarantined for o in outcomes)
    return dg.AssetCheckResult(
        check_name=CHECK,
        passed=not refused and not aside,
        severity=dg.AssetCheckSeverity.ERROR if refused else dg.AssetCheckSeverity.WARN,
        metadata={"refused": len(refused), "rows quarantined": aside},
    )


LOADS = [load_asset(contract) for contract in dump_contracts().values()]
LOAD_JOB = dg.define_asset_job(
    "load_dumps",
    selection=dg.AssetSelection.assets(*LOADS),
    partitions_def=DAYS,
    tags=HEAVY,
    executor_def=dg.in_process_executor,
)


#: A date whose run was killed with its service within this time is requested again at once.
KILLED_LATELY = timedelta(hours=1)
#: Most announcements refused in one evaluation of the sensor: they are one commit and one statement. The next evaluation refuses more.
REFUSED_A_TURN = 200
_OPEN = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


@cache
def kept_open() -> dg.DagsterInstance:
    """Return a Dagster instance whose connections stay open. The context's own opens four connections at each evaluation and looks for its tables."""
    return dg.DagsterInstance.get()


@dg.sensor(job=LOAD_JOB, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def landing(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Request a run for each business date with pending files, the oldest first; one run at a time for a date.

    A file is pending until lake.quality.files has a row for it. So a file is requested again after any failure or kill until its outcome is
    recorded, and a file that was processed requests nothing. Announcements for which no run can be requested are refused here.
    """
    instance = kept_open()
    end_commands_if_none_lives(instance)
    runs = instance.get_runs(dg.RunsFilter(statuses=_OPEN))
    if any(ASSET_PARTITION_RANGE_START_TAG in run.tags for run in runs):
        return dg.SkipReason("a run of several dates is under way; pending files are requested after it")
    loader = sensor_loader()
    try:
        pending = loader.pending_landing()
    except RetryableError as error:
        return dg.SkipReason(f"pending files are unknown: {error}")
    if pending.misplaced:
        refuse(loader, pending.misplaced[:REFUSED_A_TURN], context.log)
    under_way = {run.tags.get("dagster/partition") for run in runs if run.job_name == LOAD_JOB.name}
    killed = Counter(
        run.tags.get("dagster/partition")
        for run in instance.get_runs(
            dg.RunsFilter(job_name=LOAD_JOB.name, tags={KILLED: "yes"}, created_after=datetime.now(tz=UTC) - KILLED_LATELY)
        )
    )
    requests = run_requests(pending.files, under_way, killed, datetime.now(tz=UTC))
    return dg.SensorResult(run_requests=requests) if requests else dg.SkipReason("no pending files without a run")


defs = dg.Definitions(
    assets=[*LOADS, *external_assets(), marts, digests, *ASSETS],
    jobs=[LOAD_JOB, MARTS_JOB, prepare_marts, DIGEST_JOB, COMPACT, DAILY],
    sensors=[landing, day_is_in],
    schedules=[*SCHEDULES, each_morning],
    resources={"dbt": DBT},
    executor=dg.in_process_executor,
)
