"""What a good text may be set aside for, and how many may be. In three words with a mistake in them a language is a guess, and the translator may fail.

A whole language that is no longer understood must not pass as a hundred texts each of which may be set aside: the share is bounded by the
language that a text was meant in.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tillstream.core.ledger import BAD, DUPLICATE
from tillstream.verify.evidence import Evidence

#: By topic, what a good text may be set aside as.
MAY_BE_SET_ASIDE = {topic: {"UNKNOWN_LANGUAGE", "UNTRANSLATED"} for topic in ("voice.feedback.v1", "voice.calls.v1")}
#: Of the texts that were meant in a language this share may be set aside: of 3,558 simulated ones 6 are taken for another language
#: (bench/README.md); of a language that is lost all are.
MOST_SHARE = 0.02
#: Where only a few were sent, a share says little: so many may be.
ALWAYS_ALLOWED = 5


@dataclass
class Excused:
    """Good texts of one topic and language that were set aside: how many of how many, for which reasons."""

    topic: str
    language: str
    sent: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    events: set[str] = field(default_factory=set)

    @property
    def allowed(self) -> int:
        """How many may be."""
        return max(ALWAYS_ALLOWED, int(self.sent * MOST_SHARE))


def excused(evidence: Evidence) -> list[Excused]:
    """Good texts one of whose copies was set aside for a reason that a good one may have, and no copy of which is in the lake."""
    found: dict[tuple[str, str], Excused] = {}
    aside: dict[str, str] = {}
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for sent in evidence.sent:
        if sent.kind in BAD or sent.topic not in MAY_BE_SET_ASIDE or sent.offset is None:
            continue
        if sent.kind != DUPLICATE:
            texts[sent.topic].add(sent.event_id)
        kind = evidence.dead_kinds.get((sent.topic, sent.partition or 0, sent.offset))
        if kind in MAY_BE_SET_ASIDE[sent.topic] and sent.event_id not in evidence.lake:
            aside[sent.event_id] = kind
    for topic, events in sorted(texts.items()):
        for event_id in events:
            language = evidence.languages.get(event_id, "unknown")
            of = found.setdefault((topic, language), Excused(topic, language))
            of.sent += 1
            if event_id in aside:
                of.kinds[aside[event_id]] += 1
                of.events.add(event_id)
    return [found[key] for key in sorted(found)]


def too_many(of: Excused) -> str:
    """What is wrong where more were set aside than may be; else nothing."""
    if len(of.events) <= of.allowed:
        return ""
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(of.kinds.items()))
    return f"{len(of.events):,} of {of.sent:,} good texts set aside ({kinds}), {of.allowed:,} may be"
