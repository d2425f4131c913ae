"""The jobs' Java code asks the lake when an event landed. It runs in the Flink image on a table in a folder, without other services."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent / "landed_in_the_jvm.py"


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """Return the answers that landed_in_the_jvm.py prints."""
    command = "mkdir -p $FLINK_CONF_DIR && cp /opt/flink/config.yaml $FLINK_CONF_DIR/ && exec python3 /landed.py /tmp/warehouse"
    container = [
        "docker",
        "run",
        "--rm",
        "--network",
        "none",
        "--entrypoint",
        "bash",
        "-v",
        f"{SCRIPT}:/landed.py:ro",
        "tillstream/flink:dev",
    ]
    done = subprocess.run([*container, "-c", command], capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_copy_is_told_by_when_the_first_message_of_its_event_came_in(answers: dict[str, Any]) -> None:
    assert answers["first"] == "2026-11-21T00:00:01.500Z"
    assert answers["next day"] == "2026-11-21T00:00:02Z"


def test_an_event_that_the_lake_does_not_have_has_no_time(answers: dict[str, Any]) -> None:
    assert answers["unknown"] is None
    assert answers["same id on another day"] is None
    assert answers["no id"] is None


def test_a_table_that_began_today_is_not_read(answers: dict[str, Any]) -> None:
    assert answers["young"] is None


def test_a_run_of_the_sales_job_knows_what_those_before_have_passed_on(answers: dict[str, Any]) -> None:
    """Check both ways. Of the last day, the run remembers ids, so the id is enough. For an older event, it asks the lake for the event's day."""
    passed = answers["passed"]
    assert not passed["of an hour ago"]
    assert not passed["the same with another time"]
    assert not passed["late"]
    assert not passed["of days ago"]


def test_a_run_passes_on_each_event_once(answers: dict[str, Any]) -> None:
    passed = answers["passed"]
    assert passed["new"]
    assert passed["new and late"]
    assert not passed["new, again"]


def test_a_run_that_began_when_nothing_had_landed_does_not_ask_the_lake(answers: dict[str, Any]) -> None:
    """Check that an empty lake at the start means no questions later. The run itself wrote all rows of the lake, and remembers them.

    Otherwise the run would read every day of a new platform's history from the lake.
    """
    assert answers["passed"]["of days ago, to a run that began when nothing had landed"]
