"""Run the analyses in the Flink image, which has the models."""

import json
import os
from collections.abc import Iterable
from typing import Any

from tests.support.compose_platform import CommandError
from tests.support.containers import run

IMAGE = os.environ.get("FLINK_IMAGE", "tillstream/flink:dev")


def analyse(command: str, lines: Iterable[str], timeout: float | None = None) -> list[dict[str, Any]]:
    """Return the analysis of each line by a command of `tillstream jobs`.

    Raises:
        CommandError: the command failed; it has what the command printed.
        TimeoutExpired: it took longer than `timeout` seconds.
    """
    container = ["docker", "run", "--rm", "-i", "--network=none", "--entrypoint", "/opt/venv/bin/python", IMAGE]
    done = run([*container, "-m", "tillstream", "jobs", command], input="".join(f"{line}\n" for line in lines), timeout=timeout)
    if done.returncode != 0:
        raise CommandError(done.returncode, command, done.stdout, done.stderr[-3000:])
    return [json.loads(line) for line in done.stdout.splitlines()]
