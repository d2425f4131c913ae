"""The evidence that is compared: the contents of the ledgers, of Kafka, of the lake and of the dead letters."""

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tillstream.core.contracts import contracts
from tillstream.core.ledger import Sent
from tillstream.core.topology import BASKETS, JOBS
from tillstream.verify.messages import MessageFacts
from tillstream.verify.photos import Place
from tillstream.verify.topics import Partition

#: The topics that each job writes to the lake.
LANDED_BY = {job.name: job.landed for job in JOBS.values() if job.landed}
#: The topics whose messages are one row each, and their tables.
EVENT_TABLES = {topic: str(contracts()[topic].table) for topics in LANDED_BY.values() for topic in topics if topic not in BASKETS}
EVENT_TOPICS = tuple(EVENT_TABLES)
TOPICS = BASKETS + EVENT_TOPICS


@dataclass(frozen=True, slots=True)
class LandedEvent:
    """One event as it is in the lake.

    Attributes:
        topic: the topic of its message.
        minute: of the event, since 1970.
        lines: how many rows it has.
        distinct: how many distinct line numbers it has; fewer than rows for a basket that was counted twice.
        cents: the sum of its net amounts.
        others: the sums of the amounts in messages.OTHER_AMOUNTS; empty for an event that is not a basket.
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
    """The evidence to compare. A place is a topic, a partition and an offset.

    The ends are the offsets up to which the lake has everything.

    Attributes:
        sent: the ledgers' entries that are before the ends, or in doubt, or acknowledged past the end of the log.
        kafka: the event id of each committed message before the ends, by place; None where it has none.
        later: ids of events whose messages are committed at or after the ends.
        announced_again: places of further announcements of a photo.
        photos: the place of each photo's first announcement, by event id.
        low: the oldest offset of each partition.
        log_ends: the end of each partition's log, read after the ledgers.
        read_up_to: the offset up to which each job has read each partition.
        lake: the events of the lake, by event id.
        differs: the facts of messages whose event differs in the lake or is not there, by event id.
        unread: places of committed messages that cannot be decoded by their writer's schema.
        schema_lost: by topic, how many messages have a schema that the registry no longer has. Dead letters are not counted.
        totals_off: by topic, how many baskets have a total that is not the sum of their lines.
        dead: how often each place is in the lake's dead letters.
        dead_kinds: the kind of each dead letter, by place.
        dead_expired: places whose dead letter may be past Kafka's retention.
        dead_topic: the places in dead_letters.v1.
        languages: the intended language of each text and call, by event id.
    """

    sent: list[Sent] = field(default_factory=list)
    kafka: dict[Place, str | None] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    announced_again: set[Place] = field(default_factory=set)
    photos: dict[str, Place] = field(default_factory=dict)
    low: dict[Partition, int] = field(default_factory=dict)
    log_ends: dict[Partition, int] = field(default_factory=dict)
    read_up_to: dict[tuple[str, Partition], int] = field(default_factory=dict)
    lake: dict[str, LandedEvent] = field(default_factory=dict)
    differs: defaultdict[str, list[MessageFacts]] = field(default_factory=lambda: defaultdict(list))
    unread: set[Place] = field(default_factory=set)
    schema_lost: Counter[str] = field(default_factory=Counter)
    totals_off: Counter[str] = field(default_factory=Counter)
    dead: Counter[Place] = field(default_factory=Counter)
    dead_kinds: dict[Place, str] = field(default_factory=dict)
    dead_expired: set[Place] = field(default_factory=set)
    dead_topic: set[Place] = field(default_factory=set)
    languages: dict[str, str] = field(default_factory=dict)

    def note(self, place: Place, facts: MessageFacts) -> None:
        """Record a decoded message. Its facts are kept only where they differ from the lake: of millions of messages nearly none.

        Args:
            place: the message's topic, partition and offset.
            facts: what the message says.
        """
        landed = self.lake.get(facts.event_id)
        self.kafka[place] = sys.intern(facts.event_id)
        if facts.total is not None and facts.total != facts.cents and place not in self.dead:
            self.totals_off[place[0]] += 1
        if landed is None or landed.topic != place[0] or wrong_figures(facts, landed):
            self.differs[facts.event_id].append(facts)


def wrong_figures(facts: MessageFacts, landed: LandedEvent) -> list[str]:
    """Return the differences between the lake and the message, in words."""
    problems = []
    if facts.minute is not None and facts.minute != landed.minute:
        problems.append(f"in minute {landed.minute} of the lake, its message says {facts.minute}")
    if not facts.lines:
        return problems
    if landed.lines != facts.lines:
        problems.append(f"{landed.lines} lines in the lake, its message has {facts.lines}")
    if landed.cents != facts.cents:
        problems.append(f"{landed.cents / 100:.2f} in the lake, its message says {float(facts.cents) / 100:.2f}")
    if landed.others != facts.others:
        problems.append(f"quantity and discounts {landed.others} in the lake, its message says {tuple(map(float, facts.others))}")
    return problems
