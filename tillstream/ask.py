"""The commands of `tillstream ask`: query the lake and the hot store."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Query the lake and the hot store.")


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
    """Show the hot figures whose Redis keys match a pattern, one record per row."""
    from tillstream.core.clients.redis import hash_records, read_hashes
    from tillstream.core.output import render

    records = list(hash_records(read_hashes(pattern)))
    names = sorted({name for _, fields in records for name in fields})
    render(["key", *names], [[key, *(fields.get(name) for name in names)] for key, fields in records], "table")
