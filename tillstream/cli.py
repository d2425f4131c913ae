"""The command line: `tillstream GROUP COMMAND`. A group exists where its package is installed. Each command imports the heavy modules it needs."""

import logging
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

import typer
from pydantic import ValidationError

from tillstream.core.errors import TillstreamError
from tillstream.core.logging import configure_logging

log = logging.getLogger(__name__)

#: Each group of commands, and the module that has its `app`. An image has the groups whose packages it contains.
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
    """Run the command line. Log an error of Tillstream as one line and exit with status 1.

    This is the edge: code below it raises an error or logs it, but never both.
    """
    # The first process of a container ignores SIGTERM by default: `docker stop` would wait its full grace period. Producers set their own handler.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        configure_logging(_service(sys.argv[1:]))
        add_groups()
        app()
    except TillstreamError as error:
        log.error("%s: %s", type(error).__name__, error)
    except ValidationError as error:
        log.error("; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()))
    except Exception:
        log.critical("unexpected error", exc_info=True)
    sys.exit(1)


def _service(arguments: list[str]) -> str:
    """Return the name of the process for its log: the command with its group."""
    return " ".join(arguments[: 2 if arguments[:1] and arguments[0] in GROUPS else 1]) or "tillstream"


@app.command()
def verify() -> None:
    """Prove that no event is lost and none is counted twice. Exit status: 1 for problems; 3 if only Kafka has lost acknowledged messages."""
    from tillstream.verify.report import verify_platform

    sys.exit(verify_platform())


@app.command()
def watchdog() -> None:
    """Restart containers that were killed from outside."""
    from tillstream.core.settings import WatchdogSettings
    from tillstream.watchdog import run

    run(WatchdogSettings())


@app.command()
def announcer() -> None:
    """Make the object store announce photos again whose announcement was lost."""
    from tillstream.announcer import run

    run()


@app.command("await-ready")
def await_ready() -> None:
    """Wait until live sales reach the dashboards; without the simulated company, until the platform is ready for them."""
    from tillstream.readiness import await_platform

    await_platform()
