"""Compare the evidence. This module does no I/O, so a unit test covers each way to lose or duplicate an event."""

from collections import Counter, defaultdict

from tillstream.core.ledger import BAD, DUPLICATE
from tillstream.core.topology import DEAD_LETTERS
from tillstream.verify.evidence import EVENT_TOPICS, TOPICS, Evidence, LandedEvent, wrong_figures
from tillstream.verify.excused import excused, too_many
from tillstream.verify.lost import losses, lost_messages, lost_stretches
from tillstream.verify.photos import Place
from tillstream.verify.topics import Partition
from tillstream.verify.verdict import Expected, Problem, TopicTotals, Verdict

#: The kinds of dead letter that each injected fault must have. A wrong schema's id is unknown or belongs to another contract. Junk and cut messages
#: can fail at any step of decoding.
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


def compare(evidence: Evidence) -> Verdict:
    """Compare the evidence.

    Every event sent must be in the lake once, with the figures of its message. Every bad message must be in the dead letters once, with the
    right kind. Nothing else may be in either.
    """
    return _Comparison(evidence).verdict()


class _Comparison:
    """One comparison and its results so far."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._totals = {topic: TopicTotals() for topic in TOPICS}
        self._problems: list[Problem] = []
        self._lost = lost_messages(evidence)
        # Places whose dead letter is of a lost message, while the message there now is another event.
        self._stale = {
            place for place in self._lost.values() if place in evidence.dead and (evidence.kafka.get(place) or "") in evidence.lake
        }
        self._copies = Counter(name for place, name in evidence.kafka.items() if name and not self._is_dead(place))

    def verdict(self) -> Verdict:
        evidence = self._evidence
        groups = excused(evidence)
        excused_ids = {event_id for group in groups for event_id in group.events}
        expected = self._expectations(excused_ids)
        for event_id, expectation in expected.items():
            self._check_event(event_id, expectation)
        self._check_messages(expected.keys() | excused_ids)
        self._check_lake(expected)
        self._check_dead_letters()
        self._problems += [Problem(group.topic, too_many(group), group.language) for group in groups if too_many(group)]
        return Verdict(
            self._totals,
            sorted(self._problems),
            _wrong_minutes(expected, evidence),
            losses(evidence, self._lost, self._copies),
            groups,
            evidence.totals_off,
            evidence.schema_lost,
        )

    def _is_dead(self, place: Place) -> bool:
        return place in self._evidence.dead and place not in self._stale

    def _report(self, topic: str, what: str, name: str) -> None:
        self._problems.append(Problem(topic, what, name))

    def _expectations(self, excused_ids: set[str]) -> dict[str, Expected]:
        """Return what the ledgers say of each event that is not excused. Check each injected fault on the way."""
        evidence, expected = self._evidence, dict[str, Expected]()
        for position, sent in enumerate(evidence.sent):
            total = self._totals[sent.topic]
            place = None if sent.partition is None or sent.offset is None else (sent.topic, sent.partition, sent.offset)
            if sent.kind in BAD:
                total.faults[sent.kind] += 1
                if place and position not in self._lost:
                    self._check_fault(sent.kind, place)
                continue
            if sent.event_id in excused_ids:
                total.sent += sent.kind != DUPLICATE
                continue
            if sent.kind == DUPLICATE:
                total.duplicates += 1
            elif sent.kind != "good":
                total.faults[sent.kind] += 1
            if sent.event_id not in expected:
                expected[sent.event_id] = Expected(sent.topic, sent.minute, sent.lines, sent.cents)
                total.sent += 1
            expectation = expected[sent.event_id]
            if place is None:
                expectation.in_doubt += 1
                continue
            expectation.acknowledged += 1
            expectation.lost += position in self._lost
            expectation.expired += place[2] < evidence.low.get(place[:2], 0)
            if position not in self._lost and self._is_dead(place):
                self._report(sent.topic, f"good, but set aside as {evidence.dead_kinds[place]}", sent.event_id)
        return expected

    def _check_fault(self, kind: str, place: Place) -> None:
        evidence = self._evidence
        if place in evidence.dead:
            if evidence.dead_kinds[place] not in KINDS_OF_FAULT[kind]:
                self._report(place[0], f"{kind}: set aside as {evidence.dead_kinds[place]}", _named(place))
        elif place[2] < evidence.low.get(place[:2], 0):
            # The lake keeps dead letters longer than Kafka keeps the topic, but not forever, as the ledger is kept.
            self._totals[place[0]].faults_expired += 1
        else:
            self._report(place[0], f"{kind}: not in the dead letters", _named(place))

    def _check_event(self, event_id: str, expectation: Expected) -> None:
        topic, acknowledged, sent = expectation.topic, expectation.acknowledged, expectation.acknowledged + expectation.in_doubt
        total, copies = self._totals[topic], self._copies.get(event_id, 0)
        total.minutes.add(expectation.minute)
        if copies < acknowledged - expectation.expired - expectation.lost:
            self._report(topic, "acknowledged, but not in Kafka", event_id)
        if copies > sent:
            self._report(topic, f"in Kafka {copies} times, sent {sent}", event_id)
        landed = self._evidence.lake.get(event_id)
        if landed is not None:
            self._problems.extend(Problem(topic, what, event_id) for what in self._differences(event_id, expectation, landed))
            total.lake += 1
        elif copies or acknowledged > expectation.lost:
            self._report(topic, "missing in the lake", event_id)
        else:
            total.in_doubt += not acknowledged

    def _differences(self, event_id: str, expectation: Expected, landed: LandedEvent) -> list[str]:
        """Compare an event of the lake with the ledger and with its own message. The ledger also knows messages that Kafka no longer has."""
        if landed.topic != expectation.topic:
            return [f"in the lake as an event of {landed.topic}"]
        if expectation.topic in EVENT_TOPICS:
            return _wrong_row_count(landed)
        if landed.lines > expectation.lines and landed.lines > landed.distinct:
            return [f"counted twice: {landed.lines} rows of {landed.distinct} lines"]
        if landed.lines != expectation.lines:
            return [f"{landed.lines} lines in the lake, {expectation.lines} sent"]
        if landed.cents != expectation.cents:
            return [f"{landed.cents / 100:.2f} in the lake, {expectation.cents / 100:.2f} sent"]
        return self._differences_from_message(event_id, landed)

    def _differences_from_message(self, event_id: str, landed: LandedEvent) -> list[str]:
        """Compare an event of the lake with its message. It differs only if it differs from every copy: only the job knows which copy came first."""
        facts = self._evidence.differs.get(event_id, ())
        return wrong_figures(facts[0], landed) if facts and len(facts) >= self._copies.get(event_id, 0) else []

    def _check_messages(self, known: set[str]) -> None:
        """Check that each message is in the dead letters or, by its event id, in the lake, whoever sent it: some messages are in no ledger."""
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
                    self._report(place[0], "in Kafka, but neither in the lake nor in the dead letters", event_id or _named(place))
            elif place in evidence.unread:
                self._report(place[0], "in the lake, but its message cannot be decoded by its writer's schema", event_id)
            elif event_id not in known:
                total.foreign += 1
                strangers[event_id] = place[0]
        for event_id, topic in strangers.items():
            self._totals[topic].strangers.append(event_id)
            landed = evidence.lake[event_id]
            wrong = _wrong_row_count(landed) if topic in EVENT_TOPICS else []
            wrong += self._differences_from_message(event_id, landed)
            self._problems.extend(Problem(topic, f"in no ledger: {what}", event_id) for what in wrong)

    def _check_lake(self, expected: dict[str, Expected]) -> None:
        """Check that each event of the lake was committed in Kafka: its message is still there, or expired, or was lost."""
        evidence = self._evidence
        for event_id, landed in evidence.lake.items():
            total = self._totals[landed.topic]
            total.lines += landed.lines if landed.topic not in EVENT_TOPICS else 0
            total.cents += landed.cents
            if event_id in self._copies or event_id in evidence.later:
                continue
            expectation = expected.get(event_id)
            if expectation is not None and (expectation.expired or expectation.lost):
                continue
            if not landed.kept:
                total.older += 1
            else:
                self._report(landed.topic, "in the lake, but was never committed in its topic", event_id)

    def _check_dead_letters(self) -> None:
        evidence, lost = self._evidence, set(self._lost.values())
        stretches = lost_stretches(lost)
        for place, rows in evidence.dead.items():
            total = self._totals.setdefault(place[0], TopicTotals())
            total.dead += 1
            # The offset of a lost message is used again: both messages there may be dead letters.
            if rows > 1 + (place in lost):
                self._report(place[0], f"{rows} times in the dead letters", _named(place))
            if place not in evidence.dead_topic and place not in evidence.dead_expired:
                self._report(place[0], f"in the lake's dead letters, but not in {DEAD_LETTERS}", _named(place))
            if place[0] in TOPICS and place[2] >= evidence.low.get(place[:2], 0) and not self._was_committed(place, stretches):
                self._report(place[0], "in the dead letters, but was never committed in its topic", _named(place))

    def _was_committed(self, place: Place, stretches: dict[Partition, tuple[int, int]]) -> bool:
        """Return whether a message was at a place. One that is in no ledger may have been lost with the messages around it."""
        if place in self._evidence.kafka or place in self._evidence.announced_again:
            return True
        first, last = stretches.get(place[:2], (0, -1))
        return first <= place[2] <= last


def _wrong_row_count(landed: LandedEvent) -> list[str]:
    return [f"{landed.lines} times in the lake"] if landed.lines != 1 else []


def _wrong_minutes(expected: dict[str, Expected], evidence: Evidence) -> dict[tuple[str, int], tuple[int, int]]:
    """Return (sent, in the lake) of each topic and minute whose counts differ. Events in doubt and lost events count only if they are in the lake."""
    sent: Counter[tuple[str, int]] = Counter()
    in_lake: defaultdict[tuple[str, int], int] = defaultdict(int)
    for event_id, expectation in expected.items():
        landed = evidence.lake.get(event_id)
        if expectation.acknowledged > expectation.lost or landed:
            sent[expectation.topic, expectation.minute] += 1
        if landed:
            in_lake[expectation.topic, landed.minute] += 1
    return {key: (sent[key], in_lake[key]) for key in sent.keys() | in_lake.keys() if sent[key] != in_lake[key]}


def _named(place: Place) -> str:
    return f"{place[0]}[{place[1]}]@{place[2]}"
