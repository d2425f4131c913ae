"""What Kafka itself has lost: it acknowledged a message at an offset, and now its log ends before that, or another message is there.

A broker answers when a message is in its memory and writes it to the disk later: a power cut takes what was not written. No job can know of
such a message, so that it is told apart from what is wrong.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tillstream.core.announcements import TOPIC as PHOTOS
from tillstream.core.ledger import BAD, Sent
from tillstream.verify.evidence import Evidence
from tillstream.verify.photos import Place
from tillstream.verify.topics import Partition


@dataclass
class Loss:
    """What is lost of one partition.

    Attributes:
        topic: whose.
        partition: of it.
        first: the first lost offset.
        last: the last one.
        messages: how many the ledger has that were acknowledged there.
        events: how many events have no other copy in Kafka; one that is a fault is counted with its message.
        landed: how many of these events are in the lake all the same: they were read before they were lost.
        log_end: where the log ends now; None where it was not asked for.
        read_up_to: the jobs that say that they have read further than the log goes, and how far.
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
        """The line of the report."""
        place = f"{self.topic}[{self.partition}]"
        end = f"; the log ends at {self.log_end:,}" if self.log_end is not None else ""
        text = (
            f"lost by the broker: {place}, offsets {self.first:,} to {self.last:,}: {self.messages:,} messages that it had acknowledged are not "
            f"there, {self.events:,} of them with no other copy, {self.landed:,} of these in the lake all the same{end}"
        )
        return text + "".join(f"; the {job} job had read up to {up_to:,}" for job, up_to in sorted(self.read_up_to.items()))


def lost_messages(evidence: Evidence) -> dict[int, Place]:
    """The ledger's entries, by their position, that were acknowledged at a place where their message is not, though Kafka must still have it."""
    found: dict[int, Place] = {}
    claimed: dict[Place, int] = {}
    for position, sent in enumerate(evidence.sent):
        if sent.topic == PHOTOS or sent.partition is None or sent.offset is None:
            continue
        place = (sent.topic, sent.partition, sent.offset)
        if sent.offset < evidence.low.get(place[:2], 0):
            continue
        if place not in evidence.kafka or _is_anothers(sent, evidence.kafka[place]):
            found[position] = place
        elif sent.kind in BAD:
            # What bytes of no form say nobody can tell: but only one of two messages can be where both were acknowledged. The later is there.
            if place in claimed:
                found[claimed[place]] = place
            claimed[place] = position
    return found


def _is_anothers(sent: Sent, event_id: str | None) -> bool:
    """Whether the message at a place is of another event; a destroyed one may have lost its id."""
    return event_id != sent.event_id and not (sent.kind in BAD and event_id is None)


def lost_stretches(lost: Iterable[Place]) -> dict[Partition, tuple[int, int]]:
    """By partition the first and the last place of what is lost."""
    found: dict[Partition, tuple[int, int]] = {}
    for topic, partition, offset in lost:
        first, last = found.get((topic, partition), (offset, offset))
        found[topic, partition] = min(first, offset), max(last, offset)
    return found


def losses(evidence: Evidence, lost: dict[int, Place], copies: dict[str, int]) -> list[Loss]:
    """What is lost, by partition; also where a job has read further than the log goes, of messages that are in no ledger.

    Args:
        evidence: all that was found.
        lost: as lost_messages says.
        copies: how many messages of each event Kafka has.
    """
    by_partition: dict[Partition, list[int]] = defaultdict(list)
    for position, at in lost.items():
        by_partition[at[:2]].append(position)
    found: dict[Partition, Loss] = {}
    for place, positions in by_partition.items():
        entries = [evidence.sent[position] for position in positions]
        offsets = [sent.offset or 0 for sent in entries]
        loss = Loss(*place, min(offsets), max(offsets), len(entries), log_end=evidence.log_ends.get(place))
        gone = {sent.event_id for sent in entries if not copies.get(sent.event_id)}
        loss.events, loss.landed = len(gone), len(gone & evidence.lake.keys())
        found[place] = loss
    for (job, place), up_to in evidence.read_up_to.items():
        end = evidence.log_ends.get(place)
        if end is not None and up_to > end:
            loss = found.setdefault(place, Loss(*place, end, up_to - 1, log_end=end))
            loss.read_up_to[job] = up_to
    return [found[place] for place in sorted(found)]
