"""Compares the evidence. Pure: it reads nothing and waits for nothing, so each way to lose or double an event is a unit test."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tillstream.core.ledger import BAD, DUPLICATE
from tillstream.verify.evidence import DEAD_LETTERS, EVENT_TOPICS, TOPICS, Evidence, Landed, wrong_figures
from tillstream.verify.excused import Excused, excused, too_many
from tillstream.verify.lost import Loss, losses, lost_messages, lost_stretches
from tillstream.verify.photos import Place
from tillstream.verify.topics import Partition

#: What a fault must be set aside as. A wrong schema's id is unknown or another contract's; junk and a cut message fail anywhere on the way.
KINDS_OF_FAULT = {
    "future": {"IMPOSSIBLE_VALUE"},
    "impossible": {"IMPOSSIBLE_VALUE"},
    "wrong_schema": {"UNKNOWN_SCHEMA", "WRONG_SCHEMA"},
    "truncated": {"UNFRAMED", "UNDECODABLE", "UNKNOWN_SCHEMA"},
    "junk": {"UNFRAMED", "UNDECODABLE", "UNKNOWN_SCHEMA", "WRONG_SCHEMA", "IMPOSSIBLE_VALUE"},
    "empty": {"EMPTY"},
    "huge": {"TOO_LONG"},
    "mojibake": {"ENCODING"},
    "foreign": {"UNKNOWN_LANGUAGE"},
    "half": {"TRUNCATED"},
    "bomb": {"NO_PHOTO"},
    "enormous": {"TOO_LARGE"},
}


@dataclass
class TopicTotals:
    """One topic's row in the table."""

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
    #: In the lake, and older than what Kafka keeps: only what the ledger says of it is compared.
    older: int = 0
    faults_expired: int = 0


@dataclass(frozen=True, order=True)
class Problem:
    """One event or message that is not where it should be."""

    topic: str
    what: str
    name: str


@dataclass
class Expected:
    """What the ledger says of one event id."""

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
    """The outcome: totals by topic, each problem by name, what the broker has lost, and what is excused and how much of it."""

    totals: dict[str, TopicTotals]
    problems: list[Problem]
    wrong_minutes: dict[tuple[str, int], tuple[int, int]]
    losses: list[Loss] = field(default_factory=list)
    excused: list[Excused] = field(default_factory=list)
    totals_off: Counter[str] = field(default_factory=Counter)
    schema_lost: Counter[str] = field(default_factory=Counter)


def compare(evidence: Evidence) -> Verdict:
    """Every event sent must be in the lake once, as its message says; every bad message in the dead letters once, with its reason; and nothing else."""
    return _Comparison(evidence).verdict()


class _Comparison:
    """One comparison and what it has found so far."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._totals = {topic: TopicTotals() for topic in TOPICS}
        self._problems: list[Problem] = []
        self._lost = lost_messages(evidence)
        # The dead letter of a lost message speaks of what is no longer there; what is there now is another event.
        self._stale = {
            place for place in self._lost.values() if place in evidence.dead and (evidence.kafka.get(place) or "") in evidence.lake
        }
        self._copies = Counter(name for place, name in evidence.kafka.items() if name and not self._is_dead(place))

    def verdict(self) -> Verdict:
        evidence = self._evidence
        aside = excused(evidence)
        expected = self._expectations({event_id for found in aside for event_id in found.events})
        for event_id, want in expected.items():
            self._check_event(event_id, want)
        known = expected.keys() | {event_id for found in aside for event_id in found.events}
        self._check_messages(known)
        self._check_lake(expected)
        self._check_dead_letters()
        self._problems += [Problem(found.topic, too_many(found), found.language) for found in aside if too_many(found)]
        return Verdict(
            self._totals,
            sorted(self._problems),
            _wrong_minutes(expected, evidence),
            losses(evidence, self._lost, self._copies),
            aside,
            evidence.totals_off,
            evidence.schema_lost,
        )

    def _is_dead(self, place: Place) -> bool:
        return place in self._evidence.dead and place not in self._stale

    def _say(self, topic: str, what: str, name: str) -> None:
        self._problems.append(Problem(topic, what, name))

    def _expectations(self, aside: set[str]) -> dict[str, Expected]:
        evidence, expected = self._evidence, dict[str, Expected]()
        for position, sent in enumerate(evidence.sent):
            total = self._totals[sent.topic]
            place = None if sent.partition is None or sent.offset is None else (sent.topic, sent.partition, sent.offset)
            if sent.kind in BAD:
                total.faults[sent.kind] += 1
                if place and position not in self._lost:
                    self._check_fault(sent.kind, place)
                continue
            if sent.event_id in aside:
                total.sent += sent.kind != DUPLICATE
                continue
            if sent.kind == DUPLICATE:
                total.duplicates += 1
            elif sent.kind != "good":
                total.faults[sent.kind] += 1
            if sent.event_id not in expected:
                expected[sent.event_id] = Expected(sent.topic, sent.minute, sent.lines, sent.cents)
                total.sent += 1
            want = expected[sent.event_id]
            if place is None:
                want.in_doubt += 1
                continue
            want.acknowledged += 1
            want.lost += position in self._lost
            want.expired += place[2] < evidence.low.get(place[:2], 0)
            if position not in self._lost and self._is_dead(place):
                self._say(sent.topic, f"good, but set aside as {evidence.dead_kinds[place]}", sent.event_id)
        return expected

    def _check_fault(self, kind: str, place: Place) -> None:
        evidence = self._evidence
        if place in evidence.dead:
            if evidence.dead_kinds[place] not in KINDS_OF_FAULT[kind]:
                self._say(place[0], f"{kind}: set aside as {evidence.dead_kinds[place]}", _named(place))
        elif place[2] < evidence.low.get(place[:2], 0):
            # Dead letters are kept for longer than the topic, but not for ever as the ledger is.
            self._totals[place[0]].faults_expired += 1
        else:
            self._say(place[0], f"{kind}: not in the dead letters", _named(place))

    def _check_event(self, event_id: str, want: Expected) -> None:
        total, seen = self._totals[want.topic], self._copies.get(event_id, 0)
        total.minutes.add(want.minute)
        if seen < want.acknowledged - want.expired - want.lost:
            self._say(want.topic, "acknowledged, but not in Kafka", event_id)
        if seen > want.acknowledged + want.in_doubt:
            self._say(want.topic, f"in Kafka {seen} times, sent {want.acknowledged + want.in_doubt}", event_id)
        landed = self._evidence.lake.get(event_id)
        if landed is not None:
            self._problems.extend(Problem(want.topic, what, event_id) for what in self._wrong(event_id, want, landed))
            total.lake += 1
        elif seen or want.acknowledged > want.lost:
            self._say(want.topic, "missing in the lake", event_id)
        else:
            total.in_doubt += not want.acknowledged

    def _wrong(self, event_id: str, want: Expected, landed: Landed) -> list[str]:
        """What is wrong of an event: by its own message, and by the ledger, which knows of those too that Kafka no longer has."""
        if landed.topic != want.topic:
            return [f"in the lake as one of {landed.topic}"]
        if want.topic in EVENT_TOPICS:
            return _rows_wrong(landed)
        by_message = self._by_message(event_id, landed)
        if landed.lines > want.lines and landed.lines > landed.distinct:
            return [f"counted twice: {landed.lines} rows of {landed.distinct} lines"]
        if landed.lines != want.lines:
            return [f"{landed.lines} lines in the lake, {want.lines} sent"]
        if landed.cents != want.cents:
            return [f"{landed.cents / 100:.2f} in the lake, {want.cents / 100:.2f} sent"]
        return by_message

    def _by_message(self, event_id: str, landed: Landed) -> list[str]:
        """What the lake has otherwise than every copy of the message says: which of several copies came first only the job knows."""
        said = self._evidence.differs.get(event_id, ())
        return wrong_figures(said[0], landed) if said and len(said) >= self._copies.get(event_id, 0) else []

    def _check_messages(self, known: set[str]) -> None:
        """Messages of whoever sent them: each is in the dead letters or, by its id, in the lake. Some may come from outside any ledger."""
        evidence = self._evidence
        bad = {(s.topic, s.partition, s.offset) for i, s in enumerate(evidence.sent) if s.kind in BAD and i not in self._lost}
        strangers: dict[str, str] = {}
        for place, event_id in evidence.kafka.items():
            total = self._totals[place[0]]
            total.kafka += 1
            if self._is_dead(place):
                total.foreign += place not in bad and event_id not in known
            elif event_id is None or event_id not in evidence.lake:
                if event_id not in known and place not in bad:
                    self._say(place[0], "in Kafka, but neither in the lake nor in the dead letters", event_id or _named(place))
            elif place in evidence.unread:
                self._say(place[0], "in the lake, though its message cannot be read by its writer's schema", event_id)
            elif event_id not in known:
                total.foreign += 1
                strangers[event_id] = place[0]
        for event_id, topic in strangers.items():
            self._totals[topic].strangers.append(event_id)
            landed = evidence.lake[event_id]
            wrong = _rows_wrong(landed) if topic in EVENT_TOPICS else []
            self._problems.extend(Problem(topic, f"a stranger's: {what}", event_id) for what in wrong + self._by_message(event_id, landed))

    def _check_lake(self, expected: dict[str, Expected]) -> None:
        """What is in the lake has been committed in Kafka: it is there still, or was before it expired or was lost."""
        evidence = self._evidence
        for event_id, landed in evidence.lake.items():
            total = self._totals[landed.topic]
            total.lines += landed.lines if landed.topic not in EVENT_TOPICS else 0
            total.cents += landed.cents
            if event_id in self._copies or event_id in evidence.later:
                continue
            want = expected.get(event_id)
            if want is not None and (want.expired or want.lost):
                continue
            if not landed.kept:
                total.older += 1
            else:
                self._say(landed.topic, "in the lake, but was never committed in its topic", event_id)

    def _check_dead_letters(self) -> None:
        evidence, lost = self._evidence, set(self._lost.values())
        stretches = lost_stretches(lost)
        for place, rows in evidence.dead.items():
            total = self._totals.setdefault(place[0], TopicTotals())
            total.dead += 1
            # Where a message was lost another has its offset: each may have been set aside.
            if rows > 1 + (place in lost):
                self._say(place[0], f"{rows} times in the dead letters", _named(place))
            if place not in evidence.dead_topic and place not in evidence.dead_expired:
                self._say(place[0], f"in the lake's dead letters, but not in {DEAD_LETTERS}", _named(place))
            if place[0] in TOPICS and place[2] >= evidence.low.get(place[:2], 0) and not self._was_committed(place, stretches):
                self._say(place[0], "in the dead letters, but was never committed in its topic", _named(place))

    def _was_committed(self, place: Place, stretches: dict[Partition, tuple[int, int]]) -> bool:
        """Whether a message was at a place, or has been lost with those around it: of a stranger's no ledger tells."""
        if place in self._evidence.kafka or place in self._evidence.announced_again:
            return True
        first, last = stretches.get(place[:2], (0, -1))
        return first <= place[2] <= last


def _rows_wrong(landed: Landed) -> list[str]:
    return [f"{landed.lines} times in the lake"] if landed.lines != 1 else []


def _wrong_minutes(expected: dict[str, Expected], evidence: Evidence) -> dict[tuple[str, int], tuple[int, int]]:
    """Minutes of a topic whose number of events differs: (sent, in the lake). Events in doubt, and lost ones, count where they landed."""
    sent: Counter[tuple[str, int]] = Counter()
    landed: defaultdict[tuple[str, int], int] = defaultdict(int)
    for event_id, want in expected.items():
        there = evidence.lake.get(event_id)
        if want.acknowledged > want.lost or there:
            sent[want.topic, want.minute] += 1
        if there:
            landed[want.topic, there.minute] += 1
    return {key: (sent[key], landed[key]) for key in sent.keys() | landed.keys() if sent[key] != landed[key]}


def _named(place: Place) -> str:
    return f"{place[0]}[{place[1]}]@{place[2]}"
