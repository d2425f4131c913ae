"""Compares the evidence. Pure: it reads nothing and waits for nothing, so each way to lose or double an event is a unit test."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tillstream.ledger import BAD, DUPLICATE
from tillstream.verify.collect import EVENT_TOPICS, TOPICS, Evidence, Landed

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
#: What a good text may be set aside as: in three words with a mistake in them a language is a guess, and the translator may fail.
MAY_BE_SET_ASIDE = {topic: {"UNKNOWN_LANGUAGE", "UNTRANSLATED"} for topic in ("voice.feedback.v1", "voice.calls.v1")}


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
    in_doubt: int = 0


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


@dataclass
class Verdict:
    """The outcome: totals by topic, and each problem by name."""

    totals: dict[str, TopicTotals]
    problems: list[Problem]
    wrong_minutes: dict[tuple[str, int], tuple[int, int]]


def compare(evidence: Evidence) -> Verdict:
    """Every event sent must be in the lake once, with its lines and its amount; every bad message in the dead letters once, with its reason."""
    totals = {topic: TopicTotals() for topic in TOPICS}
    problems: list[Problem] = []
    aside = _rightly_set_aside(evidence)
    expected = _expectations(evidence, totals, problems, aside)
    copies = Counter(name for place, name in evidence.kafka.items() if name and place not in evidence.dead)

    for event_id, want in expected.items():
        total = totals[want.topic]
        total.minutes.add(want.minute)
        seen = copies.get(event_id, 0)
        if seen < want.acknowledged - want.expired:
            problems.append(Problem(want.topic, "acknowledged, but not in Kafka", event_id))
        if seen > want.acknowledged + want.in_doubt:
            problems.append(Problem(want.topic, f"in Kafka {seen} times, sent {want.acknowledged + want.in_doubt}", event_id))
        landed = evidence.lake.get(event_id)
        if landed is None:
            total.in_doubt += not (seen or want.acknowledged)
            if seen or want.acknowledged:
                problems.append(Problem(want.topic, "missing in the lake", event_id))
        else:
            problems.extend(_wrong(event_id, want, landed))
            total.lake += 1

    _check_kafka(evidence, expected.keys() | aside, totals, problems)
    for landed in evidence.lake.values():
        totals[landed.topic].lines += landed.lines if landed.topic not in EVENT_TOPICS else 0
        totals[landed.topic].cents += landed.cents
    for place, rows in evidence.dead.items():
        totals[place[0]].dead += 1
        if rows > 1:
            problems.append(Problem(place[0], f"{rows} times in the dead letters", _named(place)))
        if place not in evidence.dead_topic:
            problems.append(Problem(place[0], "in the lake's dead letters, but not in dead_letters.v1", _named(place)))
    return Verdict(totals, sorted(problems), _wrong_minutes(expected, evidence))


def _rightly_set_aside(evidence: Evidence) -> set[str]:
    """Good events one of whose copies was set aside for a reason that a good one may have: no copy of them is in the lake."""
    found = set()
    for sent in evidence.sent:
        place = (sent.topic, sent.partition or 0, sent.offset or 0)
        if sent.offset is not None and sent.kind not in BAD and evidence.dead_kinds.get(place) in MAY_BE_SET_ASIDE.get(sent.topic, ()):
            found.add(sent.event_id)
    return found - evidence.lake.keys()


def _expectations(evidence: Evidence, totals: dict[str, TopicTotals], problems: list[Problem], aside: set[str]) -> dict[str, Expected]:
    expected: dict[str, Expected] = {}
    for sent in evidence.sent:
        total = totals[sent.topic]
        place = None if sent.partition is None or sent.offset is None else (sent.topic, sent.partition, sent.offset)
        if sent.kind in BAD:
            total.faults[sent.kind] += 1
            if place and place not in evidence.dead:
                problems.append(Problem(sent.topic, f"{sent.kind}: not in the dead letters", _named(place)))
            elif place and evidence.dead_kinds[place] not in KINDS_OF_FAULT[sent.kind]:
                problems.append(Problem(sent.topic, f"{sent.kind}: set aside as {evidence.dead_kinds[place]}", _named(place)))
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
        else:
            want.acknowledged += 1
            want.expired += place[2] < evidence.low.get(place[:2], 0)
            if place in evidence.dead:
                problems.append(Problem(sent.topic, f"good, but set aside as {evidence.dead_kinds[place]}", sent.event_id))
    return expected


def _wrong(event_id: str, want: Expected, landed: Landed) -> list[Problem]:
    if want.topic in EVENT_TOPICS:
        return [Problem(want.topic, f"{landed.lines} times in the lake", event_id)] if landed.lines != 1 else []
    found = []
    if landed.lines > landed.distinct:
        found.append(Problem(want.topic, f"counted twice: {landed.lines} rows of {landed.distinct} lines", event_id))
    elif landed.lines != want.lines:
        found.append(Problem(want.topic, f"{landed.lines} lines in the lake, {want.lines} sent", event_id))
    elif landed.cents != want.cents:
        found.append(Problem(want.topic, f"{landed.cents / 100:.2f} in the lake, {want.cents / 100:.2f} sent", event_id))
    return found


def _check_kafka(evidence: Evidence, expected: set[str], totals: dict[str, TopicTotals], problems: list[Problem]) -> None:
    """Messages of whoever sent them: each is in the dead letters or, by its id, in the lake. Some may come from outside any ledger."""
    bad = {(s.topic, s.partition, s.offset) for s in evidence.sent if s.kind in BAD}
    for place, event_id in evidence.kafka.items():
        total = totals[place[0]]
        total.kafka += 1
        if place in evidence.dead:
            total.foreign += place not in bad
            continue
        if event_id in expected:
            continue
        if event_id is None or event_id not in evidence.lake:
            if place not in bad:
                problems.append(Problem(place[0], "in Kafka, but neither in the lake nor in the dead letters", event_id or _named(place)))
        else:
            total.foreign += 1


def _wrong_minutes(expected: dict[str, Expected], evidence: Evidence) -> dict[tuple[str, int], tuple[int, int]]:
    """Minutes of a topic whose number of events differs: (sent, in the lake). Events in doubt count where they landed."""
    sent: Counter[tuple[str, int]] = Counter()
    landed: defaultdict[tuple[str, int], int] = defaultdict(int)
    for event_id, want in expected.items():
        there = evidence.lake.get(event_id)
        if want.acknowledged or there:
            sent[want.topic, want.minute] += 1
        if there:
            landed[want.topic, there.minute] += 1
    return {key: (sent[key], landed[key]) for key in sent.keys() | landed.keys() if sent[key] != landed[key]}


def _named(place: tuple[str, int, int]) -> str:
    return f"{place[0]}[{place[1]}]@{place[2]}"
