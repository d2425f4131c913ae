"""The commands of `tillstream batch`."""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tillstream.core.errors import TerminalError

if TYPE_CHECKING:
    from dagster import AssetKey

YESTERDAY = datetime.now(tz=UTC) - timedelta(days=1)
app = typer.Typer(no_args_is_help=True, help="Dumps, marts, digests and upkeep of the lake, by hand.")


@app.command()
def load(
    paths: Annotated[
        list[str], typer.Argument(help="Files in the landing bucket, as loyalty/members/2026-11-21/members-2026-11-21-1.csv.gz")
    ],
) -> None:
    """Load files now, whether or not they were loaded before."""
    from batch.loading.loader import Loader
    from batch.paths import HOME

    loader = Loader(HOME)
    refused = False
    for outcome in (outcome for path in paths for outcome in loader.load_path(path)):
        typer.echo(
            f"{outcome.announced.path}: {outcome.status}, {outcome.rows_in:,} rows in, {outcome.rows_loaded:,} loaded, "
            f"{outcome.rows_quarantined:,} quarantined{f'; {outcome.reason}' if outcome.reason else ''}"
        )
        refused |= outcome.status == "REFUSED"
    sys.exit(1 if refused else 0)


@app.command()
def reload(
    first: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The first business date.")],
    last: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The last business date.")],
) -> None:
    """Load every dump of these business dates once more, the first date first; the run is in Dagster like any other.

    It leaves every table as it was, unless files, contracts or rules have changed since.
    """
    from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

    from batch.dagster.definitions import LOADS

    if first > last:
        raise TerminalError(f"{first:%Y-%m-%d} is after {last:%Y-%m-%d}: give the first business date first")
    _run(
        "load_dumps",
        tags={ASSET_PARTITION_RANGE_START_TAG: f"{first:%Y-%m-%d}", ASSET_PARTITION_RANGE_END_TAG: f"{last:%Y-%m-%d}"},
        run_config={"ops": {asset.op.name: {"config": {"again": True}} for asset in LOADS}},
    )


@app.command()
def waiting() -> None:
    """List the files that are not loaded yet."""
    from batch.loading.loader import Loader
    from batch.paths import HOME

    for announced in Loader(HOME).pending():
        typer.echo(f"{announced.path} (business date {announced.business_date})")


@app.command()
def marts(
    models: Annotated[list[str] | None, typer.Argument(help="Those to build, as baskets; all where none is named.")] = None,
) -> None:
    """Build and test the marts now; the run is in Dagster like any other."""
    from dagster import AssetKey

    from batch.marts.build import models as every

    keys = {table.split(".")[-1]: AssetKey(table.split(".")) for table in every()}
    if unknown := sorted(set(models or ()) - keys.keys()):
        raise TerminalError(f"no mart is called {', '.join(unknown)}; there are {', '.join(sorted(keys))}")
    _run("build_marts", selected=[keys[model] for model in models or ()])


@app.command()
def digest(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day, UTC; yesterday where none is given.")] = YESTERDAY,
) -> None:
    """Write a day's digests now, as a new version; earlier ones are kept. The run is in Dagster like any other."""
    from tillstream.core.clients.trino import Trino
    from tillstream.core.output import render

    _run("digest", partition_key=f"{day:%Y-%m-%d}")
    query = f"SELECT department, claim, cited, made_by FROM lake.live.voice_digests WHERE day = DATE '{day:%Y-%m-%d}' ORDER BY contacts DESC, department, rank"
    render(*Trino(user="digests").query(query), "table")


@app.command()
def upkeep() -> None:
    """Run the daily upkeep now: compact, delete rows past their retention, expire snapshots and remove orphan files."""
    _run("upkeep")


def _run(job: str, selected: "Sequence[AssetKey]" = (), tags: "Mapping[str, str] | None" = None, **how: Any) -> None:
    """Run a job in this process. It is not retried: a person watches it."""
    from dagster import DagsterInstance
    from dagster._core.storage.tags import MAX_RETRIES_TAG

    from batch.dagster.definitions import defs
    from batch.dagster.killed_runs import end_killed_commands
    from tillstream.core.clients.postgres import COMMAND, exclusive_lock

    instance = DagsterInstance.get()
    with exclusive_lock(COMMAND):
        end_killed_commands(instance)
        ran = defs.resolve_job_def(job).execute_in_process(
            instance=instance, raise_on_error=False, asset_selection=selected or None, tags={MAX_RETRIES_TAG: "0", **(tags or {})}, **how
        )
    if not ran.success:
        raise TerminalError(f"{job} failed; what failed is above")


@app.command()
def docs() -> None:
    """Serve Data Docs and the page of the marts until SIGTERM."""
    from batch.data_docs import serve

    serve()


@app.command()
def bench_lake(
    tables: Annotated[
        list[str] | None, typer.Argument(help="Those to keep up and to measure, as lake.sales.lines; all where none is named.")
    ] = None,
) -> None:
    """Print files, bytes, snapshots and query time of the lake before and after upkeep."""
    from batch.maintenance.upkeep import bench
    from tillstream.core.clients.trino import Trino

    bench(Trino(user="upkeep"), typer.echo, tables or ())
