"""Dagster's upkeep assets: compaction every few minutes, full upkeep once a day. The results of each run are its metadata."""

from datetime import UTC, datetime

import dagster as dg

from batch.dagster.concurrency import HEAVY
from batch.maintenance.upkeep import FEW_SMALL, compact, everything
from tillstream.core.clients.trino import Trino
from tillstream.core.settings import UpkeepSettings

RETRY = dg.RetryPolicy(max_retries=2, delay=30)


@dg.asset(key=["upkeep", "compaction"], group_name="upkeep", kinds={"iceberg", "trino"}, retry_policy=RETRY, owners=["team:data-platform"])
def compaction(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg] # Dagster reads the annotation and does not know the generic one
    """Merge the many small files that the commits of the Flink jobs leave. Runs every COMPACT_MINUTES; with 0 only a person starts it."""
    counts = compact(Trino(user="upkeep"), datetime.now(tz=UTC), few=FEW_SMALL)
    for table, (before, after) in counts.items():
        context.log.info("%s: %d files, now %d", table, before, after)
    return dg.MaterializeResult(
        metadata={
            name: number for table, pair in counts.items() for name, number in ((f"{table} before", pair[0]), (f"{table} after", pair[1]))
        }
    )


@dg.asset(key=["upkeep", "daily"], group_name="upkeep", kinds={"iceberg", "trino"}, retry_policy=RETRY, owners=["team:data-platform"])
def daily(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg] # Dagster reads the annotation and does not know the generic one
    """Apply retention, compact, expire snapshots and remove orphan files of every table, once a day."""
    sizes = everything(Trino(user="upkeep"), datetime.now(tz=UTC), context.log.info)
    rows = [
        dg.TableRecord(
            {
                "table": table,
                "files before": before.files,
                "files": after.files,
                "MB before": round(before.megabytes, 1),
                "MB": round(after.megabytes, 1),
                "snapshots before": before.snapshots,
                "snapshots": after.snapshots,
            }
        )
        for table, (before, after) in sizes.items()
    ]
    return dg.MaterializeResult(metadata={"tables": dg.MetadataValue.table(rows)})


ASSETS = [compaction, daily]
COMPACT = dg.define_asset_job("compact", selection=dg.AssetSelection.assets(compaction), tags=HEAVY, executor_def=dg.in_process_executor)
DAILY = dg.define_asset_job("upkeep", selection=dg.AssetSelection.assets(daily), tags=HEAVY, executor_def=dg.in_process_executor)


def schedules(settings: UpkeepSettings) -> list[dg.ScheduleDefinition]:
    """Return the schedule of the daily upkeep and, unless its interval is 0, that of the compaction."""
    hour, minute = settings.at.split(":")
    upkeep = dg.ScheduleDefinition(
        job=DAILY,
        cron_schedule=f"{int(minute)} {int(hour)} * * *",
        execution_timezone=settings.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    if not settings.compact_minutes:
        return [upkeep]
    cron = f"*/{settings.compact_minutes} * * * *"
    return [dg.ScheduleDefinition(job=COMPACT, cron_schedule=cron, default_status=dg.DefaultScheduleStatus.RUNNING), upkeep]


SCHEDULES = schedules(UpkeepSettings())
