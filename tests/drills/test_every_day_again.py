"""Every day's dumps are loaded once more, killed on the way: each table is as it was."""

from tests.support.compose_platform import Platform
from tests.support.reloads import DATES, run_again_after_a_kill


def test_a_re_run_of_every_day_that_was_killed_and_run_again_gives_the_same_tables(platform: Platform) -> None:
    platform.await_marts()
    platform.stop_service("back-office")
    try:
        (dates,) = platform.sql(DATES)
        run_again_after_a_kill(platform, dates["first"], dates["last"])
    finally:
        platform.start_service("back-office")
