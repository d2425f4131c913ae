"""Allow a small share of good texts to become dead letters.

The language of three words with a spelling mistake is a guess, and the translator may fail. The share is bounded for each language that the
texts were meant in: otherwise a hundred excused texts could hide that a whole language is no longer understood.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tillstream.core.ledger import BAD, DUPLICATE
from tillstream.core.topology import CALLS, FEEDBACK
from tillstream.verify.evidence import Evidence

#: The kinds of dead letter that a good text may become, by topic.
MAY_BE_SET_ASIDE = {topic: {"UNKNOWN_LANGUAGE", "UNTRANSLATED"} for topic in (FEEDBACK, CALLS)}
#: The allowed share of each language's texts. Of 3,558 simulated texts, 6 are taken for another language (bench/README.md). If a language is
#: no longer understood, all of its texts become dead letters.
MOST_SHARE = 0.02
#: How many texts are allowed in any case: a share of a few texts says little.
ALWAYS_ALLOWED = 5


@dataclass
class Excused:
    """The good texts of one topic and language that became dead letters.

    Attributes:
        topic: their topic.
        language: the language that they were meant in.
        sent: how many texts of this language were sent.
        kinds: the kinds of dead letter, with their counts.
        events: the event ids of the dead letters.
    """

    topic: str
    language: str
    sent: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    events: set[str] = field(default_factory=set)

    @property
    def allowed(self) -> int:
        """Return how many dead letters are allowed."""
        return max(ALWAYS_ALLOWED, int(self.sent * MOST_SHARE))


def excused(evidence: Evidence) -> list[Excused]:
    """Return, by topic and language, the good texts that became an allowed kind of dead letter and have no copy in the lake."""
    groups: dict[tuple[str, str], Excused] = {}
    kinds: dict[str, str] = {}
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for sent in evidence.sent:
        if sent.kind in BAD or sent.topic not in MAY_BE_SET_ASIDE or sent.offset is None:
            continue
        if sent.kind != DUPLICATE:
            texts[sent.topic].add(sent.event_id)
        kind = evidence.dead_kinds.get((sent.topic, sent.partition or 0, sent.offset))
        if kind in MAY_BE_SET_ASIDE[sent.topic] and sent.event_id not in evidence.lake:
            kinds[sent.event_id] = kind
    for topic, events in sorted(texts.items()):
        for event_id in events:
            language = evidence.languages.get(event_id, "unknown")
            group = groups.setdefault((topic, language), Excused(topic, language))
            group.sent += 1
            if event_id in kinds:
                group.kinds[kinds[event_id]] += 1
                group.events.add(event_id)
    return [groups[key] for key in sorted(groups)]


def too_many(group: Excused) -> str:
    """Return a problem in words if more texts became dead letters than are allowed; else an empty text."""
    if len(group.events) <= group.allowed:
        return ""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(group.kinds.items()))
    return f"{len(group.events):,} of {group.sent:,} good texts set aside ({kinds}), at most {group.allowed:,} allowed"
