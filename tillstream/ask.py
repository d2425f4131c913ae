"""The commands of `tillstream ask`: queries of the lake and of the hot store."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Queries of the lake and of the hot store.")


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One statement.")],
    form: Annotated[str, typer.Option("--format", help="table, tsv or json")] = "table",
) -> None:
    """Run a query through Trino."""
    from tillstream.core.clients.trino import Trino
    from tillstream.core.output import check_format, render

    check_format(form)
    names, rows = Trino().query(query)
    render(names, rows, form)


@app.command()
def redis(pattern: Annotated[str, typer.Argument(help="A pattern of keys, such as 'sales:by_minute:*'.")]) -> None:
    """Show hot figures: the hashes whose keys match, a record a row."""
    from tillstream.core.clients.redis import hashes, records
    from tillstream.core.output import render

    found = list(records(hashes(pattern)))
    names = sorted({name for _, fields in found for name in fields})
    render(["key", *names], [[key, *(fields.get(name) for name in names)] for key, fields in found], "table")
