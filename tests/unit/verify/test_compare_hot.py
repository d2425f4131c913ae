"""All values of a moving figure in Redis must be within bounds, its money as well as its counts."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tillstream.verify.bounds import HotResult, Known, number
from tillstream.verify.hot import compare_rollup
from tillstream.verify.rollups import rollups
from tillstream.verify.visits import compare_searches, compare_sessions, settled_and_moving

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KEY = "sales:by_department:DAIRY:STORE:20261127"
HELD = {"baskets": "2", "lines": "5", "units": "6", "net_amount": "10.00", "_version": "5"}
STILL = Known(5, 0, {"baskets": (2, 2), "lines": (5, 5), "units": (6, 6), "net_amount": (Decimal("10.00"), Decimal("10.00"))})
#: A figure that may have one more line of 3.00, and one line of 1.00 that was brought back.
MOVING = Known(5, 2, {"baskets": (2, 3), "lines": (5, 7), "units": (5, 7), "net_amount": (Decimal("9.00"), Decimal("13.00"))})


def taken(held: dict[str, str] | None, known: Known | None) -> HotResult:
    result = HotResult("sales:by_department")
    result.take(KEY, held, known)
    return result


def test_a_key_that_stands_still_is_equal_in_every_figure() -> None:
    assert (taken(HELD, STILL).exact, taken(HELD, STILL).problems) == (1, [])
    for name in ("baskets", "lines", "units", "net_amount"):
        assert len(taken(HELD | {name: "7"}, STILL).problems) == 1, name
        assert len(taken({k: v for k, v in HELD.items() if k != name}, STILL).problems) == 1, f"no {name}"


def test_doubled_cents_of_a_key_that_moves_are_found() -> None:
    assert (taken(HELD, MOVING).moving, taken(HELD, MOVING).problems) == (1, [])
    assert taken(HELD | {"net_amount": "20.00"}, MOVING).problems == [f"{KEY}: net_amount 20.00 is not from 9.00 to 13.00"]
    assert taken(HELD | {"units": "60"}, MOVING).problems == [f"{KEY}: units 60 is not from 5 to 7"]


def test_a_key_that_one_side_lacks_is_named_unless_it_has_just_begun() -> None:
    assert taken(HELD, None).problems == [f"{KEY}: in Redis, not in the lake"]
    assert taken(None, STILL).problems == [f"{KEY}: in the lake, not in Redis"]
    begun = Known(0, 1, {"lines": (0, 1)})
    assert (taken(None, begun).problems, taken(None, begun).moving) == ([], 1)


def test_a_time_is_compared_by_its_second() -> None:
    assert number("1970-01-01T00:01:00Z") == 60
    with pytest.raises(ValueError, match="soon"):
        number("soonZ")


def test_what_is_not_compared_is_counted() -> None:
    (rollup,) = (r for r in rollups(NOW) if r.prefix == "sales:by_department")
    result = compare_rollup(rollup, {KEY: HELD, "sales:by_department:DAIRY:STORE:20261126": HELD}, {KEY: STILL}, NOW)
    assert (result.keys, result.exact, result.skipped, result.problems) == (1, 1, 1, [])


class Asked:
    """Stand-in for Trino. It keeps the query and returns one row."""

    def __init__(self, row: list[Any]) -> None:
        self.row, self.query = row, ""

    def rows(self, query: str) -> list[list[Any]]:
        self.query = query
        return [self.row]


@pytest.mark.parametrize("rollup", rollups(NOW), ids=lambda r: r.prefix)
def test_each_figure_of_a_rollup_is_asked_for_twice_by_one_query(rollup: Any) -> None:
    keys = [f"k{number}" for number in range(len(rollup.dimensions) + bool(rollup.stamp))]
    figures = [figure for number in range(len(rollup.figures)) for figure in (number, number + 1)]
    asked = Asked([*keys, 3, 1, *figures])
    ((key, known),) = rollup.from_lake(asked, NOW, NOW).items()
    assert key == ":".join([rollup.prefix, *keys])
    assert (known.settled, known.unsettled, len(known.bounds)) == (3, 1, len(rollup.figures))
    assert all(most == least + 1 for least, most in known.bounds.values())
    assert "{settled}" not in asked.query


def test_sessions_of_visitors_who_click_may_have_ended_in_any_minute_in_which_they_clicked() -> None:
    key, old = "web:sessions_by_minute:PHONE:202611271100", "web:sessions_by_minute:PHONE:202611250000"
    figures = {"sessions": "3", "viewed": "2", "added": "1", "checked_out": "1", "paid": "1", "baskets": "1", "unpaid": "0"}
    known = {key: settled_and_moving(0, [3, 2, 1, 1, 1, 1, 0])}
    result = compare_sessions({key: figures, old: figures}, known, "202611261300")
    assert (result.exact, result.skipped, result.problems) == (1, 1, [])
    assert compare_sessions({key: figures | {"paid": "2"}}, known, "").problems == [f"{key}: paid 2 is not 1"]
    moving = {key: settled_and_moving(1, [2, 1, 0, 0, 0, 0, 0])}
    assert (compare_sessions({key: figures}, moving, "").moving, compare_sessions({key: figures}, moving, "").problems) == (1, [])
    assert len(compare_sessions({key: figures | {"sessions": "4"}}, moving, "").problems) == 1
    assert len(compare_sessions({key: figures}, {}, "").problems) == 1
    assert len(compare_sessions({}, known, "").problems) == 1


def searches(count: int, without: int = 0, terms: str = "milk", day: str = "20261127") -> dict[str, dict[str, str]]:
    return {f"web:searches_by_day:PHONE:{terms}:{day}": {"searches": str(count), "without_result": str(without)}}


def test_searches_are_as_many_as_the_lake_has_and_no_term_has_more() -> None:
    known = {("PHONE", "milk"): (4, 5, 1, 1), ("PHONE", "bread"): (2, 2, 0, 0)}
    held = searches(4, 1) | searches(2, terms="bread") | searches(99, day="20261126")
    result = compare_searches(held, known, NOW)
    assert (result.moving, result.skipped, result.problems) == (1, 1, [])
    assert compare_searches(searches(8, 1), known, NOW).problems == [
        "web:searches_by_day:PHONE:milk:20261127: 8 searches, 1 without a result; the lake has 5, 1",
        "web:searches_by_day:PHONE: searches 8 is not from 6 to 7",
    ]
    # Terms that are counted together under OTHER are part of the sum.
    assert compare_searches(searches(4, 1) | searches(2, terms="OTHER"), known, NOW).problems == []
    assert (
        compare_searches(
            searches(4, 1) | searches(2, terms="OTHER"), known | {("PHONE", "OTHER"): (1, 1, 0, 0), ("PHONE", "bread"): (1, 1, 0, 0)}, NOW
        ).problems
        == []
    )
    assert compare_searches(searches(4, 1), known, NOW).problems == ["web:searches_by_day:PHONE: searches 4 is not from 6 to 7"]
