"""The state of a job is on the heap or in RocksDB, as the settings say, as soon as its restore point allows a change."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from flink_jobs.common.digests import digest
from flink_jobs.common.restore_points import Note, Point
from flink_jobs.common.submit import Submitter
from tests.support.job_settings import settings

CHECKPOINT = "s3://flink/checkpoints/a1b2c3d4e5f6/chk-7"
SAVEPOINT = "s3://flink/savepoints/savepoint-a1b2c3-0123456789ab"


class Left:
    """Restore points of a run that left one point and had its state on the heap."""

    def __init__(self, path: str) -> None:
        self._point = Point(path, datetime(2026, 11, 28, tzinfo=UTC))

    def note(self, job: str) -> Note:
        return Note(f"id of {job}", state="heap")

    def last(self, job: str) -> Point:
        assert job == "sales"
        return self._point


@pytest.mark.parametrize(
    ("wanted", "path", "starts_as"),
    [("heap", CHECKPOINT, "heap"), ("rocksdb", CHECKPOINT, "heap"), ("rocksdb", SAVEPOINT, "rocksdb"), ("heap", SAVEPOINT, "heap")],
)
def test_a_savepoint_moves_to_what_is_wanted_and_a_checkpoint_is_read_by_what_wrote_it(
    wanted: str, path: str, starts_as: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitter, left = Submitter(settings(wanted)), Left(path)
    monkeypatch.setattr(submitter, "_points", left)
    request = submitter._from("sales", left.last("sales"))
    assert (request.how, request.restore, request.state) == ("restore", path, starts_as)
    assert request.name == f"sales {digest('sales', starts_as, 2)}"


def test_a_job_that_is_to_lie_elsewhere_counts_as_changed() -> None:
    assert digest("sales", "heap", 2) != digest("sales", "rocksdb", 2)


def test_a_sales_job_of_more_tasks_counts_as_changed_and_no_other_job_does() -> None:
    assert digest("sales", "heap", 2) != digest("sales", "heap", 3)
    assert digest("voice", "heap", 2) == digest("voice", "heap", 3)


def test_where_state_cannot_lie_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="'heap' or 'rocksdb'"):
        settings("disk")
