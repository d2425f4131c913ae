"""The commands of `tillstream produce`: the simulated company, loads for measuring, and the quality of the text and photo analysis."""

import json
import os
from datetime import date, datetime
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The simulated company.")


@app.command()
def masters() -> None:
    """Seed the reference data with the company's products, stores and customers."""
    from producers.reference import seed_reference

    typer.echo("reference rows: " + ", ".join(f"{table} {count:,}" for table, count in seed_reference().items()))


@app.command()
def tills() -> None:
    """Run the tills: history on the first start, then live until SIGTERM."""
    from producers.tills import run

    run()


@app.command()
def web() -> None:
    """Run the web shop: live until SIGTERM."""
    from producers.web import run

    run()


@app.command("back-office")
def back_office() -> None:
    """Run the back office: the files of each business day, until SIGTERM."""
    from producers.back_office.run import run

    run()


@app.command()
def customers() -> None:
    """Run the simulated customers until SIGTERM."""
    from producers.customers.run import run

    run()


@app.command()
def replay(day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day of the source year, as 2017-03-04.")]) -> None:
    """Send a source day again, faults off; ends when its lines are in the lake."""
    from producers.replay import replay_day

    run_id, events, lines = replay_day(date(day.year, day.month, day.day))
    typer.echo(f"{events:,} baskets, {lines:,} lines are in lake.sales.lines")
    typer.echo(f"run_id={run_id}")


@app.command()
def load(
    lines: Annotated[int, typer.Option(help="How many lines, as fast as they can be made.")],
    hours: Annotated[float, typer.Option(help="Over how many past hours their times are spread.")] = 12.0,
) -> None:
    """Send a backlog for measuring."""
    from producers.load import backlog

    events, sent = backlog(lines, hours)
    typer.echo(json.dumps({"events": events, "lines": sent}))


@app.command()
def latency(
    rate: Annotated[float, typer.Option(help="Lines a second, each of now.")] = 2000.0,
    seconds: Annotated[float, typer.Option(help="For how long it is measured.")] = 60.0,
) -> None:
    """Measure how long an event takes to Redis and to a row in Trino."""
    from producers.latency import figures, measure

    for where, delays in measure(rate, seconds).items():
        typer.echo(f"event to {where}: {figures(delays)} ({len(delays):,} ticks at {rate:,.0f} lines/s)")


@app.command()
def texts(
    backlog: Annotated[int, typer.Option(help="How many texts at once; their rate is measured.")] = 3000,
    rate: Annotated[float, typer.Option(help="Then so many a second, whose delay is measured.")] = 5.0,
    seconds: Annotated[float, typer.Option(help="For how long.")] = 120.0,
) -> None:
    """Measure how many texts a second are analysed, and how long one takes to Redis."""
    from producers.customers import load
    from producers.latency import figures

    if backlog:
        read = load.backlog(backlog)
        typer.echo(
            f"texts: {read.arrived:,} of {read.sent:,} read in {read.seconds:.1f} s: {read.arrived / read.seconds:.0f}/s over all, {read.steady:.0f}/s in between"
        )
    delays, aside = load.delays(rate, seconds)
    typer.echo(f"text to Redis: {figures(delays)} ({len(delays):,} texts at {rate:g}/s; {aside} set aside)")


@app.command()
def stock_latency(seconds: Annotated[float, typer.Option(help="How long the tills are followed.")] = 120) -> None:
    """Measure how long a sale takes to the live stock of its product."""
    from producers.latency import figures
    from producers.stock_latency import measure

    delays = measure(seconds)
    typer.echo(f"{len(delays):,} sales: {figures(delays)}; load {os.getloadavg()[0]:.1f}")


@app.command()
def text_quality() -> None:
    """Compare the analyses and the hidden personal data with the ledger."""
    from producers.quality.texts import quality, report
    from tillstream.core.clients.trino import Trino
    from tillstream.core.settings import LedgerSettings

    for line in report(quality(LedgerSettings().directory, Trino())):
        typer.echo(line)


@app.command()
def photo_quality() -> None:
    """Compare what is read of customers' photos with what the ledger notes of each."""
    from producers.quality.photos import photo_quality as compared
    from tillstream.core.clients.trino import Trino
    from tillstream.core.settings import LedgerSettings

    for what, (right, of) in sorted(compared(LedgerSettings().directory, Trino()).items()):
        typer.echo(f"{what}: {right:,} of {of:,} as photographed ({right / of:.1%})")
