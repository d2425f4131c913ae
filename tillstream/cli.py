"""The command line: `tillstream GROUP COMMAND`. A group is there where its package is; heavy parts are imported by the command that needs them."""

import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.markup import escape

from tillstream.core.errors import TillstreamError
from tillstream.core.waiting import console

#: Each group of commands, and the module whose `app` it is. An image has those whose packages it has.
GROUPS = {
    "deploy": "tillstream.deploy.cli",
    "ask": "tillstream.ask",
    "reprocess": "tillstream.reprocess_cli",
    "produce": "producers.cli",
    "batch": "batch.cli",
    "jobs": "flink_jobs.cli",
}

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Tillstream: from the till to the dashboard."
)


def add_groups() -> None:
    """Add each group whose package is installed."""
    for name, module in GROUPS.items():
        if find_spec(module.partition(".")[0]):
            app.add_typer(import_module(module).app, name=name)


def main() -> NoReturn:
    """Run the command line; an error of ours is one clear line and exit status 1."""
    # The first process of a container has no default for it: `docker stop` would wait its whole grace and then kill. Producers set their own.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    add_groups()
    try:
        app()
    except TillstreamError as error:
        _fail(f"{type(error).__name__}: {error}")
    except ValidationError as error:
        _fail("; ".join(f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors()))
    sys.exit(0)


def _fail(message: str) -> NoReturn:
    console.print("[red]error:[/red]", escape(message))
    sys.exit(1)


@app.command()
def verify() -> None:
    """Prove that nothing is lost and nothing is counted twice. Exit status 1: something is wrong; 3: nothing is, but Kafka has lost what it had acknowledged."""
    from tillstream.verify.report import verify_platform

    sys.exit(verify_platform())


@app.command()
def watchdog() -> None:
    """Start containers again that were killed from outside."""
    from tillstream.core.settings import WatchdogSettings
    from tillstream.watchdog import run

    run(WatchdogSettings())


@app.command()
def announcer() -> None:
    """Have photos announced again whose announcement was lost."""
    from tillstream.announcer import run

    run()


@app.command("await-ready")
def await_ready() -> None:
    """Wait until trade flows to the dashboards."""
    from tillstream.readiness import await_platform

    await_platform()
