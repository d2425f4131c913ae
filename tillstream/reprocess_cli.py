"""The commands of `tillstream reprocess`: texts and calls that today's model has not analysed yet."""

import json
import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Texts and calls that today's model has not analysed yet; `make reread` does all of it.")


@app.command("list")
def list_pending(
    model: Annotated[str, typer.Argument(help="The version that `tillstream jobs reprocess --model` prints.")],
) -> None:
    """Print the texts and calls that a model has not analysed yet, an object of JSON a line."""
    from tillstream.core.clients.trino import Trino
    from tillstream.reprocess import unread

    for text in unread(Trino(), model):
        typer.echo(json.dumps(text))


@app.command()
def save() -> None:
    """Save the analyses that come on standard input, beside those that were made before."""
    from tillstream.core.clients.trino import Trino
    from tillstream.reprocess import keep

    kept, aside = keep(Trino(), sys.stdin)
    typer.echo(f"{kept:,} texts and calls analysed again, beside what was understood before")
    for kind, count in sorted(aside.items()):
        typer.echo(f"{count:,} could not be analysed this time: {kind}")
