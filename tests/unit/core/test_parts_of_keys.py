"""Each part of a Redis key is written in exactly one way, and different parts are written differently, whatever they contain."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.odd_ids import IDS
from tillstream.core.hot_keys import escaped, key_of, parts_of, unescaped


@given(IDS)
def test_a_part_is_read_back_as_it_was(part: str) -> None:
    assert unescaped(escaped(part)) == part


@given(IDS, IDS)
def test_two_parts_are_written_alike_only_where_they_are_equal(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@given(IDS)
def test_a_part_has_nothing_that_ends_a_part_or_a_line_or_is_a_pattern(part: str) -> None:
    written = escaped(part)
    assert written
    assert written.isprintable()
    assert not set(written) & set(":*?[]\\")


@given(st.lists(IDS, min_size=1, max_size=4), st.lists(IDS, min_size=1, max_size=4))
def test_two_keys_are_equal_only_where_all_their_parts_are(one: list[str], other: list[str]) -> None:
    keys = [key_of("sales:by_store", parts, "20261122") for parts in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)
    assert parts_of(keys[0]) == [*one, "20261122"]


@given(IDS, IDS)
def test_a_key_used_as_a_pattern_finds_itself_alone(one: str, other: str) -> None:
    pattern, key = key_of("sales:by_store", [one]), key_of("sales:by_store", [other])
    assert fnmatchcase(key, pattern) == (one == other)


@pytest.mark.parametrize(
    "part",
    ["367", "STORE", "995242", "DRUG GM", "MEAT-PCKGD", "pos.transactions.v1", "ben & jerry's", "COFFEE/TEA", "4f2a_9c", "crème brûlée"],
)
def test_an_ordinary_part_is_written_as_it_always_was(part: str) -> None:
    assert escaped(part) == part
