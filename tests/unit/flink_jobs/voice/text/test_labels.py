"""A rule that begins with a label is tried on every text that contains a word of the label."""

import re

import pytest
from hypothesis import given, settings
from hypothesis.strategies import DataObject, data, from_regex

from flink_jobs.voice.text import handles, labelled_numbers, people
from flink_jobs.voice.text.labels import Rule, words_of

RULES = [
    one
    for module in (handles, people, labelled_numbers)
    for value in vars(module).values()
    for one in (value if isinstance(value, tuple) else (value,))
    if isinstance(one, Rule)
]


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.kind} {rule.labels[3:20]}" for rule in RULES])
@given(data=data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_label_is_without_a_word_that_its_rule_is_tried_for(rule: Rule, data: DataObject) -> None:
    label = data.draw(from_regex(re.compile(rf"(?i:{rule.labels})", re.ASCII), fullmatch=True))
    assert not rule.words.isdisjoint(words_of(f"so {label} is it"))


@pytest.mark.parametrize(
    ("text", "words"),
    [("DNI12345678Z", {"dni", "z"}), ("mi_contraseña: X", {"mi", "contraseña", "x"}), ("", set()), ("DN\u0130 5", {"dni"})],
)
def test_digits_and_signs_stand_between_words(text: str, words: set[str]) -> None:
    assert words_of(text) == words


def test_there_are_rules() -> None:
    assert len(RULES) > 20
