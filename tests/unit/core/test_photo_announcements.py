"""A notification of the object store becomes the announcement of a photo, or is set aside with a reason."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from tillstream.core.announcements import Announcement, announced_object, announced_photo_id, parse_announcement
from tillstream.core.errors import AnnouncementError

ID = "00000000-0000-4000-8000-000000000001"
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
BESIDE = {"Event-Id": ID, "Run-Id": "run", "Event-Time": "2026-11-27T09:59:00+00:00", "Customer-Id": "c1", "Store-Id": "EU:12"}


def record(key: str = "a.jpg", *, bucket: str = "voice-photos", name: str = "s3:ObjectCreated:Put", **beside: Any) -> dict[str, Any]:
    """Return a record as MinIO writes it. `beside` replaces some of the metadata that the upload page writes with a photo."""
    written = {f"X-Amz-Meta-{what}": value for what, value in {**BESIDE, **{k.replace("_", "-"): v for k, v in beside.items()}}.items()}
    there = {what: value for what, value in written.items() if value is not None}
    return {"eventName": name, "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 5, "eTag": "e", "userMetadata": there}}}


def notification(*records: dict[str, Any]) -> bytes:
    return json.dumps({"EventName": "s3:ObjectCreated:Put", "Key": "voice-photos/a.jpg", "Records": list(records)}).encode()


def reason(value: bytes | str | None) -> str:
    with pytest.raises(AnnouncementError) as refused:
        parse_announcement(value, NOW)
    return str(refused.value)


NAMES = [
    "2026/11/27/a.jpg", "my receipt.jpg", "a+b.jpg", "100%.jpg", "%2F.jpg", "Kassenzettel für Grüße.jpg", "Kassenzettel fu\u0308r.jpg", "🧾.jpg",
    'the "best".jpg', "it's.jpg", "back\\slash.jpg", "two\nlines.jpg", "tab\there.jpg", "a//b.jpg", "folder/", "a?b=c&d#e.jpg", "…", "..a/b..jpg",
    "x" * 1024, "ü" * 512, "https://example.com/a.jpg", "日本語/レシート.jpg",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_photo_of_any_name_is_named_as_it_is_in_its_bucket(name: str) -> None:
    assert parse_announcement(notification(record(quote_plus(name))), NOW).name == name
    assert announced_object(notification(record(quote_plus(name)))) == (name, "e")
    # Other object stores do not escape slashes, and write a blank as %20.
    assert parse_announcement(notification(record(quote(name))), NOW).name == name


@pytest.mark.parametrize("key", ["", "..", "a/../b", "./a", "%2E%2E%2Flake", "a%00b", "%ff%fe", "x" * 1025, None, 5, ["a"], "\ud800"])
def test_what_can_be_no_objects_name_is_not_asked_for(key: Any) -> None:
    assert reason(notification(record(key))) == "NO_ANNOUNCEMENT: the photo's name is not a valid object name"
    assert announced_object(notification(record(key))) is None


NOT_ANNOUNCEMENTS = {
    "nothing": b"",
    "no JSON": b"{",
    "half of one": notification(record())[:-20],
    "not UTF-8": b"\xff\xfe",
    "a number": b"7",
    "a list": b"[]",
    "no record": notification(),
    "two records": notification(record("a.jpg"), record("b.jpg")),
    "records that are none": b'{"Records": {"0": 1}}',
    "a record that is none": b'{"Records": [7]}',
    "nothing beside it": b'{"Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {"name": "voice-photos"}, "object": {"key": "a"}}}]}',
    "another bucket": notification(record(bucket="voice-copies")),
    "a deletion": notification(record(name="s3:ObjectRemoved:Delete")),
    "a look": notification(record(name="s3:ObjectAccessed:Get")),
    "an expiry": notification(record(name="s3:LifecycleExpiration:Delete")),
    "no id": notification(record(Event_Id=None)),
    "an id that is none": notification(record(Event_Id="0:15")),
    "an id with a line's end": notification(record(Event_Id=ID + "\n")),
    "an id of Arabic digits": notification(record(Event_Id="\u0660" * 8 + ID[8:])),
    "a number for an id": notification(record(Event_Id=7)),
    "very deep": b'{"Records": ' + b"[" * 100_000,
    "a number without end": b'{"Records": ' + b"9" * 5000 + b"}",
    "a deep value": b'{"Records": [{"s3": [[[]]]}]}',
}


@pytest.mark.parametrize("what", NOT_ANNOUNCEMENTS)
def test_what_announces_no_photo_of_ours_is_set_aside_as_that(what: str) -> None:
    value = NOT_ANNOUNCEMENTS[what]
    assert reason(value) == "NO_ANNOUNCEMENT: not a notification of one photo in the photo bucket with an event id"
    assert announced_photo_id(value) is None


def test_what_follows_an_announcement_counts_for_nothing_as_in_the_jobs_sql() -> None:
    assert announced_photo_id(b" \n" + notification(record()) + b"}garbage\xff") == ID


def test_a_message_without_a_value_is_a_tombstone() -> None:
    assert reason(None).startswith("TOMBSTONE: ")


@pytest.mark.parametrize("kind", ["Put", "Post", "Copy", "CompleteMultipartUpload", "PutTagging"])
def test_however_a_photo_came_it_is_announced(kind: str) -> None:
    value = notification(record(name=f"s3:ObjectCreated:{kind}"))
    assert announced_photo_id(value) == ID
    assert parse_announcement(value, NOW) == Announcement(ID, "a.jpg", None, NOW - timedelta(minutes=1))


def test_of_a_bucket_that_keeps_versions_the_one_that_was_announced_is_meant() -> None:
    versioned = record()
    versioned["s3"]["object"]["versionId"] = "v7"
    assert parse_announcement(notification(versioned), NOW).version == "v7"
    versioned["s3"]["object"]["versionId"] = "null"
    assert parse_announcement(notification(versioned), NOW).version is None


@pytest.mark.parametrize("version", ["x" * 1025, "x" * 3_000_000, "a\nb", "\ud800", "ü", "a b"], ids=lambda version: ascii(version[:6]))
def test_a_version_that_can_be_none_is_not_asked_for(version: str) -> None:
    versioned = record()
    versioned["s3"]["object"]["versionId"] = version
    assert reason(notification(versioned)) == "NO_ANNOUNCEMENT: the photo's version is not valid"


TIMES = {
    "2099-01-01T00:00:00Z": "more than 300 s ahead",
    "2026-11-27T10:05:01Z": "more than 300 s ahead",
    "2026-11-27T12:05:01+02:00": "more than 300 s ahead",
    "1970-01-01T00:00:00Z": "outside 2000-01-01 to 2100-01-01",
    "9999-12-31T23:59:59Z": "outside 2000-01-01 to 2100-01-01",
    "9999-12-31T23:59:59-14:00": "not a date and time",
    "0001-01-01T00:00:00+14:00": "not a date and time",
    **dict.fromkeys(
        ["now", "today", "", "2099-01-01", "2026-11-27", "2026-11-27T09:59:00", "20261127T095900Z", "2026-W48-5T09:59:00Z", "1764237600",
         "2026-02-30T00:00:00Z", "2026-11-27T24:01:00Z", "2026-11-27T09:59:60Z", "2026-11-27 09:59:00Z", "\u0662\u0660\u0662\u0666-11-27T09:59:00Z", 1764237600, None],
        "not a date and time",
    ),
}  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
def test_when_a_photo_was_sent_is_held_to_the_contracts_limits(time: Any) -> None:
    told = reason(notification(record(Event_Time=time)))
    assert told.startswith("IMPOSSIBLE_VALUE: event_time is ")
    assert TIMES[time] in told


@pytest.mark.parametrize("time", ["2026-11-27T10:05:00Z", "2026-11-27T12:05:00.123456789+02:00", "2000-01-01T00:00:00Z"])
def test_a_clock_may_be_some_minutes_ahead(time: str) -> None:
    assert parse_announcement(notification(record(Event_Time=time)), NOW + timedelta(seconds=1)).sent_at.tzinfo is not None


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ({"Run_Id": None}, "run_id is missing"),
        ({"Run_Id": ""}, "run_id is not 1 to "),
        ({"Customer_Id": "Jane Doe, 5 High Street " * 90}, "customer_id is not 0 to "),
        ({"Store_Id": 7}, "store_id is not a string"),
        ({"Store_Id": {"a": 1}}, "store_id is not a string"),
        ({"Order_Id": "a\0b"}, "order_id has characters"),
        ({"Order_Id": "a\nb"}, "order_id has characters"),
        ({"Product_Id": "caf\ufffd"}, "product_id has characters"),
        ({"Product_Id": "\ud800"}, "product_id has characters"),
    ],
)
def test_an_id_that_can_be_none_is_set_aside_and_not_quoted(beside: dict[str, Any], told: str) -> None:
    why = reason(notification(record(**beside)))
    assert why.startswith(f"IMPOSSIBLE_VALUE: {told}")
    assert "Jane" not in why
    assert "caf" not in why


@pytest.mark.parametrize("value", ["EU:12", "EU_12", "Köln 5", "50%", "a%2Fb", "x" * 64])
def test_any_id_that_can_be_printed_is_taken(value: str) -> None:
    assert parse_announcement(notification(record(Store_Id=value)), NOW).event_id == ID


def test_what_need_not_be_known_may_be_missing() -> None:
    assert parse_announcement(notification(record(Customer_Id=None, Store_Id=None)), NOW).event_id == ID
