"""Loading all dumps again leaves each table as it was, even if a load is killed."""

from collections.abc import Iterator

import pytest

from tests.support.compose_platform import Platform
from tests.support.crashes import CRASHES, crash_and_load_again
from tests.support.reloads import DATES, run_again_after_a_kill


@pytest.fixture(scope="module")
def settled(platform: Platform) -> Iterator[Platform]:
    """Yield the platform with its marts built from the dumps of at least two days, while no new dump is sent."""
    platform.await_marts()
    (dates,) = platform.sql(DATES)
    assert dates["first"] < dates["last"], "make drills runs a platform with TEST_DUMP_DAYS=2"
    platform.stop_service("back-office")
    yield platform
    platform.start_service("back-office")


def test_a_re_run_of_every_day_that_was_killed_and_run_again_gives_the_same_tables(settled: Platform) -> None:
    (dates,) = settled.sql(DATES)
    run_again_after_a_kill(settled, dates["first"], dates["last"])


def test_a_crash_while_a_history_is_rebuilt_is_repaired_by_a_second_run(settled: Platform) -> None:
    """Load the first file again. Later files are loaded already, so the history is rebuilt in a copy and swapped in."""
    crashed = crash_and_load_again(settled, "loyalty.members", "min")
    before = crashed.pop("before")
    assert crashed == {point: {"statuses": [9, 0], **before} for point in CRASHES}
