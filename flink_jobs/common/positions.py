"""Whether a job may go on from where its state says: its offsets against what Kafka has and what the job has committed. Pure.

A checkpoint lies in MinIO and the records it has read lie in Kafka. After a power cut, or where one of the two was put back from a backup,
they need not agree. Kafka itself says nothing then: a reader past the end is set back to the beginning, and one that finds other records
under its offsets skips them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: A record is made before the checkpoint that has read it; the clocks of producers and store may differ by so much.
CLOCKS_MS = 10_000
#: What starts one job again, without its state, behind what its group has committed.
RESUME = "make jobs-resume J={job}"
FILL = "make jobs-fill"

Partition = tuple[str, int]
"""Topic and number."""


@dataclass(frozen=True, slots=True)
class Place:
    """A partition in Kafka: the first offset that is left, the next one to be given, and what the group has committed (-1: nothing)."""

    begin: int
    end: int
    committed: int

    @property
    def resumed(self) -> int:
        """Where a job without state goes on: behind what was committed, as far as Kafka has it, and at the beginning where nothing was."""
        return self.begin if self.committed < 0 else min(max(self.committed, self.begin), self.end)


def parsed(lines: Iterable[str]) -> Iterator[tuple[Partition, tuple[int, ...]]]:
    """The partition and the numbers of each text `topic partition number ...`, as tillstream.positions gives them."""
    for line in lines:
        topic, partition, *numbers = line.split(" ")
        yield (topic, int(partition)), tuple(map(int, numbers))


def past_end(restored: dict[Partition, int], places: dict[Partition, Place]) -> dict[Partition, int]:
    """The partitions that end before the offset at which the job would go on, and that offset."""
    return {partition: offset for partition, offset in restored.items() if partition in places and offset > places[partition].end}


def refusal(
    job: str,
    restored: dict[Partition, int],
    places: dict[Partition, Place],
    made_before: dict[Partition, int],
    taken_at_ms: int,
    *,
    lands: bool,
) -> str:
    """Why the job must not go on from its state, with the way out; nothing where it may.

    Args:
        job: its name.
        restored: the next offset of each partition by the checkpoint or savepoint.
        places: the partitions as Kafka has them.
        made_before: when the last record before each restored offset was made, in milliseconds since 1970; -1 where none is left.
        taken_at_ms: when the checkpoint was written to its end.
        lands: whether what the job reads again would be in the lake twice.
    """
    gone = past_end(restored, places)
    if gone:
        told = _told((p, f"goes on at {o:,} and the partition ends at {places[p].end:,}") for p, o in gone.items())
        return (
            f"Kafka has lost records that {job} has read, as after a power cut: {told}. New events would take offsets that the job holds for read. "
            f"`{FILL}` moves the ends past them, with records that nobody reads; then run this again"
        )
    reused = {p: t for p, t in made_before.items() if t > taken_at_ms + CLOCKS_MS}
    if reused:
        told = _told((p, f"before {restored[p]:,} is a record of {(t - taken_at_ms) / 1000:,.0f} s later") for p, t in reused.items())
        return (
            f"Kafka has other records than those that {job} has read before its checkpoint, as after a power cut: {told}. It would skip them. "
            f"`{RESUME.format(job=job)}` starts it without its state, behind what it has committed"
        )
    if not lands:
        return ""
    older = {p: o for p, o in restored.items() if p in places and places[p].committed > o}
    if older:
        told = _told((p, f"goes on at {o:,} and {places[p].committed:,} was committed since") for p, o in older.items())
        return (
            f"what {job} would start from is older than what it has landed, which would be in the lake twice: {told}. "
            f"`{RESUME.format(job=job)}` starts it without its state, behind what it has committed"
        )
    return ""


def deleted(restored: dict[Partition, int], places: dict[Partition, Place]) -> str:
    """What retention has deleted unread, in words; nothing where it has not."""
    lost = {p: places[p].begin - o for p, o in restored.items() if p in places and 0 <= o < places[p].begin}
    return _told((p, f"{count:,} records from {restored[p]:,} on") for p, count in lost.items())


def landed_before(places: dict[Partition, Place]) -> str:
    """What was committed by a job that has no state any more, in words; nothing where nothing was."""
    return _told((p, f"{place.committed:,}") for p, place in places.items() if place.committed > place.begin)


def _told(parts: Iterable[tuple[Partition, str]]) -> str:
    return "; ".join(f"{topic}-{number}: {text}" for (topic, number), text in sorted(parts))
