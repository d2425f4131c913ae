"""The commands of `tillstream deploy`."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The one-shot services. Each can be run again at any time.")


@app.command()
def topics() -> None:
    """Make the Kafka topics that the contracts name."""
    from tillstream.deploy.topics import deploy_topics

    made = deploy_topics()
    typer.echo(f"topics: {len(made)} made" + (f": {', '.join(made)}" if made else ""))


@app.command()
def schemas() -> None:
    """Register the contracts."""
    from tillstream.deploy.schemas import deploy_schemas

    for topic, ident in deploy_schemas().items():
        typer.echo(f"{topic}: schema id {ident}")


@app.command()
def buckets() -> None:
    """Make the buckets."""
    from tillstream.deploy.buckets import deploy_buckets

    typer.echo(f"buckets made: {', '.join(deploy_buckets()) or 'none, all there'}")


@app.command()
def tables() -> None:
    """Make the lake's tables and views."""
    from tillstream.deploy.tables import deploy_tables

    typer.echo(f"tables and views: {deploy_tables()} statements")


@app.command()
def reference() -> None:
    """Make the tables of the reference data that Flink looks up."""
    from tillstream.deploy.reference import deploy_reference

    typer.echo(f"reference tables: {', '.join(deploy_reference())}")


@app.command()
def dashboards(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail where Superset differs from the tree.")] = False,
) -> None:
    """Import the dashboards as code, and remove what is no longer in the tree."""
    from tillstream.deploy.dashboards import check_drift, deploy_dashboards

    typer.echo(check_drift() if check else deploy_dashboards())
