"""The request that flink_jobs.common.submit sends to flink_jobs.common.client."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StartRequest:
    """The request to start one job.

    Attributes:
        job: the job.
        name: the name to submit it under.
        how: one of
            restore: start from the checkpoint or savepoint;
            begin: start without state, where the sources' start-up mode says;
            resume: start without state, at the offsets that its consumer group has committed;
            again: as begin, although the job has already written to the lake;
            fill: start nothing, but move the ends of partitions past the job's offsets.
        state: the state backend, heap or rocksdb.
        restore: the path of the checkpoint or savepoint; empty if there is none.
        written_ms: when that checkpoint or savepoint was completed, in milliseconds since 1970.
        lands: whether the lake would get rows twice if the job read its topics again.
        began_ms: when the job last started without state, in milliseconds since 1970; 0 if it starts now or the time is unknown.
    """

    job: str
    name: str
    how: str
    state: str
    restore: str = ""
    written_ms: int = 0
    lands: bool = False
    began_ms: int = 0
