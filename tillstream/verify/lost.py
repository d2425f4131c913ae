"""Find what Kafka itself has lost: it acknowledged a message at an offset, and now its log ends before it, or another message is there.

A broker can acknowledge a message that is in memory and not on disk yet: a power cut loses it. No job can know of such a message, so it is
reported apart from the problems.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tillstream.core.ledger import BAD, Sent
from tillstream.core.topology import PHOTOS
from tillstream.verify.evidence import Evidence
from tillstream.verify.photos import Place
from tillstream.verify.topics import Partition


@dataclass
class Loss:
    """The lost messages of one partition.

    Attributes:
        topic: the partition's topic.
        partition: its number.
        first: the first lost offset.
        last: the last lost offset.
        messages: how many lost messages the ledgers have.
        events: how many of their events have no other copy in Kafka. An injected fault counts as an event.
        landed: how many of these events are in the lake, because a job had read them before they were lost.
        log_end: the end of the log now; None where it is unknown.
        read_up_to: the jobs that had read past the end of the log, and their offsets.
    """

    topic: str
    partition: int
    first: int
    last: int
    messages: int = 0
    events: int = 0
    landed: int = 0
    log_end: int | None = None
    read_up_to: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the line of the report."""
        place = f"{self.topic}[{self.partition}]"
        end = f"; the log ends at {self.log_end:,}" if self.log_end is not None else ""
        text = (
            f"lost by the broker: {place}, offsets {self.first:,} to {self.last:,}: {self.messages:,} acknowledged messages are missing, "
            f"{self.events:,} of them without another copy, {self.landed:,} of these are in the lake{end}"
        )
        return text + "".join(f"; the {job} job had read up to {up_to:,}" for job, up_to in sorted(self.read_up_to.items()))


def lost_messages(evidence: Evidence) -> dict[int, Place]:
    """Return the lost messages: the position of each in `evidence.sent`, and its place.

    Kafka acknowledged each at its place and must still have it, but it is not there.
    """
    lost: dict[int, Place] = {}
    claimed: dict[Place, int] = {}
    for position, sent in enumerate(evidence.sent):
        if sent.topic == PHOTOS or sent.partition is None or sent.offset is None:
            continue
        place = (sent.topic, sent.partition, sent.offset)
        if sent.offset < evidence.low.get(place[:2], 0):
            continue
        if place not in evidence.kafka or _is_another_event(sent, evidence.kafka[place]):
            lost[position] = place
        elif sent.kind in BAD:
            # A destroyed message cannot be recognised. Where two were acknowledged at the same place, the later one is there.
            if place in claimed:
                lost[claimed[place]] = place
            claimed[place] = position
    return lost


def _is_another_event(sent: Sent, event_id: str | None) -> bool:
    """Return whether the message at an entry's place is of another event. A destroyed message may have no event id."""
    return event_id != sent.event_id and not (sent.kind in BAD and event_id is None)


def lost_stretches(lost: Iterable[Place]) -> dict[Partition, tuple[int, int]]:
    """Return the first and the last lost offset of each partition."""
    stretches: dict[Partition, tuple[int, int]] = {}
    for topic, partition, offset in lost:
        first, last = stretches.get((topic, partition), (offset, offset))
        stretches[topic, partition] = min(first, offset), max(last, offset)
    return stretches


def losses(evidence: Evidence, lost: dict[int, Place], copies: dict[str, int]) -> list[Loss]:
    """Return the losses, by partition. A partition whose log ends before a job's offset has a loss too: its lost messages are in no ledger.

    Args:
        evidence: the evidence.
        lost: the result of `lost_messages`.
        copies: how many messages of each event Kafka has, by event id.
    """
    positions_by_partition: dict[Partition, list[int]] = defaultdict(list)
    for position, place in lost.items():
        positions_by_partition[place[:2]].append(position)
    loss_by_partition: dict[Partition, Loss] = {}
    for partition, positions in positions_by_partition.items():
        entries = [evidence.sent[position] for position in positions]
        offsets = [sent.offset or 0 for sent in entries]
        loss = Loss(*partition, min(offsets), max(offsets), len(entries), log_end=evidence.log_ends.get(partition))
        gone = {sent.event_id for sent in entries if not copies.get(sent.event_id)}
        loss.events, loss.landed = len(gone), len(gone & evidence.lake.keys())
        loss_by_partition[partition] = loss
    for (job, partition), up_to in evidence.read_up_to.items():
        end = evidence.log_ends.get(partition)
        if end is not None and up_to > end:
            loss = loss_by_partition.setdefault(partition, Loss(*partition, end, up_to - 1, log_end=end))
            loss.read_up_to[job] = up_to
    return [loss_by_partition[partition] for partition in sorted(loss_by_partition)]
