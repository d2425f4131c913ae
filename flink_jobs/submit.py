"""Brings the running jobs in line with the code: python -m flink_jobs.submit [JOB ...] [--rebuild JOB].

A job whose code is unchanged is left alone (Flink's own high availability has recovered it after a restart). A changed one is stopped
with a savepoint and goes on from it. One that is not there starts from the last checkpoint it left, or afresh where it left none.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import redis
from minio import Minio
from minio.error import S3Error

from flink_jobs.settings import JobSettings
from tillstream.errors import AwaitTimeoutError, TillstreamError
from tillstream.waiting import await_condition

ROOT = Path(__file__).parent.parent
JOBS = ("sales", "behaviour", "inventory", "voice", "hot_store")
#: These may start afresh where their state does not fit, and what they do then.
AFRESH = {
    # It only counts what the topics still have, into figures that a new count replaces.
    "behaviour": "counts what the topics have",
    # Its sources begin behind what was committed with the savepoint; the minute of the change is counted from there in Redis.
    "voice": "goes on behind what it has landed",
}
_NO_FIT = "Cannot map checkpoint/savepoint state"
_HINT = (
    "; if its state does not fit the changed job, see the log of flink-jobmanager: it stays in {}, and the version of the code that made it "
    "can still go on from it"
)
BUCKET = "flink"
_LIVE = {"CREATED", "INITIALIZING", "RUNNING", "RESTARTING", "FAILING", "RECONCILING"}


@dataclass(frozen=True)
class RunningJob:
    """A job of the cluster."""

    job_id: str
    name: str


def digest(job: str) -> str:
    """A digest of all that the job is made from."""
    files = [
        *sorted((ROOT / "schemas").glob("*.avsc")),
        *sorted((ROOT / "flink_jobs").glob("*.*")),
        *sorted(path for path in (ROOT / "flink_jobs" / job).rglob("*.*") if "__pycache__" not in path.parts),
        *sorted((ROOT / "flink_jobs" / "java").rglob("*.java")),
        ROOT / "tillstream" / "announcements.py",
        ROOT / "tillstream" / "contracts.py",
        ROOT / "tillstream" / "hot_keys.py",
        ROOT / "tillstream" / "sql_files.py",
    ]
    whole = hashlib.sha256()
    for path in files:
        if path.is_file():
            whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:8]


class Submitter:
    """Talks to the JobManager's REST API and to the bucket of checkpoints."""

    def __init__(self, settings: JobSettings) -> None:
        self._flink = httpx.Client(base_url=settings.flink_url, timeout=30)
        endpoint = settings.s3_endpoint.removeprefix("http://")
        self._s3 = Minio(endpoint, access_key=settings.s3_user, secret_key=settings.s3_password.get_secret_value(), secure=False)
        self._settings = settings

    def running(self, job: str) -> RunningJob | None:
        """The live job of that name, whatever its digest."""
        jobs = self._flink.get("/jobs/overview").raise_for_status().json()["jobs"]
        return next((RunningJob(j["jid"], j["name"]) for j in jobs if j["name"].split(" ")[0] == job and j["state"] in _LIVE), None)

    def stop(self, job: RunningJob) -> str:
        """Stops the job with a savepoint and gives the savepoint's path; a job too ill to take one is cancelled and goes on from its last checkpoint."""
        print(f"{job.name}: its code has changed; stopping it with a savepoint", flush=True)
        request = self._flink.post(f"/jobs/{job.job_id}/stop", json={"drain": False}).raise_for_status().json()["request-id"]
        try:
            operation = await_condition(f"the savepoint of {job.name}", lambda: self._savepoint(job, request), 180)
        except AwaitTimeoutError:
            operation = {}
        if "location" in operation:
            return str(operation["location"])
        print(f"{job.name}: no savepoint could be taken; cancelling it to go on from its last checkpoint", flush=True)
        self.cancel(job)
        return ""

    def _savepoint(self, job: RunningJob, request: str) -> dict[str, Any] | None:
        """What became of a savepoint, once it is over."""
        status = self._flink.get(f"/jobs/{job.job_id}/savepoints/{request}").raise_for_status().json()
        return status["operation"] if status["status"]["id"] == "COMPLETED" else None

    def cancel(self, job: RunningJob) -> None:
        """Cancels and waits until it is gone."""
        self._flink.patch(f"/jobs/{job.job_id}").raise_for_status()
        await_condition(
            f"{job.name} to be cancelled",
            lambda: self._flink.get(f"/jobs/{job.job_id}").raise_for_status().json()["state"] in ("CANCELED", "FINISHED", "FAILED"),
            120,
        )

    def last_checkpoint(self, job: str) -> str:
        """The newest complete checkpoint of the job's last run, or the savepoint with which that was stopped, or nothing.

        Flink deletes the checkpoints of a job that was stopped: without its savepoint the start after one that failed would be afresh.
        """
        try:
            job_id = json.loads(self._s3.get_object(BUCKET, f"submitted/{job}.json").read())["job_id"]
        except S3Error as error:
            if error.code == "NoSuchKey":
                return ""
            raise
        checkpoints = self._complete(f"checkpoints/{job_id}/chk-")
        newest = max(checkpoints, key=lambda path: int(path.split("/chk-")[1]), default="")
        # A savepoint's name begins with the first digits of its job's id.
        return newest or next(iter(self._complete(f"savepoints/savepoint-{job_id[:6]}-")), "")

    def _complete(self, prefix: str) -> list[str]:
        """The checkpoints or savepoints whose paths begin so and that were written to their end."""
        objects = self._s3.list_objects(BUCKET, prefix=prefix, recursive=True)
        return [f"s3://{BUCKET}/{o.object_name.removesuffix('/_metadata')}" for o in objects if o.object_name.endswith("/_metadata")]

    def start(self, jobs: dict[str, str]) -> None:
        """Submits jobs, each from its savepoint or checkpoint where it has one, and notes their ids.

        Raises:
            SystemExit: one was not accepted; the others were submitted all the same.
        """
        if not jobs:
            return
        names = {job: f"{job} {digest(job)}" for job in jobs}
        for job, restore in jobs.items():
            print(f"{names[job]}: submitting, {'from ' + restore if restore else 'afresh'}", flush=True)
        wanted = json.dumps([(job, names[job], restore) for job, restore in jobs.items()])
        command = [f"{os.environ['FLINK_HOME']}/bin/flink", "run", "--detached", "--python", str(ROOT / "flink_jobs" / "client.py"), wanted]
        afresh, refused, said = {}, set(jobs), []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
            for line in client.stdout or ():
                if not line.startswith('{"job": '):
                    said.append(line.rstrip("\n"))
                    continue
                told = json.loads(line)
                job = told["job"]
                error = told["error"] or self._note(job, names[job])
                if not error:
                    print(f"{names[job]}: accepted after {told['seconds']:.0f} s", flush=True)
                elif jobs[job] and job in AFRESH and _NO_FIT in error:
                    print(f"{names[job]}: what it was has no place in what it is now; it starts afresh and {AFRESH[job]}", flush=True)
                    afresh[job] = ""
                else:
                    said += error.splitlines()
                    continue
                refused.remove(job)
        self.start(afresh)
        if refused:
            # The reason is in the lines between Java's stack frames, which are hundreds.
            sys.stderr.write("\n".join(line for line in said if not line.lstrip().startswith("at "))[-8000:] + "\n")
            named = "; ".join(f"{names[job]}{_HINT.format(jobs[job]) if jobs[job] else ''}" for job in sorted(refused))
            raise SystemExit(f"not accepted (exit {client.returncode}): {named}")

    def _note(self, job: str, name: str) -> str:
        """Keeps the id of a job that was accepted, for the day on which nothing else knows it; the error, or nothing."""
        running = self.running(job)
        if running is None:
            return f"{name} was accepted and is gone again; see the log of flink-jobmanager"
        note = json.dumps({"job_id": running.job_id, "name": name}).encode()
        self._s3.put_object(BUCKET, f"submitted/{job}.json", BytesIO(note), len(note))
        return ""

    def wait_until_running(self, job: str, seconds: float = 120) -> None:
        """Waits until every task of the job runs."""
        name = await_condition(
            f"every task of {job} to run (else see the logs of flink-jobmanager)", lambda: self._all_running(job), seconds
        )
        print(f"{name}: running", flush=True)

    def _all_running(self, job: str) -> str | None:
        """The job's name, where every task of it runs."""
        running = self.running(job)
        if not running:
            return None
        vertices = self._flink.get(f"/jobs/{running.job_id}").raise_for_status().json()["vertices"]
        return running.name if all(vertex["status"] == "RUNNING" for vertex in vertices) else None

    def outdated(self, job: str) -> str | None:
        """What a job is to start from that is not there or of other code, which is stopped; None where it may run on."""
        running = self.running(job)
        if running and running.name == f"{job} {digest(job)}":
            print(f"{running.name}: unchanged, left running", flush=True)
            return None
        return (self.stop(running) if running else "") or self.last_checkpoint(job)

    def rebuild(self, job: str) -> None:
        """Starts a job afresh, from the beginning of its topics; for hot_store the hot store is emptied first."""
        running = self.running(job)
        if running:
            self.cancel(running)
        if job == "hot_store":
            hot = redis.Redis(host=self._settings.redis_host, username="writer", password=self._settings.redis_password.get_secret_value())
            hot.flushdb()
        self.start({job: ""})


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"only these of {', '.join(JOBS)}")
    parser.add_argument("--rebuild", choices=JOBS[1:], help="start the job afresh, so that it fills again what it fills")
    arguments = parser.parse_args()
    if unknown := set(arguments.jobs) - set(JOBS):
        parser.error(f"no job is called {', '.join(sorted(unknown))}")
    jobs = arguments.jobs or JOBS
    submitter = Submitter(JobSettings())
    try:
        if arguments.rebuild:
            submitter.rebuild(arguments.rebuild)
        else:
            with ThreadPoolExecutor(len(jobs)) as pool:
                found = zip(jobs, pool.map(submitter.outdated, jobs), strict=True)
            submitter.start({job: restore for job, restore in found if restore is not None})
        for job in jobs:
            submitter.wait_until_running(job)
    except TillstreamError as error:
        raise SystemExit(f"error: {error}") from error


if __name__ == "__main__":
    main()
