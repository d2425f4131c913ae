"""The commands of `tillstream jobs`, all of which run in the Flink image."""

from typing import TYPE_CHECKING, Annotated

import typer

from tillstream.core.errors import TerminalError

if TYPE_CHECKING:
    from flink_jobs.common.submit import Submitter

app = typer.Typer(no_args_is_help=True, help="The Flink jobs, and what they make of texts, calls and photos.")


def _submitter() -> "Submitter":
    from flink_jobs.common.submit import Submitter
    from tillstream.core.settings import JobSettings

    return Submitter(JobSettings())


def _known(jobs: list[str], *but: str) -> list[str]:
    from flink_jobs.common.submit import JOBS

    allowed = [job for job in JOBS if job not in but]
    if unknown := sorted(set(jobs) - set(allowed)):
        raise TerminalError(f"no such job: {', '.join(unknown)}; give {', '.join(allowed)}")
    return jobs or allowed


@app.command()
def submit(jobs: Annotated[list[str] | None, typer.Argument(help="Only these; all where none is named.")] = None) -> None:
    """Bring the running jobs in line with the code. A job whose code is unchanged is left alone."""
    _submitter().bring_in_line(_known(jobs or []))


@app.command()
def rebuild(job: Annotated[str, typer.Argument(help="Any but sales, whose rows would be in the lake twice.")]) -> None:
    """Start a job afresh from the beginning of its topics, so that it fills again what it fills; for hot_store Redis is emptied first."""
    _submitter().begin_again(_known([job], "sales")[0], "again")


@app.command()
def resume(job: Annotated[str, typer.Argument(help="Any but hot_store.")]) -> None:
    """Start a job without its state, behind what it has committed to Kafka."""
    _submitter().begin_again(_known([job], "hot_store")[0], "resume")


@app.command()
def fill() -> None:
    """Move the ends of partitions past what jobs have read and Kafka has lost."""
    _submitter().fill()


@app.command()
def analyse_texts() -> None:
    """Analyse the texts and calls on standard input, one a line in JSON."""
    from flink_jobs.voice.analyse_lines import analyse_lines

    analyse_lines()


@app.command()
def analyse_photos() -> None:
    """Analyse the photos on standard input, one a line in base64."""
    from flink_jobs.voice.photos.analyse_lines import analyse_lines

    analyse_lines()


@app.command()
def reprocess(
    model: Annotated[bool, typer.Option("--model", help="Print the version of all that an analysis rests on, and end.")] = False,
) -> None:
    """Analyse again the texts and calls on standard input, as `tillstream reprocess list` prints them."""
    from flink_jobs.voice.reprocess import reprocess_lines
    from flink_jobs.voice.text.analysis import model_version

    if model:
        typer.echo(model_version())
    else:
        reprocess_lines()


@app.command()
def search() -> None:
    """Run the service that finds texts by their meaning, until SIGTERM."""
    from flink_jobs.voice.search.service import serve

    serve()
