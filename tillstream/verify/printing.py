"""Print the result of `make verify`: tables, and each problem by name."""

from collections.abc import Iterable
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from tillstream.core.waiting import console
from tillstream.verify.bounds import HotResult
from tillstream.verify.dumps import DumpTotals
from tillstream.verify.transactions import OpenTransaction
from tillstream.verify.verdict import Verdict

#: How many problems of each kind are printed.
SHOWN = 20
#: How many events of each topic are named that are in no ledger.
STRANGERS_SHOWN = 3


def print_dumps(dumps: dict[str, DumpTotals]) -> None:
    """Print the table of the dumps."""
    if not dumps:
        return
    headings = (
        "dump",
        "files",
        "refused",
        "repeated",
        "rows in",
        "rows loaded",
        "rows quarantined",
        "faults planted",
        "quarantined for others",
        "wrong",
    )
    table = _table("Dumps", headings)
    for dump, total in sorted(dumps.items()):
        figures = (
            total.files, total.refused, total.repeated, total.rows_in, total.rows_loaded, total.rows_quarantined, total.planted, total.consequences,
            len(total.problems),
        )  # fmt: skip
        table.add_row(dump, *(f"{figure:,}" for figure in figures))
    _out().print(table)


def _out() -> Console:
    """Return a console on standard output. It is wide enough for the tables where standard output is not a terminal."""
    return Console(highlight=False, soft_wrap=False, width=None if console.is_terminal else 150)


def _table(title: str, headings: Iterable[str]) -> Table:
    """Return an empty table whose first column is text and whose other columns are figures."""
    table = Table(title=title, title_justify="left")
    for i, heading in enumerate(headings):
        table.add_column(heading, justify="right" if i else "left", no_wrap=not i)
    return table


def print_verdict(verdict: Verdict, hot: list[HotResult]) -> None:
    """Print the tables of events and of Redis."""
    out = _out()
    table = _table(
        "Sent, and where it is",
        (
            "topic", "events sent", "duplicates", "in Kafka", "in the lake", "lines", "amount", "set aside", "in doubt", "strangers", "expired",
            "minutes", "wrong minutes",
        ),
    )  # fmt: skip
    for topic, total in verdict.totals.items():
        wrong = sum(key[0] == topic for key in verdict.wrong_minutes)
        table.add_row(
            topic, f"{total.sent:,}", f"{total.duplicates:,}", f"{total.kafka:,}", f"{total.lake:,}", f"{total.lines:,}", f"{total.cents / 100:,.2f}",
            f"{total.dead:,}", f"{total.in_doubt:,}", f"{total.foreign:,}", f"{total.older + total.faults_expired:,}",
            f"{len(total.minutes):,}", f"{wrong:,}",
        )  # fmt: skip
    out.print(table)
    faults = sorted({kind for total in verdict.totals.values() for kind in total.faults})
    if faults:
        table = _table("Faults injected", ("topic", *(kind.replace("_", " ") for kind in faults)))
        for topic, total in verdict.totals.items():
            table.add_row(topic, *(f"{total.faults[kind]:,}" for kind in faults))
        out.print(table)
    _print_excused(out, verdict)
    table = _table("Redis against the lake", ("figures", "keys", "equal", "moving, within bounds", "not compared", "wrong"))
    for result in hot:
        table.add_row(
            result.prefix, f"{result.keys:,}", f"{result.exact:,}", f"{result.moving:,}", f"{result.skipped:,}", f"{len(result.problems):,}"
        )
    out.print(table)
    for loss in verdict.losses:
        typer.echo(f"  {loss}")


def print_problems(verdict: Verdict, hot: list[HotResult], dumps: dict[str, DumpTotals]) -> None:
    """Print each problem by name. This comes last, because a log that is cut keeps its end."""
    for problem in verdict.problems[:SHOWN]:
        typer.echo(f"  {problem.topic}: {problem.what}: {problem.name}")
    for (topic, minute), (sent, landed) in sorted(verdict.wrong_minutes.items())[:SHOWN]:
        typer.echo(f"  {topic}: {datetime.fromtimestamp(minute * 60, tz=UTC):%Y-%m-%d %H:%M}: {sent} sent, {landed} in the lake")
    for result in hot:
        for text in result.problems[:SHOWN]:
            typer.echo(f"  {text}")
    hidden = max(0, len(verdict.problems) - SHOWN)
    if hidden:
        typer.echo(f"  … and {hidden:,} more problems")
    for total in dumps.values():
        for text in total.problems[:SHOWN]:
            typer.echo(f"  {text}")


def _print_excused(out: Console, verdict: Verdict) -> None:
    """Print what is counted but is no problem: good texts set aside, strangers, wrong totals of baskets, lost schemas."""
    if verdict.excused:
        table = _table("Good texts set aside", ("topic and language", "sent", "set aside", "allowed", "as"))
        for group in verdict.excused:
            kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(group.kinds.items()))
            table.add_row(f"{group.topic} {group.language}", f"{group.sent:,}", f"{len(group.events):,}", f"{group.allowed:,}", kinds)
        out.print(table)
    for topic, total in verdict.totals.items():
        if total.strangers:
            more = ", …" if len(total.strangers) > STRANGERS_SHOWN else ""
            typer.echo(
                f"  {topic}: {len(total.strangers):,} events are in no ledger; each was compared with its message: {', '.join(total.strangers[:STRANGERS_SHOWN])}{more}"
            )
        if verdict.totals_off[topic]:
            typer.echo(
                f"  {topic}: {verdict.totals_off[topic]:,} baskets were sent with a total that is not the sum of their lines; the lake has the lines"
            )
        if verdict.schema_lost[topic]:
            typer.echo(
                f"  {topic}: the registry no longer has the schema of {verdict.schema_lost[topic]:,} messages; each is in the lake once, but its figures were not compared"
            )


def print_transactions(held_back: list[OpenTransaction], hung: list[OpenTransaction], seconds: float) -> None:
    """Print the open transactions. A hung one is a problem, because no consumer reads past it. One that has ended is no problem."""
    for transaction in hung:
        typer.echo(f"  {transaction}, and was open for all of these {seconds:.0f} s: no consumer reads past it")
    if ended := len(held_back) - len(hung):
        typer.echo(f"  {ended:,} transactions were open at the start, and have ended since")
