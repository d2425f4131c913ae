"""Rules that begin with a label. A rule is tried only on texts that have one of its words, which is far cheaper than trying all rules everywhere."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flink_jobs.voice.text.finding import Finding

_WORD = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> frozenset[str]:
    """Return all words of a text in small letters. Digits and signs separate words."""
    return frozenset(_WORD.findall(text.lower()))


@dataclass(frozen=True)
class Rule:
    """A rule for personal data after a label. The label's case does not matter.

    Attributes:
        kind: the kind of the findings.
        labels: the regular expression of the labels. A digit may touch a label ("1111cvv:123"), a letter may not.
        words: words in small letters of which every label has at least one; tests/unit/flink_jobs/voice/text/test_labels.py checks it.
        rest: the regular expression of what follows the label, case-sensitive; its group `found` is the personal data.
    """

    kind: str
    labels: str
    words: frozenset[str]
    rest: str
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile(rf"(?<![^\W\d_])(?i:{self.labels}){self.rest}"))


def rule(kind: str, labels: str, words: str, rest: str) -> Rule:
    """Build a rule whose words are given in one string."""
    return Rule(kind, labels, frozenset(words.split()), rest)


def matches(rules: Iterable[Rule], text: str, words: frozenset[str]) -> Iterator[tuple[Rule, re.Match[str]]]:
    """Yield each rule's matches in a text with these words."""
    for rule in rules:
        if not rule.words.isdisjoint(words):
            for match in rule.pattern.finditer(text):
                yield rule, match


def labelled(rules: Iterable[Rule], text: str, words: frozenset[str]) -> Iterator[Finding]:
    """Yield the findings of the rules in a text with these words."""
    for rule, match in matches(rules, text, words):
        yield Finding(*match.span("found"), rule.kind)
