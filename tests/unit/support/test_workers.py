"""The workers of a test run share its notes and its lock."""

from pathlib import Path

import pytest

from tests.support import workers
from tests.support.workers import Run


def worker(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> Run:
    monkeypatch.setenv("PYTEST_XDIST_WORKER", name)
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "3")
    return Run(folder)


def test_a_wait_for_a_worker_that_never_ends_is_bounded_and_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second, third = (worker(monkeypatch, tmp_path, f"gw{number}") for number in range(3))
    first.end()
    monkeypatch.setattr(workers, "SECONDS", 0.1)
    with pytest.raises(AssertionError, match=r"not ended: gw1$"):
        third.await_others()
    second.end()
    third.await_others()


def test_the_only_process_of_a_run_waits_for_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.delenv("PYTEST_XDIST_WORKER_COUNT", raising=False)
    Run(tmp_path).await_others()
