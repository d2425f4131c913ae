"""The commands of `tillstream reprocess`: analyse older texts and calls with the current model."""

import json
import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Analyse older texts and calls with the current model; `make reread` runs all steps.")


@app.command("list")
def list_pending(
    model: Annotated[str, typer.Argument(help="The version that `tillstream jobs reprocess --model` prints.")],
) -> None:
    """Print the texts and calls that a model has not analysed yet, one JSON object per line."""
    from tillstream import reprocess
    from tillstream.core.clients.trino import Trino

    for text in reprocess.list_pending(Trino(), model):
        typer.echo(json.dumps(text))


@app.command()
def save() -> None:
    """Save the analyses from standard input beside the earlier ones."""
    from tillstream import reprocess
    from tillstream.core.clients.trino import Trino

    saved, failed = reprocess.save(Trino(), sys.stdin)
    typer.echo(f"{saved:,} texts and calls analysed again; the earlier analyses stay")
    for kind, count in sorted(failed.items()):
        typer.echo(f"{count:,} could not be analysed: {kind}")
