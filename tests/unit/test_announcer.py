"""The announcer finds the photos in the bucket whose announcement was lost."""

from datetime import UTC, datetime, timedelta

import pytest

from tillstream.announcer import GRACE, REMEMBERED, Photo, comparison_start, find_lost
from tillstream.deploy.buckets import policy

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
SINCE = NOW - timedelta(hours=5)


def photo(name: str, minutes: float, etag: str = "e") -> Photo:
    return Photo((name, etag), NOW - timedelta(minutes=minutes))


def test_what_nothing_has_announced_is_lost_and_the_oldest_comes_first() -> None:
    photos = [photo("a", 3), photo("b", 200), photo("c", 10)]
    assert [p.version[0] for p in find_lost(photos, {("c", "e")}, SINCE, NOW)] == ["b", "a"]


@pytest.mark.parametrize("minutes", [0, 1.9, 301], ids=["just now", "on its way", "older than is known"])
def test_what_may_be_on_its_way_or_was_looked_at_before_is_left_alone(minutes: float) -> None:
    assert find_lost([photo("a", minutes)], set(), SINCE, NOW) == []


def test_a_photo_that_took_the_name_of_one_that_was_announced_is_lost_too() -> None:
    assert find_lost([photo("a", 5, "new")], {("a", "old")}, SINCE, NOW) == [photo("a", 5, "new")]


@pytest.mark.parametrize(
    ("checked", "since"),
    [
        (None, NOW - timedelta(hours=5, minutes=30)),
        (NOW - GRACE, NOW - GRACE),
        (NOW - timedelta(hours=12), NOW - timedelta(hours=12)),
        (NOW - timedelta(days=3), NOW - REMEMBERED),
    ],
    ids=["never", "a moment ago", "after a night", "longer ago than the job remembers"],
)
def test_it_goes_on_where_it_was_and_never_asks_for_what_the_job_has_forgotten(checked: datetime | None, since: datetime) -> None:
    assert comparison_start(checked, NOW) == since


def test_who_has_photos_announced_can_neither_read_nor_put_any() -> None:
    (statement,) = policy("announcer")["Statement"]  # type: ignore[misc]
    assert set(statement["Action"]) == {"s3:ListBucket", "s3:GetBucketLocation", "s3:PutObjectTagging"}  # type: ignore[index]
    assert all("voice-photos" in resource for resource in statement["Resource"])  # type: ignore[index]
