"""What is compared: what the ledger, Kafka, the lake and the dead letters say."""

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tillstream.core.announcements import TOPIC as PHOTOS
from tillstream.core.ledger import Sent
from tillstream.verify.messages import Said
from tillstream.verify.photos import Place
from tillstream.verify.topics import Partition

SALES_TOPICS = ("pos.transactions.v1", "web.orders.v1")
#: Topics of which a message is one row, and their tables.
EVENT_TABLES = {
    "web.events.v1": "lake.web.events",
    "voice.feedback.v1": "lake.voice.feedback",
    "voice.calls.v1": "lake.voice.calls",
    PHOTOS: "lake.voice.photos",
}
EVENT_TOPICS = tuple(EVENT_TABLES)
TOPICS = SALES_TOPICS + EVENT_TOPICS
DEAD_LETTERS = "dead_letters.v1"


@dataclass(frozen=True, slots=True)
class Landed:
    """One event as the lake has it.

    Attributes:
        topic: where it came from.
        minute: of the event.
        lines: its rows.
        distinct: how many different line numbers they have: a basket counted twice has fewer than rows.
        cents: the net amounts together.
        others: the sums of the amounts of messages.OTHER_AMOUNTS; of what is no basket none.
        kept: whether Kafka must still have its message.
    """

    topic: str
    minute: int
    lines: int
    distinct: int
    cents: int
    others: tuple[int, ...] = ()
    kept: bool = True


@dataclass
class Evidence:
    """All that is compared.

    Attributes:
        sent: the ledgers' entries whose place is before the ends, or that have none, or that Kafka should have and has not.
        kafka: the committed messages before the ends, with the event that each is of, where that can be told.
        later: events whose messages are committed, but behind the ends.
        announced_again: places where the bucket has announced a photo once more.
        photos: where each photo was announced first.
        low: the oldest offset that each partition has.
        log_ends: the end of each partition's log, asked for once the ledger had been read.
        read_up_to: how far each job says that it has read each partition.
        lake: the lake's events.
        differs: what messages say of events that the lake has in another way or not at all.
        unread: committed messages that cannot be read by their writer's schema.
        schema_lost: by topic, the messages that were not set aside and whose schema the registry no longer has.
        totals_off: by topic, the baskets whose own total is not the sum of their lines.
        dead: how often each place is in the lake's dead letters.
        dead_kinds: and as what.
        dead_expired: the places whose dead letter Kafka need not have any more.
        dead_topic: the places of dead_letters.v1.
        languages: the language that each text and call was meant in.
    """

    sent: list[Sent] = field(default_factory=list)
    kafka: dict[Place, str | None] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    announced_again: set[Place] = field(default_factory=set)
    photos: dict[str, Place] = field(default_factory=dict)
    low: dict[Partition, int] = field(default_factory=dict)
    log_ends: dict[Partition, int] = field(default_factory=dict)
    read_up_to: dict[tuple[str, Partition], int] = field(default_factory=dict)
    lake: dict[str, Landed] = field(default_factory=dict)
    differs: defaultdict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    unread: set[Place] = field(default_factory=set)
    schema_lost: Counter[str] = field(default_factory=Counter)
    totals_off: Counter[str] = field(default_factory=Counter)
    dead: Counter[Place] = field(default_factory=Counter)
    dead_kinds: dict[Place, str] = field(default_factory=dict)
    dead_expired: set[Place] = field(default_factory=set)
    dead_topic: set[Place] = field(default_factory=set)
    languages: dict[str, str] = field(default_factory=dict)

    def note(self, place: Place, said: Said) -> None:
        """Notes what a message says. What the lake has too is not kept: of millions of messages nearly all of it.

        Args:
            place: of the message.
            said: what it says.
        """
        landed = self.lake.get(said.event_id)
        self.kafka[place] = sys.intern(said.event_id)
        if said.total is not None and said.total != said.cents and place not in self.dead:
            self.totals_off[place[0]] += 1
        if landed is None or landed.topic != place[0] or wrong_figures(said, landed):
            self.differs[said.event_id].append(said)


def wrong_figures(said: Said, landed: Landed) -> list[str]:
    """What the lake has otherwise than the message says."""
    found = []
    if said.minute is not None and said.minute != landed.minute:
        found.append(f"in minute {landed.minute} of the lake, its message says {said.minute}")
    if not said.lines:
        return found
    if landed.lines != said.lines:
        found.append(f"{landed.lines} lines in the lake, its message has {said.lines}")
    if landed.cents != said.cents:
        found.append(f"{landed.cents / 100:.2f} in the lake, its message says {float(said.cents) / 100:.2f}")
    if landed.others != said.others:
        found.append(f"quantity and discounts {landed.others} in the lake, its message says {tuple(map(float, said.others))}")
    return found
