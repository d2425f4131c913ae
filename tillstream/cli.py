"""The command line. Heavy parts are imported by the command that needs them."""

import json
import os
import signal
import sys
from datetime import date, datetime
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from tillstream.errors import TillstreamError
from tillstream.waiting import console

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Tillstream: from the till to the dashboard."
)
deploy = typer.Typer(no_args_is_help=True, help="The one-shot services. Each can be run again at any time.")
produce = typer.Typer(no_args_is_help=True, help="The simulated company.")
app.add_typer(deploy, name="deploy")
app.add_typer(produce, name="produce")


def main() -> NoReturn:
    """Runs the command line; an error of ours is one clear line and exit status 1."""
    # The first process of a container has no default for it: `docker stop` would wait its whole grace and then kill. Producers set their own.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        app()
    except TillstreamError as error:
        console.print("[red]error:[/red]", escape(f"{type(error).__name__}: {error}"))
        sys.exit(1)
    sys.exit(0)


@deploy.command()
def topics() -> None:
    """Make the Kafka topics that the contracts name."""
    from tillstream.deploy.topics import deploy_topics

    made = deploy_topics()
    typer.echo(f"topics: {len(made)} made" + (f": {', '.join(made)}" if made else ""))


@deploy.command()
def schemas() -> None:
    """Register the contracts."""
    from tillstream.deploy.schemas import deploy_schemas

    for topic, ident in deploy_schemas().items():
        typer.echo(f"{topic}: schema id {ident}")


@deploy.command()
def buckets() -> None:
    """Make the buckets."""
    from tillstream.deploy.buckets import deploy_buckets

    typer.echo(f"buckets made: {', '.join(deploy_buckets()) or 'none, all there'}")


@deploy.command()
def tables() -> None:
    """Make the lake's tables and views."""
    from tillstream.deploy.tables import deploy_tables

    typer.echo(f"tables and views: {deploy_tables()} statements")


@deploy.command()
def reference() -> None:
    """Fill the reference data that Flink looks up."""
    from tillstream.deploy.reference import deploy_reference

    typer.echo("reference rows: " + ", ".join(f"{table} {count:,}" for table, count in deploy_reference().items()))


@deploy.command()
def dashboards(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail where Superset differs from the tree.")] = False,
) -> None:
    """Import the dashboards as code, and remove what is no longer in the tree."""
    from tillstream.deploy.dashboards import check_drift, deploy_dashboards

    typer.echo(check_drift() if check else deploy_dashboards())


@produce.command()
def tills() -> None:
    """The tills: history on the first start, then live until SIGTERM."""
    from producers.tills import run

    run()


@produce.command()
def web() -> None:
    """The web shop: live until SIGTERM."""
    from producers.web import run

    run()


@produce.command()
def dumps() -> None:
    """The back office: the files of each business day, until SIGTERM."""
    from producers.dumps.back_office import run

    run()


@produce.command()
def voice() -> None:
    """What customers write and say about it, until SIGTERM."""
    from producers.voice.run import run

    run()


@produce.command()
def load(
    lines: Annotated[int, typer.Option(help="How many lines, as fast as they can be made.")],
    hours: Annotated[float, typer.Option(help="Over how many past hours their times are spread.")] = 12.0,
) -> None:
    """A backlog for measuring."""
    from producers.load import backlog

    events, sent = backlog(lines, hours)
    typer.echo(json.dumps({"events": events, "lines": sent}))


@produce.command()
def latency(
    rate: Annotated[float, typer.Option(help="Lines a second, each of now.")] = 2000.0,
    seconds: Annotated[float, typer.Option(help="For how long it is measured.")] = 60.0,
) -> None:
    """Measure how long an event takes to Redis and to a row in Trino."""
    from producers.latency import figures, measure

    for where, delays in measure(rate, seconds).items():
        typer.echo(f"event to {where}: {figures(delays)} ({len(delays):,} ticks at {rate:,.0f} lines/s)")


@produce.command()
def texts(
    backlog: Annotated[int, typer.Option(help="How many texts at once; their rate is measured.")] = 3000,
    rate: Annotated[float, typer.Option(help="Then so many a second, whose delay is measured.")] = 5.0,
    seconds: Annotated[float, typer.Option(help="For how long.")] = 120.0,
) -> None:
    """Measure how many texts a second are read, and how long one takes to Redis."""
    from producers.latency import figures
    from producers.voice import load

    if backlog:
        read = load.backlog(backlog)
        typer.echo(
            f"texts: {read.arrived:,} of {read.sent:,} read in {read.seconds:.1f} s: {read.arrived / read.seconds:.0f}/s over all, {read.steady:.0f}/s in between"
        )
    delays, aside = load.delays(rate, seconds)
    typer.echo(f"text to Redis: {figures(delays)} ({len(delays):,} texts at {rate:g}/s; {aside} set aside)")


@app.command()
def steward() -> None:
    """Start containers again that were killed from outside."""
    from tillstream.settings import StewardSettings
    from tillstream.steward import run

    run(StewardSettings())


@app.command()
def announcer() -> None:
    """Have photos announced again whose announcement was lost."""
    from tillstream.announcer import run

    run()


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One statement.")],
    form: Annotated[str, typer.Option("--format", help="table, tsv or json")] = "table",
) -> None:
    """Run a query through Trino."""
    from tillstream.output import render
    from tillstream.queries import Trino

    names, rows = Trino().query(query)
    render(names, rows, form)


@app.command()
def redis(pattern: Annotated[str, typer.Argument(help="A pattern of keys, such as 'sales:by_minute:*'.")]) -> None:
    """Show hot figures: the hashes whose keys match, a record a row."""
    from tillstream.hot import hashes, records
    from tillstream.output import render

    found = list(records(hashes(pattern)))
    names = sorted({name for _, fields in found for name in fields})
    render(["key", *names], [[key, *(fields.get(name) for name in names)] for key, fields in found], "table")


@app.command()
def stock_latency(seconds: Annotated[float, typer.Option(help="How long the tills are followed.")] = 120) -> None:
    """Measure how long a sale takes to the live stock of its product."""
    from producers.latency import figures
    from tillstream.stock_latency import measure

    delays = measure(seconds)
    typer.echo(f"{len(delays):,} sales: {figures(delays)}; load {os.getloadavg()[0]:.1f}")


@app.command()
def voice_quality() -> None:
    """Compare what is understood of customers' texts, and what is hidden in them, with what the ledger notes of each."""
    from tillstream.queries import Trino
    from tillstream.settings import LedgerSettings
    from tillstream.voice_quality import quality, report

    for line in report(quality(LedgerSettings().directory, Trino())):
        typer.echo(line)


@app.command()
def photo_quality() -> None:
    """Compare what is read of customers' photos with what the ledger notes of each."""
    from tillstream.photo_quality import photo_quality as compared
    from tillstream.queries import Trino
    from tillstream.settings import LedgerSettings

    for what, (right, of) in sorted(compared(LedgerSettings().directory, Trino()).items()):
        typer.echo(f"{what}: {right:,} of {of:,} as photographed ({right / of:.1%})")


@app.command()
def unread(model: Annotated[str, typer.Argument(help="The version that flink_jobs.voice.again --model prints.")]) -> None:
    """Print the texts and calls that a model has not read yet, an object of JSON a line."""
    from tillstream.queries import Trino
    from tillstream.readings import unread as texts

    for text in texts(Trino(), model):
        typer.echo(json.dumps(text))


@app.command()
def keep_readings() -> None:
    """Write down what flink_jobs.voice.again prints, on standard input, beside what was understood before."""
    from tillstream.queries import Trino
    from tillstream.readings import keep

    kept, aside = keep(Trino(), sys.stdin)
    typer.echo(f"{kept:,} texts and calls read again, beside what was understood before")
    for kind, count in sorted(aside.items()):
        typer.echo(f"{count:,} could not be read this time: {kind}")


@app.command()
def replay(day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day of the source year, as 2017-03-04.")]) -> None:
    """Send a source day again, faults off; ends when its lines are in the lake."""
    from tillstream.replaying import replay_day

    run_id, events, lines = replay_day(date(day.year, day.month, day.day))
    typer.echo(f"{events:,} baskets, {lines:,} lines are in lake.sales.lines")
    typer.echo(f"run_id={run_id}")


@app.command()
def verify() -> None:
    """Prove that nothing is lost and nothing is counted twice. Exit status 1: something is wrong; 3: nothing is, but Kafka has lost what it had acknowledged."""
    from tillstream.verify.report import verify_platform

    sys.exit(verify_platform())


@app.command("await-ready")
def await_ready() -> None:
    """Wait until trade flows to the dashboards."""
    from tillstream.ready import await_platform

    await_platform()
