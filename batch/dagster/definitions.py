"""Dagster's definitions: an asset a dump, the sensor of the landing bucket, and what stands around them."""

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
from batch.loading.loader import Loader, watching
from batch.loading.notes import Outcome
from batch.partitions import DAYS
from batch.paths import HOME
from tillstream.core.contracts import DumpContract, dump_contracts, period
from tillstream.core.errors import RetryableError

#: What is outside may be away for a while: Trino restarting, the object store, Postgres.
RETRY = dg.RetryPolicy(max_retries=4, delay=15, backoff=dg.Backoff.EXPONENTIAL)
CHECK = "great_expectations"
#: A run of some dates may take so many seconds for each, instead of what images/batch/dagster.yaml gives a run.
A_DATE_AT_MOST = 600


class AgainConfig(dg.Config):
    """What a run is asked for."""

    #: Load once more what was loaded before.
    again: bool = False


def key(contract: DumpContract) -> dg.AssetKey:
    """The asset of a dump's table: lake/loyalty/members."""
    return dg.AssetKey(contract.table.split("."))


def load_asset(contract: DumpContract) -> dg.AssetsDefinition:
    """The asset that loads a dump's files of a day, or of some days."""
    masters = [dump_contracts()[dump] for dump in sorted(set(contract.references.values()))]

    @dg.asset(
        key=key(contract),
        deps=[dg.AssetKey(["landing", contract.area, contract.what]), *(key(master) for master in masters)],
        partitions_def=DAYS,
        # Dates asked for together are one run, in their order: a history is told once and not once for each.
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
            # Never less than for another dump of the run.
            if run and seconds > max(A_DATE_AT_MOST, int(run.tags.get(MAX_RUNTIME_SECONDS_TAG, 0))):
                context.instance.add_run_tags(context.run_id, {MAX_RUNTIME_SECONDS_TAG: str(seconds)})

        for outcome in Loader(HOME).load_dates(contract.name, dates, again=config.again, plan=plan):
            a, told = outcome.announced, outcome.reason or ""
            context.log.info("%s: %s, %d of %d rows %s", a.path, outcome.status, outcome.rows_loaded, outcome.rows_in, told)
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
    """Whole where no file was refused; a warning where rows were set aside."""
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


#: A day whose run was killed with its service within this time is asked for again at once.
KILLED_LATELY = timedelta(hours=1)
#: Announcements refused in one turn of the sensor: one commit, and one statement of so many paths. The next turn refuses more.
REFUSED_A_TURN = 200
_OPEN = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


@cache
def kept_open() -> dg.DagsterInstance:
    """What Dagster has noted, by connections that stay open. The context's own is opened for each turn: four connections, and as many looks for its tables."""
    return dg.DagsterInstance.get()


@dg.sensor(job=LOAD_JOB, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def landing(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Asks for a run for each business date of which files wait, the oldest first; one at a time for a date.

    What waits is what lake.quality.files says nothing of. So a file is asked for until something is written down of it, whatever has failed
    or was killed on the way; the same file again asks for nothing. What no run can be asked for is refused here.
    """
    instance = kept_open()
    end_commands_if_none_lives(instance)
    runs = instance.get_runs(dg.RunsFilter(statuses=_OPEN))
    if any(ASSET_PARTITION_RANGE_START_TAG in run.tags for run in runs):
        return dg.SkipReason("some dates are being loaded together; what waits after that is asked for then")
    loader = watching()
    try:
        waiting = loader.look()
    except RetryableError as error:
        return dg.SkipReason(f"not looked into: {error}")
    if waiting.misplaced:
        refuse(loader, waiting.misplaced[:REFUSED_A_TURN], context.log)
    under_way = {run.tags.get("dagster/partition") for run in runs if run.job_name == LOAD_JOB.name}
    killed = Counter(
        run.tags.get("dagster/partition")
        for run in instance.get_runs(
            dg.RunsFilter(job_name=LOAD_JOB.name, tags={KILLED: "yes"}, created_after=datetime.now(tz=UTC) - KILLED_LATELY)
        )
    )
    requests = run_requests(waiting.files, under_way, killed, datetime.now(tz=UTC))
    return dg.SensorResult(run_requests=requests) if requests else dg.SkipReason("nothing waits that is not under way")


defs = dg.Definitions(
    assets=[*LOADS, *external_assets(), marts, digests, *ASSETS],
    jobs=[LOAD_JOB, MARTS_JOB, prepare_marts, DIGEST_JOB, COMPACT, DAILY],
    sensors=[landing, day_is_in],
    schedules=[*SCHEDULES, each_morning],
    resources={"dbt": DBT},
    executor=dg.in_process_executor,
)
