"""The containers of the measurement, beside a running platform."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker

from bench.dashboard import settings
from tests.support.compose_platform import ROOT

PROJECT = "tillstream-tiers"
PLATFORM = "tillstream"
CLIENT = "client"
MB = 1_000_000
#: Services of the platform that must run: they hold and ask the lake.
NEEDED = ("trino", "minio", "postgres")


class Containers:
    """Runs compose, the client's commands, and Docker's own counters."""

    def __init__(self) -> None:
        self._docker = docker.from_env()
        missing = [service for service in NEEDED if self._find(PLATFORM, service) is None]
        if missing:
            raise SystemExit(f"error: the platform does not run ({', '.join(missing)}): start it with `make up`, with a year of history")
        secrets = ROOT / settings()["SECRETS_DIR"]
        self._environment = {**os.environ, "PLATFORM": PLATFORM, "SECRETS_DIR": str(secrets.resolve())}

    def _find(self, project: str, service: str) -> Any:
        """Return the running container of a service; None if there is none."""
        labels = {"project": project, "service": service, "oneoff": "False"}
        found = self._docker.containers.list(filters={"label": [f"com.docker.compose.{name}={value}" for name, value in labels.items()]})
        return found[0] if found else None

    def compose(self, *arguments: str, capture: bool = True) -> str:
        """Run docker compose and return its standard output.

        Raises:
            SystemExit: it failed; the message has its errors.
        """
        command = ["docker", "compose", "--project-name", PROJECT, "--file", str(Path(__file__).with_name("compose.yml")), *arguments]
        done = subprocess.run(
            command,
            check=False,
            text=True,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if capture else None,
        )
        if done.returncode:
            raise SystemExit(f"error: `{' '.join(arguments)}` failed\n{(done.stderr or '')[-3000:]}{done.stdout[-3000:]}")
        return done.stdout

    def client(self, *arguments: object) -> Any:
        """Run a command of bench.tiers.client in its container, with its progress on our standard error, and return its result."""
        command = ("exec", "-T", CLIENT, "python3", "-m", "bench.tiers.client", *map(str, arguments))
        return json.loads(self.compose(*command, capture=False).strip().splitlines()[-1])

    def start(self, service: str) -> None:
        """Start a service, or one that was killed or stopped again."""
        self.compose("up", "--detach", "--no-recreate", service)

    def stop(self, service: str) -> None:
        """Stop a service in its own way."""
        self.compose("stop", "--timeout", "60", service)

    def kill(self, service: str) -> None:
        """Kill a service with SIGKILL, as when its process crashes."""
        self._of(PROJECT, service).kill("SIGKILL")

    def _of(self, project: str, service: str) -> Any:
        container = self._find(project, service)
        if container is None:
            raise SystemExit(f"error: {service} of {project} does not run any more: see `docker compose -p {project} logs {service}`")
        return container

    def _stats(self, project: str, service: str) -> dict[str, Any]:
        counters: dict[str, Any] = self._docker.api.stats(self._of(project, service).id, stream=False, one_shot=True)
        return counters

    def cpu_seconds(self, project: str, *services: str) -> float:
        """Return the CPU seconds of services since their containers started."""
        return sum(float(self._stats(project, service)["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9 for service in services)

    def memory_mb(self, project: str, *services: str) -> float:
        """Return the memory of services in MB, without cached files."""
        memory = [self._stats(project, service)["memory_stats"] for service in services]
        return float(sum((held.get("usage", 0) - held.get("stats", {}).get("inactive_file", 0)) / MB for held in memory))

    def remove(self) -> None:
        """Remove the containers, the volumes and the network of the measurement. The platform's networks stay."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "20")


@contextmanager
def containers(*, keep: bool) -> Iterator[Containers]:
    """Start the client; at the end remove all containers, volumes and tables, unless they are to be kept."""
    own = Containers()
    own.remove()
    own.start(CLIENT)
    own.client("drop")
    try:
        yield own
    finally:
        if keep:
            print(f"kept: `docker compose -p {PROJECT} ps`, and the tables in lake.bench", flush=True)
        else:
            own.client("drop")
            own.remove()
