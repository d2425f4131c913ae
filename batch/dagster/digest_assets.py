"""Dagster's asset of the digests: a partition a day, made each morning for the day before."""

from datetime import date, timedelta

import dagster as dg

from batch.dagster.dashboards import asset_key
from batch.dagster.lineage import sources
from batch.digests.make import make_digests
from batch.partitions import DAYS
from tillstream.core.clients.trino import Trino
from tillstream.core.settings import UpkeepSettings
from tillstream.core.topology import DIGESTS

TIMEZONE = UpkeepSettings().timezone


@dg.asset(
    key=asset_key(DIGESTS),
    deps=sources(DIGESTS),
    partitions_def=DAYS,
    group_name="voice",
    kinds={"iceberg", "python"},
    owners=["team:customer-care"],
    retry_policy=dg.RetryPolicy(max_retries=3, delay=60),
)
def digests(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg] # Dagster reads the annotation and does not know the generic one
    """Write what customers are unhappy and happy about, by department. Each claim cites the texts and calls that support it."""
    claims = make_digests(Trino(user="digests"), date.fromisoformat(context.partition_key), context.log.info)
    return dg.MaterializeResult(metadata={"departments": len(claims), "claims": sum(claims.values())})


DIGEST_JOB = dg.define_asset_job(
    "digest", selection=dg.AssetSelection.assets(digests), partitions_def=DAYS, executor_def=dg.in_process_executor
)


@dg.schedule(job=DIGEST_JOB, cron_schedule="15 5 * * *", execution_timezone=TIMEZONE, default_status=dg.DefaultScheduleStatus.RUNNING)
def each_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Request the digest of the day before, which is over."""
    return dg.RunRequest(partition_key=f"{context.scheduled_execution_time - timedelta(days=1):%Y-%m-%d}")
