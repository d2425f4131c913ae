"""Start containers for tests. If the Docker engine itself fails to start one, that is logged and tried once more.

On a busy machine runc sometimes loses the connection to the container that it creates ("runc create failed … connection reset by peer"). Nothing
has run in it by then. A failure of the container itself is never tried again.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from docker.errors import APIError
from testcontainers.core.container import DockerContainer

#: Output of docker and compose if the engine could not create a container. The exit status is not enough: 125 of `docker run` may also be
#: the status of the container, and compose ends with 1.
_FAILED = re.compile(
    r"(?:failed to create task for container|OCI runtime (?:create|exec|start) failed|runc (?:create|run|exec|start) failed|containerd|shim)"
)
_SAYS = re.compile(r"^(?:docker: )?Error response from daemon: (.*)$", re.MULTILINE)
#: Output if the container can never start. This is a fault of the test or of the tested code, not of the engine.
_ASKED_WRONGLY = re.compile(r'exec: "|no such file or directory|permission denied|not found|is a directory|invalid argument')
Started = TypeVar("Started")


def engines_own(said: str) -> bool:
    """Return whether the output of a command says that the engine itself failed to start a container."""
    return any(_FAILED.search(reason) and not _ASKED_WRONGLY.search(reason) for reason in _SAYS.findall(said))


def run(command: Sequence[Any], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command that may start a container, with captured text. It runs once more if the engine failed, and only then."""
    options = {"capture_output": True, "text": True, **options}
    done: subprocess.CompletedProcess[str] = subprocess.run(command, check=False, **options)
    if done.returncode and engines_own(done.stderr or ""):
        _log(done.stderr)
        done = subprocess.run(command, check=False, **options)
    return done


def started(start: Callable[[], Started]) -> Started:
    """Call `start`, which starts a container through Docker's API, and return its result. It is called once more if the engine failed, and only then."""
    try:
        return start()
    except APIError as error:
        if not engines_own(f"Error response from daemon: {error.explanation}"):
            raise
        _log(str(error.explanation))
    return start()


@contextmanager
def running(container: DockerContainer) -> Iterator[DockerContainer]:
    """Start a container of testcontainers, and remove it at the end."""
    started(container.start)
    try:
        yield container
    finally:
        container.stop()


def _log(said: str) -> None:
    sys.stderr.write(f"the engine failed to start a container; once more: {said.strip()[-600:]}\n")
