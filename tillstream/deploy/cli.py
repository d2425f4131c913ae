"""The commands of `tillstream deploy`."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The one-shot services. Each can be run again at any time.")


@app.command()
def topics() -> None:
    """Create the Kafka topics of the contracts."""
    from tillstream.deploy.topics import deploy_topics

    created = deploy_topics()
    typer.echo(f"topics: {len(created)} created" + (f": {', '.join(created)}" if created else ""))


@app.command()
def schemas() -> None:
    """Register the contracts in the schema registry."""
    from tillstream.deploy.schemas import deploy_schemas

    for topic, ident in deploy_schemas().items():
        typer.echo(f"{topic}: schema id {ident}")


@app.command()
def buckets() -> None:
    """Create the buckets and their users."""
    from tillstream.deploy.buckets import deploy_buckets

    typer.echo(f"buckets created: {', '.join(deploy_buckets()) or 'none, all exist'}")


@app.command()
def tables() -> None:
    """Create the lake's tables and views."""
    from tillstream.deploy.tables import deploy_tables

    typer.echo(f"tables and views: {deploy_tables()} statements run")


@app.command()
def reference() -> None:
    """Create the reference tables that the Flink jobs look up."""
    from tillstream.deploy.reference import deploy_reference

    typer.echo(f"reference tables: {', '.join(deploy_reference())}")


@app.command()
def dashboards(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail if Superset differs from superset/.")] = False,
) -> None:
    """Import the dashboards from superset/, and delete from Superset what is no longer there."""
    from tillstream.deploy.dashboards import check_drift, deploy_dashboards

    typer.echo(check_drift() if check else deploy_dashboards())
