"""The marts in Dagster: an asset a dbt model, built when a business day's dumps are in."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from batch.dagster.concurrency import HEAVY
from batch.loading.load import catalog
from batch.loading.loader import watching
from batch.marts.build import MANIFEST, PROJECT, catch_up, describe, missing, variables
from batch.paths import SITE
from tillstream.core.clients.postgres import exclusive_lock
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import dump_contracts
from tillstream.core.errors import RetryableError

#: dbt's working files, one folder a run, which go when the run has ended.
SCRATCH = Path("/tmp/dbt")  # noqa: S108 - inside the container
#: The models' page, served beside the Data Docs.
PAGE = SITE / "marts.html"
#: The marts are built anew after this long, whether or not dumps came.
AT_LEAST_EVERY = timedelta(hours=24)


class Names(DagsterDbtTranslator):
    """Assets are called as their tables are in Trino: lake/marts/customer_value, on lake/sales/lines."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """catalog/schema/name."""
        return dg.AssetKey(["lake", dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The folder of the model."""
        return f"marts_{dbt_resource_props['fqn'][1]}" if dbt_resource_props["resource_type"] == "model" else "default"

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The team that the model's file names."""
        owner = dbt_resource_props.get("config", {}).get("meta", {}).get("owner")
        return [f"team:{owner}"] if owner else []


@dbt_assets(manifest=MANIFEST, dagster_dbt_translator=Names(), name="marts", retry_policy=dg.RetryPolicy(max_retries=1, delay=60))
def marts(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
    """Builds and tests every model, describes their columns, and makes the page that documents them; of some models no page."""
    trino, target = Trino(user="marts"), SCRATCH / context.run_id
    # Two builds at once would each delete a day and each insert it.
    with exclusive_lock("marts"):
        arguments = ["--vars", variables(trino)]

        def run(*command: str) -> Path:
            return Path(
                dbt.cli([*command, *arguments], manifest=MANIFEST, dagster_dbt_translator=Names(), target_path=target).wait().target_path
            )

        try:
            passes = catch_up(trino, lambda: run("run", "--select", "config.materialized:incremental"))
            context.log.info("%d runs of the incremental models before this one", passes)
            # Buildable: of some models not the tests that compare one with a model that is not built with it.
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
    """Makes every mart's table with no row in it, so that a dashboard on a new platform is empty and not broken."""
    target = SCRATCH / context.run_id
    with exclusive_lock("marts"):
        if missing(Trino(user="marts")):
            dbt.cli(["run", "--empty", "--vars", variables(Trino(user="marts"))], manifest=MANIFEST, target_path=target).wait()
            shutil.rmtree(target, ignore_errors=True)


@dg.job(executor_def=dg.in_process_executor)
def prepare_marts() -> None:
    """The marts' tables, before there is anything to put into them."""
    empty_tables()


MARTS_JOB = dg.define_asset_job("build_marts", selection=dg.AssetSelection.assets(marts), tags=HEAVY, executor_def=dg.in_process_executor)


@lru_cache(maxsize=1)
def newest_day(state: str, today: date) -> date | None:  # noqa: ARG001 - what the answer rests on: it is asked for once
    """The newest business date of which every dump was loaded or refused, in this state of lake.quality.files.

    A file of a day to come is refused; nine of them would make that day the newest until it is here.
    """
    query = (
        "SELECT max(business_date) FROM (SELECT business_date FROM lake.quality.files "
        f"WHERE business_date <= DATE '{today}' GROUP BY 1 HAVING count(DISTINCT dump) = {len(dump_contracts())})"
    )
    newest: date | None = Trino(user="marts").scalar(query)
    return newest


@dg.sensor(jobs=[MARTS_JOB, prepare_marts], minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def day_is_in(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Asks for the marts once every dump of a new business date has been loaded or refused, and after a day without."""
    try:
        newest = newest_day(watching().state(), datetime.now(tz=UTC).date())
        if newest is None and missing(Trino(user="marts")):
            return dg.RunRequest(run_key="prepare", job_name="prepare_marts")
    except RetryableError as error:
        return dg.SkipReason(f"not looked into: {error}")
    if newest is None:
        return dg.SkipReason("no business date has all of its dumps yet")
    asked_for, _, asked_at = (context.cursor or "").partition(" ")
    now = datetime.now(tz=UTC)
    if str(newest) == asked_for and now - datetime.fromisoformat(asked_at) < AT_LEAST_EVERY:
        return dg.SkipReason(f"the marts of {newest} were asked for at {asked_at}")
    if waiting := len(watching().waiting()):
        return dg.SkipReason(f"{waiting} files wait to be loaded first")
    context.update_cursor(f"{newest} {now.isoformat(timespec='seconds')}")
    return dg.RunRequest(run_key=f"{newest} {now:%Y-%m-%d}", job_name=MARTS_JOB.name)


DBT = DbtCliResource(project_dir=str(PROJECT), profiles_dir=str(PROJECT))
