"""The ranking in Redis against the lake: what a recovery leaves over is no error while it stands below the ranking."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tillstream.verify.hot import PLACES, compare_top

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
#: Sixty products, of which the first fifty rank: 60.00, 59.00 and so on.
SOLD = {str(number): (1, Decimal(60 - number)) for number in range(60)}


def held(*products: int, **changed: str) -> dict[str, dict[str, str]]:
    """What Redis has of these products today, some with another amount."""
    return {
        f"sales:top_products:{number}:20261125": {"lines": "1", "net_amount": changed.get(f"p{number}", f"{60 - number}.00")}
        for number in products
    }


def test_the_best_fifty_are_as_the_lake_has_them() -> None:
    assert compare_top(held(*range(PLACES)), SOLD, SOLD, NOW).problems == []


def test_what_a_recovery_left_over_stands_below() -> None:
    assert compare_top(held(*range(PLACES), 55, 57), SOLD, SOLD, NOW).problems == []


@pytest.mark.parametrize(
    ("redis", "problem"),
    [
        (held(*range(40)), "40 products are held, 50 should be"),
        (held(*range(PLACES), p3="58.00"), "3: 1 lines, 58.00; the lake has 1, 57"),
        (held(*range(PLACES), 55, p55="5.50"), "55: left over with 5.50, more than was sold of it"),
        (held(*range(49), 99, p99="70.00"), "99: in Redis, not in the lake"),
    ],
    ids=["too few", "another figure", "left over with too much", "unknown"],
)
def test_what_is_wrong_is_named(redis: dict[str, dict[str, str]], problem: str) -> None:
    assert problem in compare_top(redis, SOLD, SOLD, NOW).problems
