"""Bring the running jobs in line with the code: `tillstream jobs submit`.

- A job whose code is unchanged is left alone. After a restart, Flink's high availability recovers it.
- A job whose code has changed is stopped with a savepoint and started from it.
- A job that does not run is started from its last checkpoint or savepoint, or without state if it never ran.

Before a start, the offsets in the checkpoint are compared with Kafka (flink_jobs.common.positions). A job whose state does not fit its code is
reported at once, and its checkpoint or savepoint is kept.
"""

import json
import logging
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import redis

from flink_jobs.common.digests import ROOT, digest
from flink_jobs.common.restore_points import Note, Point, RestorePoints
from flink_jobs.common.start_request import StartRequest
from tillstream.core import topology
from tillstream.core.clients.flink import Cluster, RunningJob
from tillstream.core.errors import JobError, NotRestorableError, RetryableError
from tillstream.core.settings import FlinkClientSettings, JobSettings

log = logging.getLogger(__name__)

JOBS = tuple(topology.JOBS)
#: Jobs that write to the lake: if they read their topics again, the lake gets the rows twice.
LANDING = tuple(job.name for job in topology.JOBS.values() if job.lands_twice)
#: Jobs that may start without state if their state does not fit, and what they do then.
AFRESH = {
    # It only counts, and a new count replaces the old figures.
    "behaviour": "counts the topics again; it reads earlier purchases from the lake",
    # Its sources begin at the offsets that the savepoint committed. In Redis, the minute of the change is counted from there.
    "voice": "continues at its committed offsets",
}
#: How many characters of the client's output, from its end, are logged if it fails.
MOST_OUTPUT = 8_000
_NO_FIT = "Cannot map checkpoint/savepoint state"
_HINT = "; it can start from {} with the code that wrote it: put that code back and run `make jobs`, or start the job without state: {}"
_AGAIN = {"sales": "`make jobs-resume J=sales`"}


class Submitter:
    """The submitter: it decides what each job starts from, has the client start it, and keeps a note of the start."""

    def __init__(self, settings: JobSettings) -> None:
        self._cluster, self._points, self._settings = Cluster(settings.flink_url), RestorePoints(settings), settings

    def start_request(self, job: str) -> StartRequest | None:
        """Return how to start a job, or None if it runs with the current code. A job that runs with other code is stopped first."""
        running = self._cluster.running(job)
        if running is None:
            return self._from(job, self._points.last(job))
        self._note(job, running)
        if running.name == self._name(job, self._settings.state):
            fault = self._cluster.permanent_failure(running)
            if fault is None:
                log.info("%s: unchanged, left running", running.name)
                return None
            if fault.kind == "OFFSETS":
                # It continues by itself once Kafka has its offsets; await_running reports it.
                return None
            # It was accepted but never ran: start it again from where it was started.
            self._cluster.cancel(running)
            return self._from(job, self._points.last(job))
        savepoint = self._cluster.stop(running)
        point = self._points.at(savepoint) if savepoint else self._points.of(running.job_id)
        return self._from(job, point or self._points.last(job))

    def _from(self, job: str, point: Point | None) -> StartRequest:
        if point is None:
            return self.afresh(job, "begin")
        written = int(point.written.timestamp() * 1000)
        state = self._state(job, point)
        if state != self._settings.state:
            log.info("%s: only the state backend %s can read its checkpoint; it starts with that and is moved once it runs", job, state)
        return StartRequest(job, self._name(job, state), "restore", state, point.path, written, job in LANDING, self._began(job))

    def _began(self, job: str) -> int:
        known = self._points.note(job)
        return known.began_ms if known else 0

    def _name(self, job: str, state: str) -> str:
        """Return the name to submit the job under with this state backend."""
        return f"{job} {digest(job, state, self._settings.sales_parallelism)}"

    def _state(self, job: str, point: Point) -> str:
        """Return the state backend for a job that starts from this point."""
        known = self._points.note(job)
        return self._settings.state if point.of_any_state or known is None else known.state

    def afresh(self, job: str, how: str) -> StartRequest:
        """Return a start without state: begin, resume or again. The voice job always resumes at its committed offsets."""
        if job == "voice":
            how = "resume"
        # At its committed offsets it would miss the days after its cut, which it does not read from the lake.
        if job == "behaviour" and how == "resume":
            how = "again"
        return StartRequest(
            job,
            self._name(job, self._settings.state),
            how,
            self._settings.state,
            lands=job in LANDING,
            began_ms=time.time_ns() // 1_000_000,
        )

    def start(self, requests: list[StartRequest]) -> None:
        """Submit the jobs and note their ids.

        Raises:
            JobError: Flink did not accept a job. The other jobs are submitted all the same.
        """
        if not requests:
            return
        for request in requests:
            log.info("%s: submitting, %s", request.name, f"from {request.restore}" if request.restore else "without state")
        answers, output = self._ask(requests)
        afresh, refused = [], []
        for request in requests:
            seconds, error = answers.get(request.job, (0.0, "the client ended before it submitted this job"))
            error = error or self._accepted(request)
            if not error:
                log.info("%s: accepted after %.0f s", request.name, seconds)
            elif request.restore and request.job in AFRESH and _NO_FIT in error:
                log.warning("%s: its state does not fit its code; it starts without state and %s", request.name, AFRESH[request.job])
                afresh.append(self.afresh(request.job, "begin"))
            else:
                output += error.splitlines()
                refused.append(request)
        self.start(afresh)
        if refused:
            # Java prints hundreds of stack frames; the reason is in the lines between them.
            log.error("%s", "\n".join(line for line in output if not line.lstrip().startswith("at "))[-MOST_OUTPUT:])
            raise JobError(
                "not accepted: " + "; ".join(request.name + (self._hint(request) if request.restore else "") for request in refused)
            )

    @staticmethod
    def _hint(request: StartRequest) -> str:
        again = _AGAIN.get(request.job, f"`tillstream jobs rebuild {request.job}` in the service init-jobs")
        return _HINT.format(request.restore, again)

    @staticmethod
    def _ask(requests: list[StartRequest]) -> tuple[dict[str, tuple[float, str]], list[str]]:
        """Run the client. Return seconds and error by job, and the other lines that it printed."""
        wanted = json.dumps([asdict(request) for request in requests])
        command = [
            str(FlinkClientSettings().home / "bin/flink"),
            "run",
            "--detached",
            "--python",
            str(ROOT / "flink_jobs" / "common" / "client.py"),
            wanted,
        ]
        answers: dict[str, tuple[float, str]] = {}
        output: list[str] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
            for line in client.stdout or ():
                answer: dict[str, Any] = json.loads(line) if line.startswith(('{"job": ', '{"told": ')) else {}
                if "told" in answer:
                    log.log(answer["level"], "%s", answer["told"])
                elif answer:
                    answers[answer["job"]] = answer["seconds"], answer["error"]
                else:
                    output.append(line.rstrip("\n"))
        return answers, output

    def _accepted(self, request: StartRequest) -> str:
        """Note the id of a job that was accepted. Return the error, or an empty string."""
        running = self._cluster.running(request.job)
        if running is None:
            return f"{request.name} was accepted but is not running; see the log of flink-jobmanager"
        self._points.keep(request.job, running.name, Note(running.job_id, request.restore, request.began_ms, request.state))
        return ""

    def _note(self, job: str, running: RunningJob) -> None:
        """Note the id of a running job if somebody else has started it."""
        known = self._points.note(job)
        if known is None:
            self._points.keep(job, running.name, Note(running.job_id))
        elif known.job_id != running.job_id:
            self._points.keep(job, running.name, Note(running.job_id, began_ms=known.began_ms, state=known.state))

    def await_running(self, jobs: list[str]) -> None:
        """Wait until every task of each job runs. Cancel a job whose state does not fit, so that it is not taken for a running one.

        Raises:
            JobError: a job does not run; the text names what it was started from and the way out.
        """
        broken = []
        for job in jobs:
            try:
                log.info("%s: running", self._cluster.wait_until_running(job))
            except NotRestorableError as error:
                request = self._from(job, self._points.last(job))
                running = self._cluster.running(job)
                if error.failure.kind == "STATE" and running is not None:
                    self._cluster.cancel(running)
                if error.failure.kind == "STATE" and job in AFRESH:
                    log.warning("%s; it starts without state and %s", error, AFRESH[job])
                    self.start([self.afresh(job, "begin")])
                    log.info("%s: running", self._cluster.wait_until_running(job))
                else:
                    broken.append(f"{error}{self._hint(request) if error.failure.kind == 'STATE' and request.restore else ''}")
        if broken:
            raise JobError("; ".join(broken))

    def bring_in_line(self, jobs: list[str]) -> None:
        """Submit every job whose code has changed, then wait until all jobs run.

        A job that waits for an operator (its offsets are missing in Kafka) is left as it is and reported after the others run.
        """
        started = self._start_what_differs(jobs)
        if to_move := [request.job for request in started if request.state != self._settings.state]:
            self._start_what_differs(to_move)

    def _start_what_differs(self, jobs: list[str]) -> list[StartRequest]:
        with ThreadPoolExecutor(len(jobs)) as pool:
            requests = [request for request in pool.map(self.start_request, jobs) if request is not None]
        self.start(requests)
        self.await_running(jobs)
        return requests

    def begin_again(self, job: str, how: str) -> None:
        """Start a job without its state. For hot_store, empty Redis first.

        Raises:
            RetryableError: Redis does not answer.
        """
        if running := self._cluster.running(job):
            self._cluster.cancel(running)
        if job == "hot_store":
            hot = redis.Redis(host=self._settings.redis_host, username="writer", password=self._settings.redis_password.get_secret_value())
            try:
                hot.flushdb()
            except redis.RedisError as error:
                raise RetryableError(f"Redis does not answer: {error}") from error
        self.start([self.afresh(job, how)])
        self.await_running([job])

    def fill(self) -> None:
        """Move the ends of partitions past the offsets that jobs have read, after Kafka has lost those records in a power cut.

        Raises:
            JobError: the client failed for a job.
        """
        requests = []
        for job in JOBS:
            running = self._cluster.running(job)
            point = (self._points.of(running.job_id) if running else None) or self._points.last(job)
            if point:
                requests.append(StartRequest(job, job, "fill", self._settings.state, point.path))
        answers, output = self._ask(requests)
        wrong = [request.job for request in requests if answers.get(request.job, (0, "no answer"))[1]]
        if wrong:
            log.error("%s", "\n".join([*output, *(error for _, error in answers.values())])[-MOST_OUTPUT:])
            raise JobError(f"the ends of partitions could not be moved for {', '.join(wrong)}")
        self.await_running(list(JOBS))
