"""What is wrong in one reading of Redis is read again, and is a problem only if it is wrong in every reading."""

from typing import Any, cast

from tillstream.verify.bounds import HotResult
from tillstream.verify.hot import READINGS, compare_redis


class Reading:
    """A reading of Redis in which some keys are wrong."""

    def __init__(self, *wrong: str) -> None:
        self._wrong = wrong

    def compare(self, _: object) -> list[HotResult]:
        """Return the result of two figures; all wrong keys are of the first one."""
        return [HotResult("sales:by_store", keys=5, wrong=dict.fromkeys(self._wrong, "wrong")), HotResult("sales:by_minute")]


def compared(*readings: Reading) -> tuple[list[str], int, int]:
    """Return the problems, how many keys are moving, and how often Redis was read."""
    left = list(readings)
    results = compare_redis(lambda: cast("Any", left.pop(0)), cast("Any", None), lambda: None)
    return [problem for result in results for problem in result.problems], results[0].moving, len(readings) - len(left)


def test_a_figure_that_is_right_is_read_once() -> None:
    assert compared(Reading(), Reading("1")) == ([], 0, 1)


def test_a_figure_that_was_late_is_no_problem() -> None:
    assert compared(Reading("1"), Reading(), Reading("1")) == ([], 0, 2)
    assert compared(Reading("1"), Reading("2"), Reading()) == ([], 1, 2)


def test_a_figure_that_stays_wrong_is_a_problem() -> None:
    assert compared(*[Reading("1", "2"), *[Reading("2", "3")] * READINGS][:READINGS]) == (["2: wrong"], 1, READINGS)
