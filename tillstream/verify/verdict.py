"""The result of comparing the evidence: totals by topic, and each problem by name."""

from collections import Counter
from dataclasses import dataclass, field

from tillstream.verify.excused import Excused
from tillstream.verify.lost import Loss


@dataclass
class TopicTotals:
    """One topic's row in the report's table.

    Attributes:
        sent: events in the ledgers.
        duplicates: second copies in the ledgers.
        kafka: committed messages.
        lake: events of the ledgers that are in the lake.
        lines: rows in the lake.
        cents: the sum of their net amounts.
        faults: injected faults, by kind.
        dead: dead letters.
        minutes: the minutes that have events.
        foreign: messages that are in no ledger.
        strangers: ids of events that are in the lake and in no ledger.
        in_doubt: events whose only message is in doubt and not in Kafka.
        older: events in the lake whose message is past Kafka's retention. They are compared with the ledger alone.
        faults_expired: injected faults whose message is past Kafka's retention.
    """

    sent: int = 0
    duplicates: int = 0
    kafka: int = 0
    lake: int = 0
    lines: int = 0
    cents: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    dead: int = 0
    minutes: set[int] = field(default_factory=set)
    foreign: int = 0
    strangers: list[str] = field(default_factory=list)
    in_doubt: int = 0
    older: int = 0
    faults_expired: int = 0


@dataclass(frozen=True, order=True)
class Problem:
    """One event or message that is not where it should be: its topic, what is wrong, and its event id or place."""

    topic: str
    what: str
    name: str


@dataclass
class Expected:
    """The facts of the ledgers about one event.

    Attributes:
        topic: where its messages were sent to.
        minute: of the event, since 1970.
        lines: how many lines it has.
        cents: its net amount.
        acknowledged: how many of its messages Kafka acknowledged.
        in_doubt: how many were not acknowledged; each may be in Kafka or not.
        expired: how many acknowledged ones are past Kafka's retention.
        lost: how many acknowledged ones Kafka has lost.
    """

    topic: str
    minute: int
    lines: int
    cents: int
    acknowledged: int = 0
    in_doubt: int = 0
    expired: int = 0
    lost: int = 0


@dataclass
class Verdict:
    """The result of the comparison.

    Attributes:
        totals: the counts of each topic.
        problems: each event or message that is not where it should be.
        wrong_minutes: (sent, in the lake) of each topic and minute whose counts differ.
        losses: what Kafka itself has lost.
        excused: good texts that were allowed to become dead letters, by topic and language.
        totals_off: by topic, how many baskets have a total that is not the sum of their lines.
        schema_lost: by topic, how many messages have a schema that the registry no longer has.
    """

    totals: dict[str, TopicTotals]
    problems: list[Problem]
    wrong_minutes: dict[tuple[str, int], tuple[int, int]]
    losses: list[Loss] = field(default_factory=list)
    excused: list[Excused] = field(default_factory=list)
    totals_off: Counter[str] = field(default_factory=Counter)
    schema_lost: Counter[str] = field(default_factory=Counter)
