"""When the lake says a message came in, asked by the jobs' own Java in the Flink image of a table in a folder. No other service is needed."""

import json
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "landed_in_the_jvm.py"


@pytest.fixture(scope="module")
def answers() -> dict[str, str | None]:
    """What was answered."""
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
    found: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_copy_is_told_by_when_the_first_message_of_its_event_came_in(answers: dict[str, str | None]) -> None:
    assert answers["first"] == "2026-11-21T00:00:01.500Z"
    assert answers["next day"] == "2026-11-21T00:00:02Z"


def test_an_event_that_the_lake_does_not_have_has_no_time(answers: dict[str, str | None]) -> None:
    assert answers["unknown"] is None
    assert answers["same id on another day"] is None
    assert answers["no id"] is None


def test_a_table_that_began_today_is_not_read(answers: dict[str, str | None]) -> None:
    assert answers["young"] is None
