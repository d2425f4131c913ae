"""Inspect, stop and cancel Flink jobs through the JobManager's REST API."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import httpx

from tillstream.core.errors import AwaitTimeoutError, NotRestorableError, RetryableError
from tillstream.core.job_failures import Failure, parse_failure
from tillstream.core.waiting import await_condition

log = logging.getLogger(__name__)

#: States of a job that is not over.
_LIVE = {"CREATED", "INITIALIZING", "RUNNING", "RESTARTING", "FAILING", "RECONCILING"}
_OVER = ("CANCELED", "FINISHED", "FAILED")
#: States of a healthy task. A source finishes when it has read all its input, while the other tasks continue.
_HEALTHY = {"RUNNING", "FINISHED"}


@dataclass(frozen=True)
class RunningJob:
    """A job of the cluster: its id, and its name, which ends in the digest of its code."""

    job_id: str
    name: str


class Cluster:
    """A client of the JobManager. Every method raises RetryableError if the JobManager does not answer, or answers with an error."""

    def __init__(self, url: str, timeout: float = 30) -> None:
        self._flink = httpx.Client(base_url=url, timeout=timeout)

    def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a request, and return its answer.

        Raises:
            RetryableError: the JobManager does not answer, answers with an error status, or something else answers in its place.
        """
        try:
            answer = self._flink.request(method, path, json=body).raise_for_status()
            return answer.json() if answer.content else None
        except (httpx.HTTPError, ValueError) as error:
            raise RetryableError(f"the JobManager does not answer: {error}") from error

    def _get(self, path: str) -> Any:
        return self._request("GET", path)

    def running(self, job: str, states: Collection[str] = _LIVE) -> RunningJob | None:
        """Return the job of this name, with any digest, that is in one of these states, by default any live one; None where there is none."""
        jobs = self._get("/jobs/overview")["jobs"]
        return next((RunningJob(j["jid"], j["name"]) for j in jobs if j["name"].split(" ")[0] == job and j["state"] in states), None)

    def completed_checkpoint(self, job: RunningJob) -> dict[str, Any] | None:
        """Return the job's last completed checkpoint as Flink describes it; None where there is none."""
        completed: dict[str, Any] | None = self._get(f"/jobs/{job.job_id}/checkpoints")["latest"]["completed"]
        return completed

    def begin_checkpoint(self, job: RunningJob) -> None:
        """Trigger a checkpoint of the job. Flink starts it after one that is in progress."""
        self._request("POST", f"/jobs/{job.job_id}/checkpoints", {"checkpointType": "CONFIGURED"})

    def taskmanagers(self) -> int:
        """Return how many TaskManagers there are."""
        return len(self._get("/taskmanagers")["taskmanagers"])

    def stop(self, job: RunningJob) -> str:
        """Stop the job with a savepoint, and return the savepoint's path. A job that can take none is cancelled, and the path is empty."""
        log.info("%s: its code has changed; stopping it with a savepoint", job.name)
        request = self._request("POST", f"/jobs/{job.job_id}/stop", {"drain": False})["request-id"]
        try:
            operation = await_condition(f"the savepoint of {job.name}", lambda: self._savepoint(job, request), 180)
        except AwaitTimeoutError:
            operation = {}
        if "location" in operation:
            return str(operation["location"])
        log.warning("%s: no savepoint could be taken; cancelling it, to continue from its last checkpoint", job.name)
        self.cancel(job)
        return ""

    def _savepoint(self, job: RunningJob, request: str) -> dict[str, Any] | None:
        """Return the result of a savepoint; None while it is in progress."""
        status = self._get(f"/jobs/{job.job_id}/savepoints/{request}")
        return status["operation"] if status["status"]["id"] == "COMPLETED" else None

    def cancel(self, job: RunningJob) -> None:
        """Cancel the job, and wait up to two minutes until it has ended."""
        self._request("PATCH", f"/jobs/{job.job_id}")
        await_condition(f"{job.name} to be cancelled", lambda: self._get(f"/jobs/{job.job_id}")["state"] in _OVER, 120)

    def wait_until_running(self, job: str, seconds: float = 120) -> str:
        """Wait until every task of the job runs, so that its state is restored, and return the job's full name.

        Raises:
            NotRestorableError: the job fails and no restart can repair it. It is raised at once.
            AwaitTimeoutError: the tasks do not all run within the bound.
        """
        return await_condition(
            f"every task of {job} to run (else see the logs of flink-jobmanager)", lambda: self._healthy_name(job), seconds
        )

    def _healthy_name(self, job: str) -> str | None:
        running = self.running(job)
        if not running:
            return None
        # A source whose offset is out of range fails only a moment after it started to run.
        if failure := self.permanent_failure(running):
            raise NotRestorableError(running.name, failure)
        details = self._get(f"/jobs/{running.job_id}")
        return running.name if all(vertex["status"] in _HEALTHY for vertex in details["vertices"]) else None

    def raise_if_unrestorable(self) -> None:
        """Raise an error if a live job fails and no restart can repair it.

        Raises:
            NotRestorableError: the first such job; the message says what to do.
            RetryableError: the JobManager does not answer, as while it starts.
        """
        for entry in self._get("/jobs/overview")["jobs"]:
            job = RunningJob(entry["jid"], entry["name"])
            if entry["state"] in _LIVE and (failure := self.permanent_failure(job)):
                raise NotRestorableError(job.name, failure)

    def permanent_failure(self, job: RunningJob) -> Failure | None:
        """Return why the job fails permanently; None where a restart may repair it, or has: a checkpoint was completed since."""
        failures = self._get(f"/jobs/{job.job_id}/exceptions")["exceptionHistory"]["entries"]
        if not failures:
            return None
        newest = max(failures, key=lambda entry: int(entry["timestamp"]))
        failure = parse_failure(newest["stacktrace"])
        completed = self.completed_checkpoint(job)
        return None if failure is None or (completed and completed["trigger_timestamp"] > newest["timestamp"]) else failure
