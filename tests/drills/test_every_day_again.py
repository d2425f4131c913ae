"""Every day's dumps are loaded once more, killed on the way: each table is as it was."""

from tests.support.compose_platform import Platform
from tests.support.reloads import run_again_after_a_kill


def test_a_re_run_of_every_day_that_was_killed_and_run_again_gives_the_same_tables(platform: Platform) -> None:
    platform.await_marts()
    platform.compose("stop", "back-office")
    try:
        (first,) = platform.sql(
            "SELECT CAST(min(business_date) AS varchar) AS day FROM lake.quality.files WHERE dump = 'loyalty.points.v1' AND status = 'LOADED'"
        )
        run_again_after_a_kill(platform, first["day"])
    finally:
        platform.compose("start", "back-office")
