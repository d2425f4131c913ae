"""When a job is known to have taken in what was sent."""

from collections.abc import Iterator

import pytest

from tillstream.core.settings import FlinkSettings, KafkaSettings
from tillstream.core.topology import TILLS
from tillstream.verify import landing
from tillstream.verify.landing import LandingJob

PLACE = (TILLS, 0)


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> LandingJob:
    monkeypatch.setattr(landing, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(landing, "UNMOVED_SECONDS", 0.05)
    made = LandingJob("sales", KafkaSettings(), FlinkSettings())
    monkeypatch.setattr(made, "last_checkpoint", lambda: 7)
    return made


def committed(monkeypatch: pytest.MonkeyPatch, offsets: Iterator[int]) -> None:
    monkeypatch.setattr(landing, "committed_offsets", lambda *_: {PLACE: next(offsets)})


def test_a_job_that_reaches_the_ends_has_taken_in_all(job: LandingJob, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(monkeypatch, iter([4, 8, 10]))
    assert job.await_taken_in({PLACE: 10}) == 7
    assert job.read_up_to == {PLACE: 10}


def test_only_after_a_time_without_a_new_offset_is_it_checked_whether_anything_is_left(
    job: LandingJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = iter([False, True])
    asked: list[int] = []

    def nothing_is_left(_: object) -> bool:
        asked.append(polls[0])
        return next(checks)

    polls = [0]

    def offsets() -> Iterator[int]:
        while True:
            polls[0] += 1
            yield 9

    committed(monkeypatch, offsets())
    monkeypatch.setattr(job, "_nothing_is_left", nothing_is_left)
    assert job.await_taken_in({PLACE: 10}) == 7
    assert len(asked) == 2
    assert asked[0] > 2
    assert asked[1] > asked[0] + 1
