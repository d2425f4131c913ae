"""What is said of a measured run."""

import pytest

from bench.catch_up import Run


def test_the_best_stretch_is_18_seconds_long_or_longer() -> None:
    run = Run("warm", [(10.0, 1_000_000), (20.0, 3_000_000), (30.0, 3_600_000), (40.0, 4_000_000)])
    assert run.rate == pytest.approx(100_000)
    assert run.best == pytest.approx(130_000)


def test_a_run_without_such_a_stretch_has_its_rate_over_all() -> None:
    run = Run("short", [(12.0, 900_000), (17.0, 1_700_000)])
    assert run.best == run.rate == pytest.approx(100_000)
