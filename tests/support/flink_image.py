"""Run the analysis in the Flink image, which has the models."""

import json
import os
import subprocess
from collections.abc import Iterable
from typing import Any

IMAGE = os.environ.get("FLINK_IMAGE", "tillstream/flink:dev")


def analyse(command: str, lines: Iterable[str], timeout: float | None = None) -> list[dict[str, Any]]:
    """Return the analysis of each line by a command of `tillstream jobs`.

    Raises:
        CalledProcessError: the command failed.
        TimeoutExpired: it took longer than `timeout` seconds.
    """
    container = ["docker", "run", "--rm", "-i", "--network=none", "--entrypoint", "/opt/venv/bin/python", IMAGE]
    result = subprocess.run(
        [*container, "-m", "tillstream", "jobs", command],
        input="".join(f"{line}\n" for line in lines),
        stdout=subprocess.PIPE,
        text=True,
        timeout=timeout,
        check=True,
    )
    return [json.loads(line) for line in result.stdout.splitlines()]
