"""Dagster's definitions: an asset a dump, the sensor of the landing bucket, and what stands around them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_START_TAG, MAX_RUNTIME_SECONDS_TAG

from batch.days import DAYS
from batch.digest_assets import DIGEST_JOB, digests, each_morning
from batch.home import HOME
from batch.landing import Announced
from batch.lineage import external_assets
from batch.marts_assets import DBT, MARTS_JOB, day_is_in, marts, prepare_marts
from batch.orphans import KILLED, end_commands_if_none_lives
from batch.process import Loader, Outcome
from batch.turns import HEAVY
from batch.upkeep_assets import ASSETS, COMPACT, DAILY, SCHEDULES
from tillstream.contracts import DumpContract, dump_contracts, period
from tillstream.errors import RetryableError

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
        if len(dates) > 1:
            context.instance.add_run_tags(context.run_id, {MAX_RUNTIME_SECONDS_TAG: str(len(dates) * A_DATE_AT_MOST)})
        outcomes = []
        for outcome in Loader(HOME).load_dates(contract.name, dates, again=config.again):
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


#: A day whose run has failed for good is asked for again after so long: what was wrong outside may have been put right.
ASK_AGAIN = timedelta(minutes=10)
#: A day whose run was killed with its service within this time is asked for again at once.
KILLED_LATELY = timedelta(hours=1)
#: A day of which a file has come so lately is left until the others are there too: starting a run takes longer.
SETTLED = timedelta(seconds=20)
_OPEN = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


@dg.sensor(job=LOAD_JOB, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def landing(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Asks for a run for each business date of which files wait, the oldest first; one at a time for a date.

    What waits is what lake.quality.files says nothing of. So a file is asked for until something is written down of it, whatever has failed
    or was killed on the way; the same file again asks for nothing.
    """
    end_commands_if_none_lives(context.instance)
    runs = context.instance.get_runs(dg.RunsFilter(statuses=_OPEN))
    if any(ASSET_PARTITION_RANGE_START_TAG in run.tags for run in runs):
        return dg.SkipReason("some dates are being loaded together; what waits after that is asked for then")
    try:
        waiting = Loader(HOME).waiting()
    except RetryableError as error:
        return dg.SkipReason(f"not looked into: {error}")
    under_way = {run.tags.get("dagster/partition") for run in runs if run.job_name == LOAD_JOB.name}
    by_day: dict[date, list[Announced]] = {}
    for announced in waiting:
        by_day.setdefault(announced.business_date, []).append(announced)
    killed = Counter(
        run.tags.get("dagster/partition")
        for run in context.instance.get_runs(
            dg.RunsFilter(job_name=LOAD_JOB.name, tags={KILLED: "yes"}, created_after=datetime.now(tz=UTC) - KILLED_LATELY)
        )
    )
    now = datetime.now(tz=UTC)
    slot = int(now.timestamp() // ASK_AGAIN.total_seconds())
    requests = [
        dg.RunRequest(
            run_key=f"{day}:{slot}:{killed[str(day)]}:" + ",".join(sorted(a.etag for a in files)),
            partition_key=str(day),
            asset_selection=sorted({key(a.contract) for a in files}),
            tags={"files": str(len(files)), "dagster/priority": str(-day.toordinal())},
        )
        for day, files in sorted(by_day.items())
        if str(day) not in under_way and max(a.sent_at for a in files) < now - SETTLED
    ]
    return dg.SensorResult(run_requests=requests) if requests else dg.SkipReason("nothing waits that is not under way")


defs = dg.Definitions(
    assets=[*LOADS, *external_assets(), marts, digests, *ASSETS],
    jobs=[LOAD_JOB, MARTS_JOB, prepare_marts, DIGEST_JOB, COMPACT, DAILY],
    sensors=[landing, day_is_in],
    schedules=[*SCHEDULES, each_morning],
    resources={"dbt": DBT},
    executor=dg.in_process_executor,
)
