"""Restart containers of this project that were killed from outside.

Docker's restart policy restarts a process that ends by itself. Docker treats a container ended by `docker kill` as stopped by hand and
leaves it down. The watchdog restarts it, but not a container that was stopped on purpose by `docker stop` or `docker compose stop`. It
tells the two apart by Docker's events.
"""

import logging
import threading
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, DockerException

from tillstream.core.errors import RetryableError
from tillstream.core.settings import WatchdogSettings

log = logging.getLogger(__name__)

#: Docker may report that a container was asked to stop up to this long after the container died.
SETTLE_SECONDS = 2.0
_HEARTBEAT = Path("/tmp/heartbeat")  # noqa: S108 - inside the watchdog's own container
_ONE_SHOT = "no"


class Watchdog:
    """Watch the containers of one compose project."""

    def __init__(self, project: str) -> None:
        self._docker = docker.from_env()
        self._filters = {"label": [f"com.docker.compose.project={project}"], "event": ["die", "stop", "kill"], "type": ["container"]}
        self._asked_to_stop: set[str] = set()
        self._pause = threading.Event()

    def watch(self) -> None:
        """Watch until the Docker daemon goes away."""
        self._sweep()
        threading.Thread(target=self._beat, daemon=True).start()
        for event in self._docker.events(decode=True, filters=self._filters):
            self._handle(event)

    def _handle(self, event: dict[str, Any]) -> None:
        container_id, action = event["id"], event["Action"]
        if action == "stop" or (action == "kill" and event["Actor"]["Attributes"].get("signal") in ("15", "2", "SIGTERM", "SIGINT")):
            self._asked_to_stop.add(container_id)
        elif action == "die":
            threading.Timer(SETTLE_SECONDS, self._start_if_killed, [container_id]).start()

    def _start_if_killed(self, container_id: str) -> None:
        if container_id in self._asked_to_stop:
            self._asked_to_stop.discard(container_id)
            return
        try:
            container = self._docker.containers.get(container_id)
            policy = container.attrs["HostConfig"]["RestartPolicy"]["Name"]
            if container.status == "exited" and policy not in ("", _ONE_SHOT):
                container.start()
                log.warning("%s was killed from outside and is started again", container.name)
        except APIError as error:
            if error.status_code != 404:  # 404: it was removed in the meantime
                log.error("container %s could not be started: %s", container_id[:12], error)

    def _sweep(self) -> None:
        """Restart the containers that were killed while no watchdog ran: those with exit status 137."""
        for container in self._docker.containers.list(all=True, filters={"label": self._filters["label"], "status": "exited"}):
            if container.attrs["State"]["ExitCode"] == 137:
                self._start_if_killed(container.id)

    def _beat(self) -> None:
        while True:
            self._docker.ping()
            _HEARTBEAT.touch()
            self._pause.wait(5)


def run(settings: WatchdogSettings) -> None:
    """Watch the project's containers. An error ends the process when the Docker daemon goes away, and compose restarts it."""
    try:
        Watchdog(settings.project).watch()
    except DockerException as error:
        raise RetryableError(f"the Docker socket does not answer: {error}") from error
