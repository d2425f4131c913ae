"""Rules that begin with a word: each is tried on the texts that have one of its words, which is far cheaper than to look for all of them everywhere."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flink_jobs.voice.text.finding import Finding

_WORD = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> frozenset[str]:
    """All words of a text, in small letters; digits and signs stand between words."""
    return frozenset(_WORD.findall(text.lower()))


@dataclass(frozen=True)
class Rule:
    """What is personal after a label, whose letters' case says nothing.

    Attributes:
        kind: of what is found.
        labels: a regular expression. A digit may touch a label ("1111cvv:123"), a letter not.
        words: each label has one of these words, in small letters. tests/unit/flink_jobs/voice/text/test_labels.py holds it to that.
        rest: the regular expression of what follows; its group `found` is what is personal. By itself it tells capitals from small letters.
    """

    kind: str
    labels: str
    words: frozenset[str]
    rest: str
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile(rf"(?<![^\W\d_])(?i:{self.labels}){self.rest}"))


def rule(kind: str, labels: str, words: str, rest: str) -> Rule:
    """A rule whose words are written in one string."""
    return Rule(kind, labels, frozenset(words.split()), rest)


def matches(rules: Iterable[Rule], text: str, words: frozenset[str]) -> Iterator[tuple[Rule, re.Match[str]]]:
    """What the rules find in a text of these words."""
    for one in rules:
        if not one.words.isdisjoint(words):
            for match in one.pattern.finditer(text):
                yield one, match


def labelled(rules: Iterable[Rule], text: str, words: frozenset[str]) -> Iterator[Finding]:
    """What is personal by the word before it."""
    for one, match in matches(rules, text, words):
        yield Finding(*match.span("found"), one.kind)
