"""The ranking in Redis is compared with the lake. Records that a recovery has left are no error as long as they are below the ranking."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tillstream.core.rules import RANKED
from tillstream.verify.bounds import Known
from tillstream.verify.top import compare_top

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
#: Sixty products, of which the first fifty rank: 60.00, 59.00 and so on.
SOLD = {
    str(number): Known(1, 0, {"lines": (1, 1), "units": (1, 1), "net_amount": (Decimal(60 - number), Decimal(60 - number))})
    for number in range(60)
}


def held(*products: int, **changed: str) -> dict[str, dict[str, str]]:
    """Return the records of these products in Redis today, some with another amount."""
    return {
        f"sales:top_products:{number}:20261125": {"lines": "1", "units": "1", "net_amount": changed.get(f"p{number}", f"{60 - number}.00")}
        for number in products
    }


def test_the_best_fifty_are_as_the_lake_has_them() -> None:
    assert compare_top(held(*range(RANKED)), SOLD, NOW).problems == []


def test_what_a_recovery_left_over_stands_below() -> None:
    assert compare_top(held(*range(RANKED), 55, 57), SOLD, NOW).problems == []


@pytest.mark.parametrize(
    ("redis", "problem"),
    [
        (held(*range(40)), "the ranking: 40 products are in Redis, 50 should be"),
        (held(*range(RANKED), p3="58.00"), "3: net_amount 58.00 is not 57"),
        (held(*range(RANKED), 55, p55="5.50"), "55: surplus with 5.50, more than was sold of it"),
        (held(*range(49), 99, p99="70.00"), "99: in Redis, not in the lake"),
    ],
    ids=["too few", "another figure", "left over with too much", "unknown"],
)
def test_what_is_wrong_is_named(redis: dict[str, dict[str, str]], problem: str) -> None:
    assert problem in compare_top(redis, SOLD, NOW).problems


def test_of_a_product_that_is_being_sold_the_amount_is_bounded_too() -> None:
    moving = SOLD | {"3": Known(1, 1, {"lines": (1, 2), "units": (1, 2), "net_amount": (Decimal(57), Decimal(60))})}
    assert compare_top(held(*range(RANKED), p3="58.00"), moving, NOW).problems == []
    assert compare_top(held(*range(RANKED), p3="5800.00"), moving, NOW).problems == ["3: net_amount 5800.00 is not from 57 to 60"]
