"""A job may continue from a checkpoint only if its offsets agree with Kafka's offsets and with the committed ones."""

from datetime import UTC, datetime, timedelta

import pytest

from flink_jobs.common.positions import Place, deleted, landed_before, parsed, past_end, refusal
from flink_jobs.common.restore_points import Point, newest
from flink_jobs.common.submit import Submitter
from tests.support.job_settings import settings

P0, P1 = ("pos.transactions.v1", 0), ("pos.transactions.v1", 1)
TAKEN = 1_800_000_000_000
BEFORE = {P0: TAKEN - 50, P1: TAKEN - 50}


def asked(restored: int, place: Place, made: int = TAKEN - 50, *, lands: bool = True) -> str:
    return refusal("sales", {P0: restored}, {P0: place}, {P0: made}, TAKEN, lands=lands)


def test_a_job_goes_on_from_what_it_has_committed_and_kafka_has() -> None:
    assert asked(100, Place(0, 100, 100)) == ""
    assert asked(100, Place(0, 250, 90)) == ""


def test_an_offset_past_the_end_is_refused_with_topic_partition_offsets_and_the_way_out() -> None:
    reason = asked(1_100, Place(0, 1_000, 990))
    assert "pos.transactions.v1-0: the job continues at 1,100, but the partition ends at 1,000" in reason
    assert "`make jobs-fill`" in reason
    assert past_end({P0: 1_100, P1: 5}, {P0: Place(0, 1_000, 0), P1: Place(0, 5, 0)}) == {P0: 1_100}


def test_a_record_younger_than_the_checkpoint_that_has_read_it_is_another_one() -> None:
    reason = asked(100, Place(0, 250, 90), made=TAKEN + 60_000)
    assert "the record before 100 is 60 s newer than the checkpoint" in reason
    assert "`make jobs-resume J=sales`" in reason
    assert asked(100, Place(0, 250, 90), made=TAKEN + 5_000) == "", "clocks differ by seconds"
    assert asked(100, Place(0, 250, 90), made=-1) == "", "nothing is left before it"


def test_a_job_that_lands_rows_refuses_what_is_older_than_it_has_committed_and_one_that_counts_does_not() -> None:
    assert "the checkpoint continues at 100, but 180 is committed" in asked(100, Place(0, 250, 180))
    assert asked(100, Place(0, 250, 180), lands=False) == ""


def test_what_retention_has_deleted_unread_is_no_refusal_and_is_told_apart() -> None:
    assert asked(100, Place(140, 250, 100)) == ""
    assert deleted({P0: 100, P1: 7}, {P0: Place(140, 250, 100), P1: Place(0, 9, 7)}) == "pos.transactions.v1-0: 40 records from offset 100"


def test_a_job_without_state_that_has_landed_something_is_known_by_its_group() -> None:
    assert landed_before({P0: Place(0, 9, -1), P1: Place(4, 9, 4)}) == ""
    assert landed_before({P0: Place(0, 9, 5), P1: Place(4, 9, 4)}) == "pos.transactions.v1-0: 5"


@pytest.mark.parametrize(("place", "offset"), [(Place(3, 9, 5), 5), (Place(3, 9, -1), 3), (Place(7, 9, 5), 7), (Place(0, 9, 12), 9)])
def test_without_state_a_job_goes_on_behind_what_was_committed_as_far_as_kafka_has_it(place: Place, offset: int) -> None:
    assert place.resumed == offset


@pytest.mark.parametrize(("job", "how"), [("sales", "resume"), ("inventory", "resume"), ("voice", "resume"), ("behaviour", "again")])
def test_a_job_that_only_counts_is_resumed_from_the_beginning_so_that_no_day_is_missing(job: str, how: str) -> None:
    assert Submitter(settings("heap")).afresh(job, "resume").how == how


def test_places_are_read_from_what_java_tells() -> None:
    assert dict(parsed(["pos.transactions.v1 0 3 9 -1", "a 12 5 6 7"])) == {P0: (3, 9, -1), ("a", 12): (5, 6, 7)}


def test_what_was_written_last_is_gone_on_from_whatever_it_is_called() -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    old, later, last = (Point(f"s3://flink/savepoints/{name}", now + timedelta(minutes=n)) for n, name in enumerate(("z", "b", "a")))
    assert newest([later], [old]) == later
    assert newest([later], [old, last]) == last
    assert newest([], []) is None
