"""A failure of the Docker engine to start a container is told apart from a failure of the container, and only the first is retried."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from docker.errors import APIError
from requests import Response

from tests.support.containers import engines_own, run, started

RESET = "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: read init-p: connection reset by peer: unknown"
ENGINES = [f"docker: Error response from daemon: {RESET}", f" Container a  Starting\nError response from daemon: {RESET}\n"]
NOT_ENGINES = {
    "a container's own 125": "sh: 1: something failed",
    "a command that is not there": 'docker: Error response from daemon: failed to create task for container: OCI runtime create failed: runc create failed: exec: "/nope": stat /nope: no such file or directory',
    "a device that is not there": "Error response from daemon: error gathering device information while adding custom device: no such file or directory",
    "an image that is not there": "docker: Error response from daemon: pull access denied for x, repository does not exist",
    "a port that is taken": "Error response from daemon: driver failed programming external connectivity: port is already allocated",
    "a test that prints such a line": f"AssertionError: it said {ENGINES[0]}",
}
#: Fails several times with a text, then succeeds. argv: the file of the count, the number of failures, the text, the exit status.
COMMAND = """
import sys, pathlib
count = pathlib.Path(sys.argv[1]); done = int(count.read_text() or 0) if count.exists() else 0
count.write_text(str(done + 1))
if done < int(sys.argv[2]):
    sys.stderr.write(sys.argv[3]); sys.exit(int(sys.argv[4]))
print(sys.stdin.read())
"""


@pytest.mark.parametrize("said", ENGINES)
def test_the_engines_own_failure_is_known(said: str) -> None:
    assert engines_own(said)


@pytest.mark.parametrize("said", NOT_ENGINES.values(), ids=NOT_ENGINES)
def test_what_a_container_or_a_test_does_wrong_is_not_the_engines(said: str) -> None:
    assert not engines_own(said)


def tried(tmp_path: Path, failures: int, said: str, status: int = 125) -> tuple[int, str, str]:
    count = tmp_path / "count"
    done = run([sys.executable, "-c", COMMAND, count, str(failures), said, str(status)], input="given")
    return done.returncode, done.stdout.strip(), count.read_text(encoding="utf-8")


@pytest.mark.parametrize("status", [125, 1])
def test_a_start_that_failed_is_tried_once_more_with_what_was_given_and_logged(
    tmp_path: Path, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tried(tmp_path, 1, ENGINES[0], status) == (0, "given", "2")
    assert "once more: docker: Error response from daemon" in capsys.readouterr().err


def test_it_is_not_tried_a_third_time(tmp_path: Path) -> None:
    assert tried(tmp_path, 9, ENGINES[0]) == (125, "", "2")


@pytest.mark.parametrize("said", NOT_ENGINES.values(), ids=NOT_ENGINES)
def test_nothing_else_is_tried_again(tmp_path: Path, said: str) -> None:
    assert tried(tmp_path, 1, said) == (125, "", "1")


@pytest.mark.parametrize(("reason", "times"), [(RESET, 2), ("No such image: x", 1)])
def test_a_container_that_is_started_by_the_api_is_tried_again_in_the_same_way(reason: str, times: int) -> None:
    calls: list[int] = []

    def start() -> str:
        calls.append(1)
        if len(calls) == 1:
            raise APIError("500", response=cast("Response", SimpleNamespace(status_code=500)), explanation=reason)
        return "started"

    def outcome() -> Any:
        try:
            return started(start)
        except APIError:
            return "failed"

    assert outcome() == ("started" if times == 2 else "failed")
    assert len(calls) == times
