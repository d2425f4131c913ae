"""Starts containers for tests. Where the engine itself fails to start one, it is told from what the container does, logged, and tried once more.

On a busy machine runc is now and then cut off from the container that it makes ("runc create failed … connection reset by peer"). Nothing has run
then. Whatever a container itself does is never tried again.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from docker.errors import APIError
from testcontainers.core.container import DockerContainer

#: What docker and compose print where the engine could not make a container of what it was told to. `docker run` ends with 125 then, as a
#: container may too; compose with 1.
_FAILED = re.compile(
    r"(?:failed to create task for container|OCI runtime (?:create|exec|start) failed|runc (?:create|run|exec|start) failed|containerd|shim)"
)
_SAYS = re.compile(r"^(?:docker: )?Error response from daemon: (.*)$", re.MULTILINE)
#: What is asked of it can never be started: that is a fault of the test or of what it tests.
_ASKED_WRONGLY = re.compile(r'exec: "|no such file or directory|permission denied|not found|is a directory|invalid argument')
Started = TypeVar("Started")


def engines_own(said: str) -> bool:
    """Whether what a command printed is a failure of the engine at starting a container."""
    return any(_FAILED.search(reason) and not _ASKED_WRONGLY.search(reason) for reason in _SAYS.findall(said))


def run(command: Sequence[Any], **options: Any) -> subprocess.CompletedProcess[str]:
    """subprocess.run with captured text, for a command that may start a container; tried once more where the engine failed, and only then."""
    options = {"capture_output": True, "text": True, **options}
    done: subprocess.CompletedProcess[str] = subprocess.run(command, check=False, **options)
    if done.returncode and engines_own(done.stderr or ""):
        _log(done.stderr)
        done = subprocess.run(command, check=False, **options)
    return done


def started(start: Callable[[], Started]) -> Started:
    """What `start` gives, which starts a container by Docker's API; tried once more where the engine failed, and only then."""
    try:
        return start()
    except APIError as error:
        if not engines_own(f"Error response from daemon: {error.explanation}"):
            raise
        _log(str(error.explanation))
    return start()


@contextmanager
def running(container: DockerContainer) -> Iterator[DockerContainer]:
    """A container of testcontainers', which is gone afterwards."""
    started(container.start)
    try:
        yield container
    finally:
        container.stop()


def _log(said: str) -> None:
    sys.stderr.write(f"the engine failed to start a container; once more: {said.strip()[-600:]}\n")
