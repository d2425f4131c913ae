"""What flink_jobs.common.submit wants flink_jobs.common.client to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """What is wanted of a job.

    Attributes:
        job: which.
        name: what it is to be called.
        how: restore (from its state), begin (without any, as its sources say), resume (without any, behind what its group has committed),
            again (begin, though it has landed something), or fill (start nothing: move the ends of partitions past its offsets).
        restore: the checkpoint or savepoint, where it has one.
        written_ms: when that was written to its end.
        lands: whether what it reads again would be in the lake twice.
        state: where its state is to lie, heap or rocksdb.
        began_ms: when it last began without state, in milliseconds since 1970; 0 where it begins now, or nobody knows.
    """

    job: str
    name: str
    how: str
    state: str
    restore: str = ""
    written_ms: int = 0
    lands: bool = False
    began_ms: int = 0
