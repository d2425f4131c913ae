"""Run a platform for tests: compose project tillstream-test. It does not touch a platform that already runs on the machine."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import docker
import httpx

from tests.support.containers import run
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import RetryableError, TillstreamError
from tillstream.core.settings import TrinoSettings

ROOT = Path(__file__).parent.parent.parent
PROJECT = "tillstream-test"
#: Compose files of the platform as it is, for measurements, and of a platform that starts faster, for tests.
AS_IT_IS = (ROOT / "docker-compose.yml",)
FILES = (*AS_IT_IS, ROOT / "tests" / "support" / "compose.yml")
T = TypeVar("T")
#: One client for all requests, because each new client reads the machine's certificates, and some requests are made twice a second.
HTTP = httpx.Client(timeout=10)

#: Settings of the test platform: little history, much trade, and so many faults that each kind occurs within a minute.
OVERRIDES = {
    "SUPERSET_PORT": "18088",
    "FLINK_PORT": "18081",
    "TRINO_PORT": "18080",
    "MINIO_CONSOLE_PORT": "19001",
    "REGISTRY_PORT": "18085",
    "KAFKA_PORT": "19094",
    "DAGSTER_PORT": "13000",
    "DATA_DOCS_PORT": "18090",
    # The dumps of a day take minutes on two busy cores. Tests that need more days are drills.
    "DUMP_DAYS": os.environ.get("TEST_DUMP_DAYS", "1"),
    "STOCK_STORES": "26",
    # So few bad rows that no dump is refused for them, except the smallest: one bad row in 36 restocks is too many.
    "DUMP_BAD_ROWS": "0.001",
    "DUMP_BAD_FILES": "0",
    "DUMP_RESEND_SECONDS": "20",
    "HISTORY_DAYS": "3",
    # No scheduled compaction: one takes a minute on two busy cores, and loads and marts wait for it. test_upkeep runs one itself.
    "COMPACT_MINUTES": "0",
    # No daily upkeep during the tests: the marts would wait for it, and its commits would conflict with those of awaited loads.
    "UPKEEP_AT": f"{datetime.now(tz=UTC) + timedelta(hours=12):%H:%M}",
    "BACKFILL_TODAY": "false",
    "LIVE_RATE": "30",
    "LIVE_FLOOR": "24",
    "WEB_VISITS_PER_MINUTE": "60",
    "DELIVERY_MINUTES": "1",
    "RETURN_RATE": "0.1",
    "VOID_RATE": "0.1",
    "FAULT_DUPLICATE": "0.05",
    "FAULT_LATE": "0.05",
    "FAULT_OUT_OF_ORDER": "0.05",
    "FAULT_FUTURE": "0.01",
    "FAULT_WRONG_SCHEMA": "0.01",
    "FAULT_TRUNCATED": "0.01",
    "FAULT_JUNK": "0.01",
    "FAULT_IMPOSSIBLE": "0.01",
    "FAULT_UNREADABLE": "0.05",
    "FEEDBACK_PER_MINUTE": "60",
    "CALLS_PER_MINUTE": "10",
    "PHOTOS_PER_MINUTE": "6",
}


#: The factor by which every wait is longer than on a fast machine, because machines differ in speed by three. Only failing tests take longer.
PATIENCE = 3


def eventually(what: str, condition: Callable[[], T | None], seconds: float, every: float = 0.2) -> T:
    """Poll until the condition returns something true, and return that.

    Args:
        what: the awaited event, in words.
        condition: the function that is polled. An error of the network, a command or the platform counts as false.
        seconds: the longest wait, in seconds of a fast machine (see PATIENCE).
        every: the pause between two calls. The default is for a cheap condition. A condition that asks Trino or Dagster, or runs a container or a
            command, takes much processor time, so its pause is at least 1 s.

    Raises:
        AssertionError: the time is over. The message names `what` and the last result.
    """
    seconds *= PATIENCE
    deadline = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < deadline:
        try:
            last = found = condition()
            if found:
                return found
        except (httpx.HTTPError, subprocess.CalledProcessError, TillstreamError, OSError) as error:
            last = error
        time.sleep(every)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s; last seen: {last}")


#: The GraphQL query for the newest runs of a job, the newest first.
RUNS = "query($job: String!) { runsOrError(filter: {pipelineName: $job}, limit: 20) { ... on Runs { results { runId status } } } }"


def ask_dagster(url: str, query: str, **variables: str) -> dict[str, Any]:
    """Return the data of the answer to a GraphQL query."""
    answer = HTTP.post(f"{url}/graphql", json={"query": query, "variables": variables}, timeout=30).raise_for_status().json()
    data: dict[str, Any] = answer["data"]
    return data


class CommandError(subprocess.CalledProcessError):
    """A command failed. The error has the command's output."""

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.stderr}"


class Platform:
    """Run docker compose and the platform's own command line, and ask its pages."""

    def __init__(self, project: str = PROJECT, overrides: dict[str, str] = OVERRIDES, files: Sequence[Path] = FILES) -> None:
        self._project = project
        self._docker = docker.from_env()
        self._build = ROOT / ".build" / project
        self._overrides = {**overrides, "SECRETS_DIR": str(self._build / "secrets")}
        self._build.mkdir(parents=True, exist_ok=True)
        self._env_file = self._build / "env"
        self._compose = ["docker", "compose", "--project-name", project, "--env-file", str(self._env_file)]
        self._compose += [part for file in files for part in ("--file", str(file))]
        lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
        settings = (f"{name}={self._overrides[name]}" if (name := line.split("=")[0]) in self._overrides else line for line in lines)
        self._env_file.write_text("\n".join(settings) + "\n", encoding="utf-8")
        subprocess.run([ROOT / "scripts" / "secrets.sh", self._env_file], check=True)
        self.flink = f"http://127.0.0.1:{overrides['FLINK_PORT']}"
        self.dagster = f"http://127.0.0.1:{overrides['DAGSTER_PORT']}"
        self.data_docs = f"http://127.0.0.1:{overrides['DATA_DOCS_PORT']}/index.html"
        self.superset = f"http://127.0.0.1:{overrides['SUPERSET_PORT']}"
        self._trino = TrinoSettings(host="127.0.0.1", port=int(overrides["TRINO_PORT"]))
        self.kafka = f"127.0.0.1:{overrides['KAFKA_PORT']}"
        self.registry = f"http://127.0.0.1:{overrides['REGISTRY_PORT']}/apis/ccompat/v7"

    def compose(self, *arguments: str, timeout: float = 600, given: str | None = None) -> str:
        """Run docker compose on the test project, with this text on standard input, and return its standard output."""
        return self._run([*self._compose, *arguments], timeout, given)

    def make(self, *arguments: str, timeout: float = 600) -> str:
        """Run make on the test project, and return its standard output."""
        return self._run(["make", "--silent", f"COMPOSE={' '.join(self._compose)}", *arguments], timeout)

    def _run(self, command: list[str], timeout: float, given: str | None = None) -> str:
        # Variables of the caller must not change the settings of the test project.
        environment = {name: value for name, value in os.environ.items() if name not in self._overrides}
        done = run(command, cwd=ROOT, env=environment, input=given, timeout=timeout * PATIENCE)
        if done.returncode != 0:
            raise CommandError(done.returncode, command, done.stdout, done.stderr[-6000:] + done.stdout[-6000:])
        return done.stdout

    def one_off(self, service: str, *arguments: str, options: Sequence[str] = (), timeout: float = 600, given: str | None = None) -> str:
        """Run a service's image once with these arguments, and return its standard output. Services that it depends on are not started."""
        return self.compose("run", "--rm", "--no-deps", "-T", *options, service, *arguments, timeout=timeout, given=given)

    def python(self, service: str, code: str, *arguments: str, timeout: float = 600, given: str | None = None) -> str:
        """Run Python in a service's image, and return its standard output."""
        return self.one_off(service, "-c", code, *arguments, options=("--entrypoint", "python3"), timeout=timeout, given=given)

    def tools(self, *arguments: str, timeout: float = 600, given: str | None = None) -> str:
        """Run the command line in its container, and return its standard output."""
        return self.one_off("tools", *arguments, timeout=timeout, given=given)

    def company(self, *arguments: str, timeout: float = 600) -> str:
        """Run the simulated company's command line in its container, and return its standard output."""
        return self.one_off("company-tools", *arguments, timeout=timeout)

    def up(self) -> None:
        """Remove what an earlier run has left, start everything, and wait until trade flows."""
        if os.environ.get("KEEP_COMPOSE") != "1":
            self.down(volumes=True)
        self.start()

    def start(self) -> None:
        """Start the services that do not run, and wait until trade flows."""
        self.compose("up", "--detach", "--remove-orphans", timeout=900)
        self.tools("await-ready", timeout=900)

    def set(self, name: str, value: str) -> None:
        """Change a setting of the platform. It takes effect at the next start."""
        lines = self._env_file.read_text(encoding="utf-8").splitlines()
        self._env_file.write_text(
            "\n".join(f"{name}={value}" if line.startswith(f"{name}=") else line for line in lines) + "\n", encoding="utf-8"
        )

    def down(self, *, volumes: bool = False) -> None:
        """Stop everything. With `volumes`, delete the data too."""
        arguments = ["--profile", "*", "down", "--remove-orphans", "--timeout", "60", *(["--volumes"] if volumes else [])]
        try:
            self.compose(*arguments)
        except CommandError as error:
            # If a one-off container ends while compose stops it, the command fails before it has stopped everything.
            if "No such container" not in error.stderr:
                raise
            self.compose(*arguments)

    def verify(self) -> str:
        """Run the command of `make verify` and return its output. Fail with the whole output if verify finds a problem."""
        try:
            return self.tools("verify", timeout=900)
        except subprocess.CalledProcessError as error:
            raise AssertionError(f"verify does not hold:\n{error.stdout}\n{error.stderr}") from None

    def sql(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query through Trino."""
        names, rows = self.trino().query(query)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def trino(self) -> Trino:
        """Return a connection to Trino."""
        return Trino(settings=self._trino)

    def secret(self, name: str) -> str:
        """Return one of the test platform's secrets."""
        return (self._build / "secrets" / name).read_text(encoding="utf-8")

    def container(self, service: str) -> str:
        """Return the id of a service's container."""
        # Ask Docker's API: compose and the command line of Docker take much processor time for each call, and health is polled.
        labels = {"project": self._project, "service": service, "oneoff": "False"}
        found: list[dict[str, Any]] = self._docker.api.containers(
            all=True, filters={"label": [f"com.docker.compose.{name}={value}" for name, value in labels.items()]}
        )
        if not found:
            raise RetryableError(f"{service} has no container")
        return str(found[0]["Id"])

    def kill(self, service: str) -> None:
        """Kill a service's container with SIGKILL. Docker itself does not restart it then."""
        self._docker.api.kill(self.container(service), "SIGKILL")

    def stop_service(self, service: str) -> None:
        """Stop a service's container, and nothing else."""
        self._docker.api.stop(self.container(service), timeout=60)

    def start_service(self, service: str) -> None:
        """Start a service's container again, with Docker. Compose would first run again the one-shots on which the service depends."""
        self._docker.api.start(self.container(service))

    def health(self, service: str) -> str:
        """Return starting, healthy, unhealthy, or the container's state if it has no health check."""
        state: dict[str, Any] = self._docker.api.inspect_container(self.container(service))["State"]
        return str(state["Health"]["Status"] if state["Running"] and "Health" in state else state["Status"])

    def job(self, name: str) -> dict[str, Any]:
        """Return the newest job of that name, as Flink's REST API has it."""
        jobs = HTTP.get(f"{self.flink}/jobs/overview").raise_for_status().json()["jobs"]
        return max((job for job in jobs if job["name"].startswith(f"{name} ")), key=lambda job: job["start-time"], default={})

    def flink_cancel(self, name: str) -> None:
        """Cancel a job and wait until it has ended."""
        job = self.job(name)["jid"]
        HTTP.patch(f"{self.flink}/jobs/{job}").raise_for_status()
        eventually(f"{name} cancelled", lambda: self.job(name)["state"] == "CANCELED", 60)

    def checkpoints(self, name: str = "sales") -> dict[str, Any]:
        """Return the counts of a job's checkpoints and its newest ones.

        Raises:
            RetryableError: there is no such job, for example because it is being submitted again.
        """
        job = self.job(name)
        if not job:
            raise RetryableError(f"{name} is not there")
        found: dict[str, Any] = HTTP.get(f"{self.flink}/jobs/{job['jid']}/checkpoints").raise_for_status().json()
        return found

    def trigger_checkpoint(self, name: str = "sales") -> str:
        """Trigger a checkpoint of a job. Return the URL of its status."""
        url = f"{self.flink}/jobs/{self.job(name)['jid']}/checkpoints"
        trigger = HTTP.post(url, json={"checkpointType": "FULL"}).raise_for_status().json()["request-id"]
        return f"{url}/{trigger}"

    def runs(self, job: str) -> dict[str, str]:
        """Return the state of each of a Dagster job's newest runs by its id, the newest first."""
        return {run["runId"]: run["status"] for run in ask_dagster(self.dagster, RUNS, job=job)["runsOrError"]["results"]}

    def await_marts(self) -> None:
        """Wait for a whole build of the marts, with its tests."""
        eventually("a whole build of the marts, with its tests", lambda: "SUCCESS" in self.runs("build_marts").values(), 900, every=3)

    def save_logs(self) -> None:
        """Save each service's log under .build/logs, for CI to show where a test failed."""
        logs = ROOT / ".build" / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        for service in self.compose("ps", "--all", "--services").split():
            (logs / f"test-{service}.log").write_text(
                self.compose("logs", "--no-color", "--no-log-prefix", "--tail", "400", service), encoding="utf-8"
            )
