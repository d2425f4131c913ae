"""What the comparison of live stock takes for right, and what for wrong."""

from tillstream.verify.stock import Books, compare_pairs, compare_stores

STILL = Books(7, 0, 0)
MOVING = Books(7, sold=3, returned=1)


def test_a_pair_that_did_not_move_must_be_equal_and_one_that_did_must_lie_between() -> None:
    books = {("1", "a"): STILL, ("1", "b"): MOVING}
    result, problems = compare_pairs({("1", "a"): 7, ("1", "b"): 4}, books)
    assert (result.keys, result.exact, result.moving, problems) == (2, 1, 1, {})
    _, problems = compare_pairs({("1", "a"): 6, ("1", "b"): 9}, books)
    assert problems.keys() == {("1", "a"), ("1", "b")}


def test_a_pair_that_one_side_lacks_is_named() -> None:
    _, problems = compare_pairs({("2", "x"): 1}, {("1", "a"): STILL})
    assert problems == {
        ("2", "x"): "inventory:stock:2 x: in Redis, never counted",
        ("1", "a"): "inventory:stock:1 a: counted, not in Redis",
    }


def test_a_stores_sums_are_those_of_its_pairs() -> None:
    books = {("1", "a"): STILL, ("1", "b"): Books(0, 0, 0)}
    right = {"products": "2", "stock_units": "7", "stock_out": "1"}
    assert compare_stores({"1": right}, books).problems == []
    for name, wrong in (("products", "3"), ("stock_units", "8"), ("stock_out", "0")):
        assert len(compare_stores({"1": right | {name: wrong}}, books).problems) == 1
    assert compare_stores({}, books).problems == ["inventory:by_store:1: 0 products, 2 were counted"]
