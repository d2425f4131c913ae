"""The comparison of live stock finds errors and accepts differences that have a good reason."""

from tillstream.verify.stock import compare_pairs
from tillstream.verify.stock_sums import Books, Departments, OpenAlerts, compare_alerts, compare_departments, compare_stores

STILL = Books(7, 0, 0)
MOVING = Books(7, sold=3, returned=1)


def test_a_pair_that_did_not_move_must_be_equal_and_one_that_did_must_lie_between() -> None:
    books = {("1", "a"): STILL, ("1", "b"): MOVING}
    result = compare_pairs({("1", "a"): 7, ("1", "b"): 4}, books)
    assert (result.keys, result.exact, result.moving, result.wrong) == (2, 1, 1, {})
    assert compare_pairs({("1", "a"): 6, ("1", "b"): 9}, books).wrong.keys() == {"inventory:stock:1 a", "inventory:stock:1 b"}


def test_a_pair_that_one_side_lacks_is_named() -> None:
    assert set(compare_pairs({("2", "x"): 1}, {("1", "a"): STILL}).problems) == {
        "inventory:stock:2 x: in Redis, never counted",
        "inventory:stock:1 a: counted, not in Redis",
    }


def test_a_stores_sums_are_those_of_its_pairs() -> None:
    books = {("1", "a"): STILL, ("1", "b"): Books(0, 0, 0)}
    right = {"products": "2", "stock_units": "7", "stock_out": "1"}
    assert compare_stores({"1": right}, books).problems == []
    for name, wrong in (("products", "3"), ("stock_units", "8"), ("stock_out", "0")):
        assert len(compare_stores({"1": right | {name: wrong}}, books).problems) == 1
    (problem,) = compare_stores({}, books).problems
    assert problem == "inventory:by_store:1: products 0 is not 2, stock_units 0 is not 7, stock_out 0 is not 1"


def test_where_pairs_move_their_sums_are_bounded_in_every_figure() -> None:
    books = {("1", "a"): MOVING, ("1", "b"): Books(1, sold=1, returned=0)}
    for units, out, problems in (("4", "1", 0), ("9", "0", 0), ("3", "0", 1), ("10", "0", 1), ("8", "2", 1)):
        result = compare_stores({"1": {"products": "2", "stock_units": units, "stock_out": out}}, books)
        assert (len(result.problems), result.moving) == (problems, 1 - problems), (units, out)


MASTERS = Departments({"a": "DAIRY", "b": "MEAT"})
BOTH = {("1", "a"): STILL, ("1", "b"): Books(2, 0, 0)}


def test_stock_by_department_is_that_of_the_departments_products() -> None:
    held = {
        "DAIRY": {"products": "1", "stock_units": "7", "stock_out": "0"},
        "MEAT": {"products": "1", "stock_units": "2", "stock_out": "0"},
    }
    result = compare_departments(held, BOTH, MASTERS)
    assert (result.problems, result.exact) == ([], 3)
    drifted = {"DAIRY": held["DAIRY"] | {"stock_units": "8"}, "MEAT": held["MEAT"] | {"stock_units": "1"}}
    assert len(compare_departments(drifted, BOTH, MASTERS).problems) == 2
    assert compare_departments({"DAIRY": held["DAIRY"]}, BOTH, MASTERS).problems == [
        "inventory:by_department:MEAT: products 0 is not 1, stock_units 0 is not 2",
        "inventory:by_department, all of them: products 1 is not 2, stock_units 7 is not 9",
    ]


def test_a_product_that_changed_its_department_may_stand_in_either_and_is_counted() -> None:
    books = {("1", f"a{number}"): STILL for number in range(40)} | {("1", "b"): Books(2, 0, 0)}
    masters = Departments({f"a{number}": "DAIRY" for number in range(40)} | {"b": "MEAT"}, {"b"})
    for dairy, meat in ((40, 1), (41, 0)):
        held = {
            "DAIRY": {"products": str(dairy), "stock_units": str(280 + 2 * (dairy - 40)), "stock_out": "0"},
            "MEAT": {"products": str(meat), "stock_units": str(2 * meat), "stock_out": "0"},
        }
        result = compare_departments(held, books, masters)
        assert (result.problems, result.skipped) == ([], 1)
    masters.reclassified = set(masters.of)
    assert "too many to compare" in compare_departments(held, books, masters).problems[0]


def test_a_pair_counted_before_its_master_was_read_may_stand_under_unknown_and_is_counted() -> None:
    books = {("1", f"a{number}"): STILL for number in range(40)}
    masters = Departments({f"a{number}": "DAIRY" for number in range(40)})
    held = {
        "DAIRY": {"products": "39", "stock_units": str(39 * 7), "stock_out": "0"},
        "UNKNOWN": {"products": "1", "stock_units": "7", "stock_out": "0"},
    }
    result = compare_departments(held, books, masters)
    assert (result.skipped, result.problems) == (1, [])
    assert compare_departments(held | {"UNKNOWN": held["UNKNOWN"] | {"stock_units": "9"}}, books, masters).problems == [
        "inventory:by_department, all of them: stock_units 282 is not 280"
    ]
    lost = held | {"DAIRY": held["DAIRY"] | {"products": "38"}}
    assert len(compare_departments(lost, books, masters).problems) == 2


def test_as_many_pairs_are_low_and_out_as_alerts_are_open() -> None:
    then = {"1": OpenAlerts(low=3, out=1, alerts=9)}
    held = {"1": {"low": "3", "stock_out": "1"}}
    assert (compare_alerts(held, then, then).problems, compare_alerts(held, then, then).exact) == ([], 1)
    # The lake has the alert of a delivery before an earlier alert, so the alert stays open.
    assert compare_alerts({"1": {"low": "2", "stock_out": "1"}}, then, then).problems == ["inventory:open_alerts:1: low 2 is not 3"]
    since = {"1": OpenAlerts(low=4, out=1, alerts=10)}
    assert (compare_alerts(held, then, since).problems, compare_alerts(held, then, since).moving) == ([], 1)
    assert compare_alerts({"1": {"low": "6", "stock_out": "1"}}, then, since).problems == [
        "inventory:open_alerts:1: low 6 is not from 3 to 5"
    ]
    assert compare_alerts({}, then, then).problems == ["inventory:open_alerts:1: low 0 is not 3, stock_out 0 is not 1"]
