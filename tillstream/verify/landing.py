"""Waits until the jobs have put into the lake what Kafka has: nothing else tells when the lake can be compared."""

from collections.abc import Iterable
from typing import Any

import httpx

from tillstream.core.announcements import TOPIC as PHOTOS
from tillstream.core.errors import RetryableError
from tillstream.core.settings import FlinkSettings, KafkaSettings
from tillstream.core.waiting import await_condition
from tillstream.verify.evidence import SALES_TOPICS
from tillstream.verify.topics import Partition, first_offsets, has_more, taken_in

#: What each job lands in the lake; its group in Kafka has its name.
JOBS = {"sales": (*SALES_TOPICS, "web.events.v1"), "voice": ("voice.feedback.v1", "voice.calls.v1", PHOTOS)}
#: What the job may need to take in a backlog, or to recover, before its lake is complete.
MOST_SECONDS = 900
#: A job says how far it is with each checkpoint, every ten seconds or thirty. Asked once a second, one that has said the same so often may have
#: nothing more to read; looking for that takes a second itself.
UNMOVED = 12


class LandingJob:
    """A running job that lands topics in the lake, as its REST API and its committed offsets show it."""

    def __init__(self, name: str, kafka: KafkaSettings, flink: FlinkSettings) -> None:
        self.name = name
        self._kafka = kafka
        self._http = httpx.Client(base_url=flink.url, timeout=10)
        self._read_up_to: dict[Partition, int] = {}

    def last_checkpoint(self) -> int:
        """The number of the last completed checkpoint.

        Raises:
            RetryableError: the job is not running, or the JobManager does not answer.
        """
        latest = self._asked(f"/jobs/{self._id()}/checkpoints")["latest"]["completed"]
        return int(latest["id"]) if latest else 0

    def begin_checkpoint(self) -> bool:
        """Ask the job for a checkpoint now, rather than wait for its next one, and return True. Flink makes it after one that is under way.

        Raises:
            RetryableError: the job is not running, or the JobManager does not answer.
        """
        path = f"/jobs/{self._id()}/checkpoints"
        try:
            self._http.post(path, json={"checkpointType": "CONFIGURED"}).raise_for_status()
        except httpx.HTTPError as error:
            raise RetryableError(f"the JobManager does not answer: {error}") from error
        return True

    def _id(self) -> str:
        jobs = self._asked("/jobs/overview")["jobs"]
        running = next((job for job in jobs if job["name"].startswith(f"{self.name} ") and job["state"] == "RUNNING"), None)
        if running is None:
            raise RetryableError(f"the {self.name} job is not running")
        return str(running["jid"])

    def _asked(self, path: str) -> Any:
        try:
            return self._http.get(path).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise RetryableError(f"the JobManager does not answer: {error}") from error

    @property
    def read_up_to(self) -> dict[Partition, int]:
        """How far the job said that it had read, when it was last awaited."""
        return self._read_up_to

    def await_taken_in(self, ends: dict[Partition, int]) -> int:
        """Waits until the job has taken in all of its topics up to these offsets; gives its last checkpoint then."""
        ends = {place: end for place, end in ends.items() if place[0] in JOBS[self.name]}
        behind: dict[Partition, tuple[int, int]] = dict.fromkeys(ends, (0, 0))
        unmoved = 0

        def done() -> bool:
            nonlocal behind, unmoved
            self._read_up_to = taken_in(self._kafka, self.name, list(ends))
            before, behind = behind, {place: (at, ends[place]) for place, at in self._read_up_to.items() if at < ends[place]}
            unmoved = unmoved + 1 if behind == before else 0
            return not behind or (unmoved > 0 and unmoved % UNMOVED == 0 and self._nothing_is_left(behind))

        await_condition(
            f"the {self.name} job to take in what was sent",
            done,
            MOST_SECONDS,
            every=1.0,
            detail=lambda: f"{sum(end - at for at, end in behind.values()):,} messages to go",
        )
        return await_condition(f"the {self.name} job to run", self.last_checkpoint, MOST_SECONDS, every=1.0)

    def _nothing_is_left(self, behind: dict[Partition, tuple[int, int]]) -> bool:
        """Whether there is nothing more for the job to read.

        It says how far it has come by the last message that it was given. Behind that may stand what no reader is given: the markers of
        transactions, and what was aborted. Then it never comes to the end.
        """
        lows = first_offsets(self._kafka, tuple({topic for topic, _ in behind}))
        return not has_more(self._kafka, {place: (max(at, lows[place]), end) for place, (at, end) in behind.items()})

    def await_checkpoint_after(self, number: int) -> None:
        """Wait for a checkpoint later than this one; ask for one whenever the last that was asked for has ended."""
        asked_at = -1

        def done() -> bool:
            nonlocal asked_at
            last = self.last_checkpoint()
            if last <= number and asked_at < last:
                self.begin_checkpoint()
                asked_at = last
            return last > number

        await_condition(f"one more checkpoint of the {self.name} job", done, MOST_SECONDS, every=0.2)


def await_landed(jobs: list[LandingJob], ends: dict[Partition, int], others: Iterable[LandingJob] = ()) -> None:
    """Waits until all of the jobs' topics up to these offsets is in the lake, and what others have by now made of theirs.

    A job commits its offsets when a checkpoint completes, and the lake's files when it hears of that. The next checkpoint can only
    complete after the files of the one before were committed: so one more is awaited, by all of them together.
    """
    begun = {job: await_condition(f"the {job.name} job to run", job.last_checkpoint, MOST_SECONDS, every=1.0) for job in others}
    for job in jobs:
        await_condition(f"the {job.name} job to run", job.begin_checkpoint, MOST_SECONDS, every=1.0)
    taken_in_at = [job.await_taken_in(ends) for job in jobs]
    for job, number in zip(jobs, taken_in_at, strict=True):
        job.await_checkpoint_after(number)
    for other, number in begun.items():
        # One may have been under way; the next has what was raised by now, and is committed when the one after it completes.
        other.await_checkpoint_after(number + 2)
