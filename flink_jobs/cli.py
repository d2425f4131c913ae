"""The commands of `tillstream jobs`. All of them run in the Flink image."""

from typing import TYPE_CHECKING, Annotated

import typer

from tillstream.core.errors import TerminalError

if TYPE_CHECKING:
    from flink_jobs.common.submit import Submitter

app = typer.Typer(no_args_is_help=True, help="Start the Flink jobs, and run their analysis of texts, calls and photos.")


def _submitter() -> "Submitter":
    from flink_jobs.common.submit import Submitter
    from tillstream.core.settings import JobSettings

    return Submitter(JobSettings())


def _known(jobs: list[str], *but: str) -> list[str]:
    from flink_jobs.common.submit import JOBS

    allowed = [job for job in JOBS if job not in but]
    if unknown := sorted(set(jobs) - set(allowed)):
        raise TerminalError(f"no such job: {', '.join(unknown)}; choose from {', '.join(allowed)}")
    return jobs or allowed


@app.command()
def submit(jobs: Annotated[list[str] | None, typer.Argument(help="The jobs to submit; all jobs if none is named.")] = None) -> None:
    """Bring the running jobs in line with the code. Leave a job alone if its code is unchanged."""
    _submitter().bring_in_line(_known(jobs or []))


@app.command()
def rebuild(job: Annotated[str, typer.Argument(help="Any job but sales, whose rows would be in the lake twice.")]) -> None:
    """Start a job without state at the beginning of its topics, to compute its results again. For hot_store, empty Redis first."""
    _submitter().begin_again(_known([job], "sales")[0], "again")


@app.command()
def resume(job: Annotated[str, typer.Argument(help="Any job but hot_store.")]) -> None:
    """Start a job without its state, at the offsets that it has committed to Kafka."""
    _submitter().begin_again(_known([job], "hot_store")[0], "resume")


@app.command()
def fill() -> None:
    """Move the ends of partitions past the offsets that jobs have read, after Kafka has lost those records."""
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
