"""Semantic search asks Trino the right queries and makes results from its rows."""

import re
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from tillstream.core import semantic_search
from tillstream.core.clients.trino import Trino

SKETCH = [1, -2, 3, -4, 5, -6]


def vector(nearness: float) -> bytes:
    """Return a packed vector with this cosine to `vector(1)`."""
    whole = np.zeros(384)
    whole[0], whole[1] = nearness, (1 - nearness**2) ** 0.5
    return np.rint(whole * 127).astype(np.int8).tobytes()


class Lake:
    """Stand-in for Trino. It returns as many of its first rows as a query asks for, and keeps the queries."""

    def __init__(self, rows: list[list[Any]]) -> None:
        self.held, self.asked = rows, list[str]()

    def rows(self, sql: str) -> list[list[Any]]:
        self.asked.append(sql)
        return self.held[: int(re.findall(r"LIMIT (\d+)$", sql)[0])]


def texts(count: int, wording: Callable[[int], str]) -> list[list[Any]]:
    """Return rows as Trino returns them, each a little less similar than the one before."""
    return [[None, "298", 0.1, wording(i), f"id{i}", vector(1 - i / 20_000)] for i in range(count)]


def found_in(lake: Lake, most: int) -> list[list[Any]]:
    return semantic_search.search(cast("Trino", lake), vector(1), SKETCH, most)


def test_the_nearest_come_first_and_each_wording_once() -> None:
    rows = [[None, "298", 0.1, f"text {i // 2}", f"id{i}", vector(1 - i / 200)] for i in range(60)]
    found = found_in(Lake(rows[::-1]), 3)
    assert [row[4] for row in found] == ["text 0", "text 1", "text 2"]
    assert [row[0] for row in found] == pytest.approx([1, 0.99, 0.98], abs=0.005)


@pytest.mark.parametrize(("held", "questions"), [(399, 1), (400, 2), (6000, 2)])
def test_where_too_many_say_the_same_more_are_compared(held: int, questions: int) -> None:
    """Check with texts of which 750 each have the same wording: the first 4,000 texts have six wordings, the first 400 have one."""
    lake = Lake(texts(held, lambda i: f"text {i // 750}"))
    found = found_in(lake, 5)
    assert len(lake.asked) == questions
    assert len(found) == min(5, -(-held // 750))


def test_a_sentences_numbers_are_no_constants_of_the_question() -> None:
    """Check that the numbers are parameters of the query. Trino would compile code for constants."""
    lake = Lake([])
    assert found_in(lake, 5) == []
    assert "ARRAY[BIGINT '-6']) AS wanted (w1, w2, w3, w4, w5, w6)" in lake.asked[0]
