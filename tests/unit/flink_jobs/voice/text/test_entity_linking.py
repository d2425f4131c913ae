"""Product types and stores are found in a text by their names and numbers."""

import pytest

from flink_jobs.voice.text.entity_linking import Catalogue

CATALOGUE = Catalogue(["FLUID MILK WHITE ONLY", "BANANAS", "FRESH", "BREAD:HEARTH", "WHITE BREAD", "MILK"], ["367", "12"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The fluid milk white only was sour, and the bananas were brown", ["FLUID MILK WHITE ONLY", "BANANAS"]),
        ("No white bread, no bread", ["WHITE BREAD", "BREAD:HEARTH"]),
        ("Everything was fresh", []),
        ("BANANAS! bananas?", ["BANANAS"]),
    ],
)
def test_the_longest_name_of_the_catalogue_is_found_and_a_word_that_is_mostly_another_is_not(text: str, named: list[str]) -> None:
    assert CATALOGUE.product_types(text) == named


@pytest.mark.parametrize(
    ("text", "store"), [("the queue in store 367 is long", "367"), ("la tienda 12 está sucia", "12"), ("store 999 is none of ours", None), ("12 eggs", None)]
)  # fmt: skip
def test_a_store_is_known_by_its_number(text: str, store: str | None) -> None:
    assert CATALOGUE.store(text) == store
