"""The jobs of the Flink cluster, through the JobManager's REST API."""

import logging
from dataclasses import dataclass
from typing import Any

import httpx

from tillstream.core.errors import AwaitTimeoutError, NotRestorableError, RetryableError
from tillstream.core.job_failures import Failure, failure
from tillstream.core.waiting import await_condition

log = logging.getLogger(__name__)

#: States of a job that is not over.
_LIVE = {"CREATED", "INITIALIZING", "RUNNING", "RESTARTING", "FAILING", "RECONCILING"}
_OVER = ("CANCELED", "FINISHED", "FAILED")
#: A source that has read all it was to read has finished, and the others go on.
_AT_WORK = {"RUNNING", "FINISHED"}


@dataclass(frozen=True)
class RunningJob:
    """A job of the cluster."""

    job_id: str
    name: str


class Cluster:
    """What is asked of the JobManager."""

    def __init__(self, url: str) -> None:
        self._flink = httpx.Client(base_url=url, timeout=30)

    def _get(self, path: str) -> Any:
        return self._flink.get(path).raise_for_status().json()

    def running(self, job: str) -> RunningJob | None:
        """The live job of that name, whatever its digest."""
        jobs = self._get("/jobs/overview")["jobs"]
        return next((RunningJob(j["jid"], j["name"]) for j in jobs if j["name"].split(" ")[0] == job and j["state"] in _LIVE), None)

    def taskmanagers(self) -> int:
        """How many TaskManagers there are."""
        return len(self._get("/taskmanagers")["taskmanagers"])

    def stop(self, job: RunningJob) -> str:
        """Stops the job with a savepoint and gives the savepoint's path; nothing where the job was too ill to take one, which is then cancelled."""
        log.info("%s: its code has changed; stopping it with a savepoint", job.name)
        request = self._flink.post(f"/jobs/{job.job_id}/stop", json={"drain": False}).raise_for_status().json()["request-id"]
        try:
            operation = await_condition(f"the savepoint of {job.name}", lambda: self._savepoint(job, request), 180)
        except AwaitTimeoutError:
            operation = {}
        if "location" in operation:
            return str(operation["location"])
        log.warning("%s: no savepoint could be taken; cancelling it to go on from its last checkpoint", job.name)
        self.cancel(job)
        return ""

    def _savepoint(self, job: RunningJob, request: str) -> dict[str, Any] | None:
        """What became of a savepoint, once it is over."""
        status = self._get(f"/jobs/{job.job_id}/savepoints/{request}")
        return status["operation"] if status["status"]["id"] == "COMPLETED" else None

    def cancel(self, job: RunningJob) -> None:
        """Cancels and waits until it is gone."""
        self._flink.patch(f"/jobs/{job.job_id}").raise_for_status()
        await_condition(f"{job.name} to be cancelled", lambda: self._get(f"/jobs/{job.job_id}")["state"] in _OVER, 120)

    def wait_until_running(self, job: str, seconds: float = 120) -> str:
        """Waits until every task of the job runs, and so has its state; gives the job's name.

        Raises:
            NotRestorableError: it fails in a way that no restart mends; told at once.
            AwaitTimeoutError: it did not come to run.
        """
        return await_condition(f"every task of {job} to run (else see the logs of flink-jobmanager)", lambda: self._at_work(job), seconds)

    def _at_work(self, job: str) -> str | None:
        running = self.running(job)
        if not running:
            return None
        # A source that may not read on fails a moment after it came to run.
        if found := self.fault(running):
            raise NotRestorableError(running.name, found)
        told = self._get(f"/jobs/{running.job_id}")
        return running.name if all(vertex["status"] in _AT_WORK for vertex in told["vertices"]) else None

    def refuse_hopeless(self) -> None:
        """Raises where a live job fails again and again.

        Raises:
            NotRestorableError: the first such job, with the way out.
            RetryableError: the JobManager does not answer, as while it starts.
        """
        try:
            for told in self._get("/jobs/overview")["jobs"]:
                job = RunningJob(told["jid"], told["name"])
                if told["state"] in _LIVE and (found := self.fault(job)):
                    raise NotRestorableError(job.name, found)
        except httpx.HTTPError as error:
            raise RetryableError(f"the JobManager does not answer: {error}") from error

    def fault(self, job: RunningJob) -> Failure | None:
        """Why the job fails again and again; None where a restart may mend it, or has: a checkpoint was completed since."""
        failures = self._get(f"/jobs/{job.job_id}/exceptions")["exceptionHistory"]["entries"]
        if not failures:
            return None
        newest = max(failures, key=lambda entry: int(entry["timestamp"]))
        found = failure(newest["stacktrace"])
        completed = self._get(f"/jobs/{job.job_id}/checkpoints")["latest"]["completed"]
        return None if found is None or (completed and completed["trigger_timestamp"] > newest["timestamp"]) else found
