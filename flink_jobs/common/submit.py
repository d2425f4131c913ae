"""Brings the running jobs in line with the code: `tillstream jobs`.

A job whose code is unchanged is left alone (Flink's own high availability has recovered it after a restart). A changed one is stopped
with a savepoint and goes on from it. One that is not there starts from the last checkpoint or savepoint it left, or afresh where it never
ran. Whatever a job would start from is compared with Kafka first (flink_jobs.common.positions); a job whose state does not fit its code is told
of at once, and what it was started from stays.
"""

import json
import logging
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import redis

from flink_jobs.common.digests import ROOT, digest
from flink_jobs.common.requests import Wish
from flink_jobs.common.restore_points import Note, Point, RestorePoints
from tillstream.core.clients.flink import Cluster, RunningJob
from tillstream.core.errors import JobError, NotRestorableError
from tillstream.core.settings import JobSettings

log = logging.getLogger(__name__)

JOBS = ("sales", "behaviour", "inventory", "voice", "hot_store")
#: What these read again would be in the lake twice.
LANDING = ("sales", "inventory", "voice")
#: These may start afresh where their state does not fit, and what they do then.
AFRESH = {
    # It only counts, into figures that a new count replaces.
    "behaviour": "counts what the topics have; of what customers bought before, it takes the lake's word",
    # Its sources begin behind what was committed with the savepoint; the minute of the change is counted from there in Redis.
    "voice": "goes on behind what it has landed",
}
#: Characters of what the client said that are logged where it fails: the last ones.
MOST_TOLD = 8_000
_NO_FIT = "Cannot map checkpoint/savepoint state"
_HINT = "; it goes on from {} once that fits: put back the code that made it and run `make jobs`, or, where the job may begin again, {}"
_AGAIN = {"sales": "`make jobs-resume J=sales`"}


class Submitter:
    """Says what each job is to start from, has the client start it, and keeps note of it."""

    def __init__(self, settings: JobSettings) -> None:
        self._cluster, self._points, self._settings = Cluster(settings.flink_url), RestorePoints(settings), settings

    def wish(self, job: str) -> Wish | None:
        """What is wanted of a job: nothing where it runs with the code as it is; else it is stopped, and starts from what it left."""
        running = self._cluster.running(job)
        if running is None:
            return self._from(job, self._points.last(job))
        self._note(job, running)
        if running.name == self._name(job, self._settings.state):
            fault = self._cluster.fault(running)
            if fault is None:
                log.info("%s: unchanged, left running", running.name)
                return None
            if fault.kind == "OFFSETS":
                # It goes on by itself once Kafka has its offsets; await_running tells of it.
                return None
            # It was accepted and has not run since: it goes back to what it was started from.
            self._cluster.cancel(running)
            return self._from(job, self._points.last(job))
        savepoint = self._cluster.stop(running)
        found = self._points.at(savepoint) if savepoint else self._points.of(running.job_id)
        return self._from(job, found or self._points.last(job))

    def _from(self, job: str, point: Point | None) -> Wish:
        if point is None:
            return self.afresh(job, "begin")
        written = int(point.written.timestamp() * 1000)
        state = self._state(job, point)
        if state != self._settings.state:
            log.info("%s: only %s can read its checkpoint; it starts so, and is moved once it runs", job, state)
        return Wish(job, self._name(job, state), "restore", state, point.path, written, job in LANDING, self._began(job))

    def _began(self, job: str) -> int:
        known = self._points.note(job)
        return known.began_ms if known else 0

    def _name(self, job: str, state: str) -> str:
        """What the job is to be called, with its state there."""
        return f"{job} {digest(job, state, self._settings.sales_parallelism)}"

    def _state(self, job: str, point: Point) -> str:
        """Where the state of a job that starts from there is to lie."""
        known = self._points.note(job)
        return self._settings.state if point.of_any_state or known is None else known.state

    def afresh(self, job: str, how: str) -> Wish:
        """A start without state: begin, resume or again. The voice job's sources themselves begin behind what it has committed."""
        if job == "voice":
            how = "resume"
        # Behind what it has committed, it would miss what the lake does not tell it of: the days between its cut and now.
        if job == "behaviour" and how == "resume":
            how = "again"
        return Wish(
            job,
            self._name(job, self._settings.state),
            how,
            self._settings.state,
            lands=job in LANDING,
            began_ms=time.time_ns() // 1_000_000,
        )

    def start(self, wishes: list[Wish]) -> None:
        """Submits jobs, each from its savepoint or checkpoint where it has one, and notes their ids.

        Raises:
            JobError: one was not accepted; the others were submitted all the same.
        """
        if not wishes:
            return
        for wish in wishes:
            log.info("%s: submitting, %s", wish.name, f"from {wish.restore}" if wish.restore else "afresh")
        answers, said = self._ask(wishes)
        afresh, refused = [], []
        for wish in wishes:
            seconds, error = answers.get(wish.job, (0.0, "the client ended before it"))
            error = error or self._accepted(wish)
            if not error:
                log.info("%s: accepted after %.0f s", wish.name, seconds)
            elif wish.restore and wish.job in AFRESH and _NO_FIT in error:
                log.warning("%s: what it was has no place in what it is now; it starts afresh and %s", wish.name, AFRESH[wish.job])
                afresh.append(self.afresh(wish.job, "begin"))
            else:
                said += error.splitlines()
                refused.append(wish)
        self.start(afresh)
        if refused:
            # The reason is in the lines between Java's stack frames, which are hundreds.
            log.error("%s", "\n".join(line for line in said if not line.lstrip().startswith("at "))[-MOST_TOLD:])
            raise JobError("not accepted: " + "; ".join(wish.name + (self._hint(wish) if wish.restore else "") for wish in refused))

    @staticmethod
    def _hint(wish: Wish) -> str:
        again = _AGAIN.get(wish.job, f"`tillstream jobs rebuild {wish.job}` in the service init-jobs")
        return _HINT.format(wish.restore, again)

    @staticmethod
    def _ask(wishes: list[Wish]) -> tuple[dict[str, tuple[float, str]], list[str]]:
        """What the client answers of each job, seconds and error, and what it said beside."""
        wanted = json.dumps([asdict(wish) for wish in wishes])
        command = [
            f"{os.environ['FLINK_HOME']}/bin/flink",
            "run",
            "--detached",
            "--python",
            str(ROOT / "flink_jobs" / "common" / "client.py"),
            wanted,
        ]
        answers: dict[str, tuple[float, str]] = {}
        said: list[str] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
            for line in client.stdout or ():
                told: dict[str, Any] = json.loads(line) if line.startswith(('{"job": ', '{"told": ')) else {}
                if "told" in told:
                    log.log(told["level"], "%s", told["told"])
                elif told:
                    answers[told["job"]] = told["seconds"], told["error"]
                else:
                    said.append(line.rstrip("\n"))
        return answers, said

    def _accepted(self, wish: Wish) -> str:
        """Keeps the id of a job that was accepted; the error, or nothing."""
        running = self._cluster.running(wish.job)
        if running is None:
            return f"{wish.name} was accepted and is gone again; see the log of flink-jobmanager"
        self._points.keep(wish.job, running.name, Note(running.job_id, wish.restore, wish.began_ms, wish.state))
        return ""

    def _note(self, job: str, running: RunningJob) -> None:
        """Notes under which id the job runs, where somebody else has started it."""
        known = self._points.note(job)
        if known is None:
            self._points.keep(job, running.name, Note(running.job_id))
        elif known.job_id != running.job_id:
            self._points.keep(job, running.name, Note(running.job_id, began_ms=known.began_ms, state=known.state))

    def await_running(self, jobs: list[str]) -> None:
        """Waits until every task of each job runs. A job whose state does not fit is stopped, so that nothing takes it for one that runs.

        Raises:
            JobError: a job does not come to run; with what it was started from and the way out.
        """
        broken = []
        for job in jobs:
            try:
                log.info("%s: running", self._cluster.wait_until_running(job))
            except NotRestorableError as error:
                wish = self._from(job, self._points.last(job))
                running = self._cluster.running(job)
                if error.found.kind == "STATE" and running is not None:
                    self._cluster.cancel(running)
                if error.found.kind == "STATE" and job in AFRESH:
                    log.warning("%s; it starts afresh and %s", error, AFRESH[job])
                    self.start([self.afresh(job, "begin")])
                    log.info("%s: running", self._cluster.wait_until_running(job))
                else:
                    broken.append(f"{error}{self._hint(wish) if error.found.kind == 'STATE' and wish.restore else ''}")
        if broken:
            raise JobError("; ".join(broken))

    def bring_in_line(self, jobs: list[str]) -> None:
        """Each job as its code is, and running. One that only stands still for want of a hand is left as it is, and told of once the others run."""
        started = self._start_what_differs(jobs)
        if to_move := [wish.job for wish in started if wish.state != self._settings.state]:
            self._start_what_differs(to_move)

    def _start_what_differs(self, jobs: list[str]) -> list[Wish]:
        with ThreadPoolExecutor(len(jobs)) as pool:
            wishes = [wish for wish in pool.map(self.wish, jobs) if wish is not None]
        self.start(wishes)
        self.await_running(jobs)
        return wishes

    def begin_again(self, job: str, how: str) -> None:
        """Starts a job without its state; for hot_store the hot store is emptied first."""
        if running := self._cluster.running(job):
            self._cluster.cancel(running)
        if job == "hot_store":
            hot = redis.Redis(host=self._settings.redis_host, username="writer", password=self._settings.redis_password.get_secret_value())
            hot.flushdb()
        self.start([self.afresh(job, how)])
        self.await_running([job])

    def fill(self) -> None:
        """Moves the ends of partitions past what jobs have read of them, where a power cut has taken it."""
        wishes = []
        for job in JOBS:
            running = self._cluster.running(job)
            point = (self._points.of(running.job_id) if running else None) or self._points.last(job)
            if point:
                wishes.append(Wish(job, job, "fill", self._settings.state, point.path))
        answers, said = self._ask(wishes)
        wrong = [wish.job for wish in wishes if answers.get(wish.job, (0, "nothing said"))[1]]
        if wrong:
            log.error("%s", "\n".join([*said, *(error for _, error in answers.values())])[-MOST_TOLD:])
            raise JobError(f"not filled for {', '.join(wrong)}")
        self.await_running(list(JOBS))
