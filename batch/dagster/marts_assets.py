"""Dagster's marts assets: one for each dbt model, built when all dumps of a business day are loaded."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from batch.dagster.concurrency import HEAVY
from batch.dagster.run_requests import marts_not_due
from batch.loading.load import catalog
from batch.loading.loader import sensor_loader
from batch.marts.build import MANIFEST, PROJECT, catch_up, describe, missing, variables
from batch.paths import SITE
from tillstream.core.clients.postgres import exclusive_lock
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import dump_contracts
from tillstream.core.errors import RetryableError
from tillstream.core.topology import FILES

#: Folder of dbt's working files, with one folder for each run, deleted at its end.
SCRATCH = Path("/tmp/dbt")  # noqa: S108 - inside the container
#: Documentation page of the models, served beside the Data Docs.
PAGE = SITE / "marts.html"


class Names(DagsterDbtTranslator):
    """The names of the assets. They are those of the tables in Trino: lake/marts/customer_value, which depends on lake/sales/lines."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Return catalog/schema/name."""
        return dg.AssetKey(["lake", dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the group of a model's folder."""
        return f"marts_{dbt_resource_props['fqn'][1]}" if dbt_resource_props["resource_type"] == "model" else "default"

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Return the team named in the model's file."""
        owner = dbt_resource_props.get("config", {}).get("meta", {}).get("owner")
        return [f"team:{owner}"] if owner else []


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=Names(), name="marts", retry_policy=dg.RetryPolicy(max_retries=1, delay=60))
def marts(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """Build and test the models, describe their columns, and write their documentation page. A run of some models writes no page."""
    trino, target = Trino(user="marts"), SCRATCH / context.run_id
    # Two builds at a time would both delete and insert the same day.
    with exclusive_lock("marts"):
        arguments = ["--vars", variables(trino)]

        def run(*command: str) -> Path:
            return Path(
                dbt.cli([*command, *arguments], manifest=MANIFEST, dagster_dbt_translator=Names(), target_path=target).wait().target_path
            )

        try:
            passes = catch_up(trino, lambda: run("run", "--select", "config.materialized:incremental"))
            context.log.info("%d runs of the incremental models before this one", passes)
            # "buildable" skips tests that compare a model with one that is not built in this run.
            build = ["build", "--indirect-selection", "buildable", *arguments]
            yield from dbt.cli(build, context=context, target_path=target).stream()
            context.log.info("the columns of %d tables were described", describe(catalog()))
            if context.is_subset:
                return
            page = run("docs", "generate", "--static") / "static_index.html"
            PAGE.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, PAGE)
        finally:
            shutil.rmtree(target, ignore_errors=True)


@dg.op
def empty_tables(context: dg.OpExecutionContext, dbt: DbtCliResource) -> None:
    """Create every mart's table without rows, so that a dashboard on a new platform is empty and not broken."""
    target = SCRATCH / context.run_id
    with exclusive_lock("marts"):
        if missing(Trino(user="marts")):
            dbt.cli(["run", "--empty", "--vars", variables(Trino(user="marts"))], manifest=MANIFEST, target_path=target).wait()
            shutil.rmtree(target, ignore_errors=True)


@dg.job(executor_def=dg.in_process_executor)
def prepare_marts() -> None:
    """Create the marts' tables before there is data for them."""
    empty_tables()


MARTS_JOB = dg.define_asset_job("build_marts", selection=dg.AssetSelection.assets(marts), tags=HEAVY, executor_def=dg.in_process_executor)


@lru_cache(maxsize=1)
def newest_day(state: str, today: date) -> date | None:  # noqa: ARG001 - part of the cache key: one query for each state and day
    """Return the newest business date of which every dump was loaded or refused.

    Args:
        state: state of lake.quality.files, so that the result is cached until the table changes.
        today: the current day, UTC. Later dates are left out: their files are refused, and nine refused files would make such a date the newest.
    """
    query = (
        f"SELECT max(business_date) FROM (SELECT business_date FROM {FILES} "
        f"WHERE business_date <= DATE '{today}' GROUP BY 1 HAVING count(DISTINCT dump) = {len(dump_contracts())})"
    )
    newest: date | None = Trino(user="marts").scalar(query)
    return newest


# Every 20 s, so that the marts are requested soon after a day's last file. An evaluation costs one question to the lake's catalog.
@dg.sensor(jobs=[MARTS_JOB, prepare_marts], minimum_interval_seconds=20, default_status=dg.DefaultSensorStatus.RUNNING)
def day_is_in(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request the marts once every dump of a new business date was loaded or refused, and at least once a day."""
    try:
        newest = newest_day(sensor_loader().state(), datetime.now(tz=UTC).date())
        if newest is None and missing(Trino(user="marts")):
            return dg.RunRequest(run_key="prepare", job_name="prepare_marts")
    except RetryableError as error:
        return dg.SkipReason(f"the loaded dates are unknown: {error}")
    if newest is None:
        return dg.SkipReason("no business date has all its dumps yet")
    now = datetime.now(tz=UTC)
    if reason := marts_not_due(newest, context.cursor or "", now):
        return dg.SkipReason(reason)
    if pending := len(sensor_loader().pending()):
        return dg.SkipReason(f"{pending} files are pending; the marts are built after them")
    context.update_cursor(f"{newest} {now.isoformat(timespec='seconds')}")
    return dg.RunRequest(run_key=f"{newest} {now:%Y-%m-%d}", job_name=MARTS_JOB.name)


DBT = DbtCliResource(project_dir=str(PROJECT), profiles_dir=str(PROJECT))
