"""Runs are requested for business dates with new files, and for marts that are due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from batch.dagster.run_requests import DAYS_A_TURN, marts_not_due, refuse, run_requests
from batch.loading.announced import UNKNOWN_DUMP, Announced, Misplaced
from batch.partitions import FIRST_DAY

DAY, NOON = date(2026, 11, 27), datetime(2026, 11, 28, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)
CURSOR = f"{DAY} {NOON.isoformat(timespec='seconds')}"


@pytest.mark.parametrize(
    ("newest", "cursor", "hours", "due"),
    [
        (DAY, "", 0, True),
        (DAY, CURSOR, 1, False),
        # A file of the requested day is being loaded again, so for a moment the day before is the newest day with all dumps.
        (DAY - timedelta(days=1), CURSOR, 1, False),
        (DAY + timedelta(days=1), CURSOR, 1, True),
        (DAY, CURSOR, 24, True),
    ],
)
def test_the_marts_are_due_for_a_new_day_and_once_a_day(newest: date, cursor: str, hours: int, due: bool) -> None:
    assert (marts_not_due(newest, cursor, NOON + timedelta(hours=hours)) is None) == due


def file(day: str, etag: str = "1", sent_at: datetime = LONG_AGO) -> Announced:
    return Announced(f"catalog/stores/{day}/a{etag}.manifest.json", "catalog.stores.v1", date.fromisoformat(day), sent_at, etag)


def test_the_oldest_day_is_asked_for_first_and_one_under_way_not_again() -> None:
    requests = run_requests([file("2026-11-26"), file("2026-11-24"), file("2026-11-25")], {"2026-11-25"}, {}, NOW)
    assert [request.partition_key for request in requests] == ["2026-11-24", "2026-11-26"]


def test_a_day_is_asked_for_once_its_files_have_settled_and_one_that_is_sent_for_ever_holds_up_no_other() -> None:
    lately = NOW - timedelta(seconds=5)
    assert run_requests([file("2026-11-26", sent_at=lately), file("2026-11-26", "2", NOW - timedelta(seconds=60))], set(), {}, NOW) == []
    assert len(run_requests([file("2026-11-26", sent_at=lately), file("2026-11-26", "2", LONG_AGO)], set(), {}, NOW)) == 1


def test_a_day_of_a_thousand_files_has_a_key_that_an_index_takes() -> None:
    files = [file("2026-11-26", str(number)) for number in range(1000)]
    (request,) = run_requests(files, set(), {}, NOW)
    assert request.run_key is not None
    assert len(request.run_key) < 100
    (other,) = run_requests(files[1:], set(), {}, NOW)
    assert other.run_key != request.run_key


def test_a_turn_asks_for_so_many_days_as_it_has_time_for() -> None:
    files = [file(str(FIRST_DAY + timedelta(days=n))) for n in range(DAYS_A_TURN + 50)]
    assert len(run_requests(files, set(), {}, NOW)) == DAYS_A_TURN


class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def error(self, text: str, *values: object) -> None:
        self.lines.append(text % values)

    warning = error


def test_the_sensor_goes_on_where_a_refusal_cannot_be_written_down() -> None:
    class Fails:
        def refuse(self, _: object) -> None:
            raise ValueError("jane.doe@example.com")

    log: Any = Log()
    loader: Any = Fails()
    refuse(loader, [Misplaced("x\ny", "e", UNKNOWN_DUMP, None, "unknown_dump: none")], log)
    assert log.lines[0].startswith("could not record the refusal of 1 files: ValueError in ")
    assert not any("jane" in line or "\n" in line for line in log.lines)
