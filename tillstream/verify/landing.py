"""Wait until the lake has all that Kafka has, so that the two can be compared."""

import time
from collections.abc import Iterable

from tillstream.core.clients.flink import Cluster, RunningJob
from tillstream.core.errors import RetryableError
from tillstream.core.settings import FlinkSettings, KafkaSettings
from tillstream.core.waiting import await_condition
from tillstream.verify.evidence import LANDED_BY
from tillstream.verify.topics import Partition, committed_offsets, first_offsets, has_more

#: Bound of a wait for a job, in seconds. The job may have to recover, or to read a backlog.
MOST_SECONDS = 900
#: Seconds between two polls.
POLL_SECONDS = 0.2
#: After this many seconds without a new offset, check whether the job has anything left to read. A job commits its offsets with each checkpoint, every
#: 10 or 30 s. The check itself takes a second.
UNMOVED_SECONDS = 12.0


class LandingJob:
    """A running job that writes topics to the lake, observed through Flink's REST API and the committed offsets of the group of its name."""

    def __init__(self, name: str, kafka: KafkaSettings, flink: FlinkSettings) -> None:
        self.name = name
        self._kafka = kafka
        self._cluster = Cluster(flink.url, timeout=10)
        self._read_up_to: dict[Partition, int] = {}

    def last_checkpoint(self) -> int:
        """Return the number of the last completed checkpoint; 0 where there is none.

        Raises:
            RetryableError: the job is not running, or the JobManager does not answer.
        """
        completed = self._cluster.completed_checkpoint(self._running())
        return int(completed["id"]) if completed else 0

    def begin_checkpoint(self) -> bool:
        """Trigger a checkpoint of the job now, and return True.

        Raises:
            RetryableError: the job is not running, or the JobManager does not answer.
        """
        self._cluster.begin_checkpoint(self._running())
        return True

    def _running(self) -> RunningJob:
        job = self._cluster.running(self.name, {"RUNNING"})
        if job is None:
            raise RetryableError(f"the {self.name} job is not running")
        return job

    @property
    def read_up_to(self) -> dict[Partition, int]:
        """Return the offsets that the job had committed when it was last awaited, by partition."""
        return self._read_up_to

    def await_taken_in(self, ends: dict[Partition, int]) -> int:
        """Wait until the job has read its topics up to these offsets, and return the number of its last checkpoint then.

        Raises:
            AwaitTimeoutError: the job does not get there within MOST_SECONDS.
        """
        ends = {place: end for place, end in ends.items() if place[0] in LANDED_BY[self.name]}
        behind: dict[Partition, tuple[int, int]] = dict.fromkeys(ends, (0, 0))
        unmoved_since = time.monotonic()

        def done() -> bool:
            nonlocal behind, unmoved_since
            self._read_up_to = committed_offsets(self._kafka, self.name, list(ends))
            before, behind = behind, {place: (at, ends[place]) for place, at in self._read_up_to.items() if at < ends[place]}
            now = time.monotonic()
            if behind == before and now - unmoved_since < UNMOVED_SECONDS:
                return not behind
            unmoved_since = now
            return not behind or (behind == before and self._nothing_is_left(behind))

        await_condition(
            f"the {self.name} job to take in what was sent",
            done,
            MOST_SECONDS,
            every=POLL_SECONDS,
            detail=lambda: f"{sum(end - at for at, end in behind.values()):,} messages to go",
        )
        return await_condition(f"the {self.name} job to run", self.last_checkpoint, MOST_SECONDS, every=POLL_SECONDS)

    def _nothing_is_left(self, behind: dict[Partition, tuple[int, int]]) -> bool:
        """Return whether the job has nothing more to read.

        The job commits the offset after the last message it received. Only transaction markers and aborted messages may follow, which no
        consumer receives: then the job's offset never reaches the end.
        """
        lows = first_offsets(self._kafka, tuple({topic for topic, _ in behind}))
        return not has_more(self._kafka, {place: (max(at, lows[place]), end) for place, (at, end) in behind.items()})

    def await_checkpoint_after(self, number: int) -> None:
        """Wait for a later checkpoint than this one. Trigger one whenever no triggered one is in progress.

        Raises:
            AwaitTimeoutError: the job completes none within MOST_SECONDS.
        """
        asked_at = -1

        def done() -> bool:
            nonlocal asked_at
            last = self.last_checkpoint()
            if last <= number and asked_at < last:
                self.begin_checkpoint()
                asked_at = last
            return last > number

        await_condition(f"one more checkpoint of the {self.name} job", done, MOST_SECONDS, every=POLL_SECONDS)


def await_landed(jobs: list[LandingJob], ends: dict[Partition, int], others: Iterable[LandingJob] = ()) -> None:
    """Wait until the lake has the jobs' topics up to these offsets, and all that the other jobs have produced by now.

    A job commits its offsets when a checkpoint completes, and its files in the lake a moment later, when it is notified of the checkpoint. The
    next checkpoint can complete only after that. So this waits for one more checkpoint of each job.

    Args:
        jobs: the jobs that write these topics to the lake.
        ends: the offset of each partition to wait for.
        others: jobs whose input is not known, such as the one that raises alerts.

    Raises:
        AwaitTimeoutError: a job does not get there within MOST_SECONDS.
    """
    begun = {job: await_condition(f"the {job.name} job to run", job.last_checkpoint, MOST_SECONDS, every=POLL_SECONDS) for job in others}
    for job in jobs:
        await_condition(f"the {job.name} job to run", job.begin_checkpoint, MOST_SECONDS, every=POLL_SECONDS)
    taken_in_at = [job.await_taken_in(ends) for job in jobs]
    for job, number in zip(jobs, taken_in_at, strict=True):
        job.await_checkpoint_after(number)
    for other, number in begun.items():
        # The first checkpoint may have started before now. The second one has everything up to now. The third one completes after the second's commit.
        other.await_checkpoint_after(number + 2)
