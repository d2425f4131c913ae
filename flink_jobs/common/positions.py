"""Decide whether a job may start from its state: compare its offsets with Kafka and with what the job has committed. Does no I/O.

A checkpoint is in MinIO; the records that it has read are in Kafka. After a power cut, or after one of the two was restored from a backup,
they may disagree. Kafka does not report that: it sets a reader past the end back to the beginning, and a reader that finds other records at
its offsets skips them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: A record is older than the checkpoint that has read it. The clocks of producers and object store may differ by this much.
CLOCKS_MS = 10_000
#: Starts one job without its state, at the offsets that its group has committed.
RESUME = "make jobs-resume J={job}"
FILL = "make jobs-fill"

Partition = tuple[str, int]
"""Topic and number."""


@dataclass(frozen=True, slots=True)
class Place:
    """A partition in Kafka: its first offset, the next offset to be assigned, and the group's committed offset (-1: none)."""

    begin: int
    end: int
    committed: int

    @property
    def resumed(self) -> int:
        """Where a job without state starts: at the committed offset, kept within the partition, or at its beginning if none is committed."""
        return self.begin if self.committed < 0 else min(max(self.committed, self.begin), self.end)


def parsed(lines: Iterable[str]) -> Iterator[tuple[Partition, tuple[int, ...]]]:
    """Yield the partition and the numbers of each text `topic partition number ...`, as the Java package tillstream.positions writes them."""
    for line in lines:
        topic, partition, *numbers = line.split(" ")
        yield (topic, int(partition)), tuple(map(int, numbers))


def past_end(restored: dict[Partition, int], places: dict[Partition, Place]) -> dict[Partition, int]:
    """Return the job's offset of each partition that ends before it."""
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
    """Return why the job must not start from its state, with the way out, or an empty string if it may.

    Args:
        job: the job's name.
        restored: the next offset of each partition in the checkpoint or savepoint.
        places: the partitions in Kafka.
        made_before: the time of the last record before each restored offset, in milliseconds since 1970; -1 if there is none.
        taken_at_ms: when the checkpoint was completed, in milliseconds since 1970.
        lands: whether the lake would get rows twice if the job read its topics again.
    """
    gone = past_end(restored, places)
    if gone:
        places_text = _listed((p, f"the job continues at {o:,}, but the partition ends at {places[p].end:,}") for p, o in gone.items())
        return (
            f"Kafka has lost records that {job} has already read, as after a power cut: {places_text}. The job would skip new events at these offsets. "
            f"Run `{FILL}`, which moves the ends of the partitions past them, then run this command again"
        )
    reused = {p: t for p, t in made_before.items() if t > taken_at_ms + CLOCKS_MS}
    if reused:
        places_text = _listed(
            (p, f"the record before {restored[p]:,} is {(t - taken_at_ms) / 1000:,.0f} s newer than the checkpoint")
            for p, t in reused.items()
        )
        return (
            f"Kafka has new records at offsets that {job} read before its checkpoint, as after a power cut: {places_text}. The job would skip them. "
            f"Run `{RESUME.format(job=job)}` to start it without its state, at the offsets that it has committed"
        )
    if not lands:
        return ""
    older = {p: o for p, o in restored.items() if p in places and places[p].committed > o}
    if older:
        places_text = _listed((p, f"the checkpoint continues at {o:,}, but {places[p].committed:,} is committed") for p, o in older.items())
        return (
            f"the checkpoint of {job} is older than its newest rows in the lake, which would get them twice: {places_text}. "
            f"Run `{RESUME.format(job=job)}` to start it without its state, at the offsets that it has committed"
        )
    return ""


def deleted(restored: dict[Partition, int], places: dict[Partition, Place]) -> str:
    """Return a text that names the records that retention deleted before the job read them, or an empty string."""
    lost = {p: places[p].begin - o for p, o in restored.items() if p in places and 0 <= o < places[p].begin}
    return _listed((p, f"{count:,} records from offset {restored[p]:,}") for p, count in lost.items())


def landed_before(places: dict[Partition, Place]) -> str:
    """Return a text that names the offsets that a job without state has committed, or an empty string."""
    return _listed((p, f"{place.committed:,}") for p, place in places.items() if place.committed > place.begin)


def _listed(parts: Iterable[tuple[Partition, str]]) -> str:
    return "; ".join(f"{topic}-{number}: {text}" for (topic, number), text in sorted(parts))
