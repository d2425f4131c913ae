"""Parse the object store's notifications of new photos, and check them against the topic's contract.

flink_jobs/voice/photos.sql has the same rule as `announced_photo_id`: a message that announces no photo must not replace a photo with the
same id.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from tillstream.core import buckets
from tillstream.core.contracts import contracts
from tillstream.core.errors import AnnouncementError
from tillstream.core.topology import PHOTOS

_CREATED = "s3:ObjectCreated:"
_META = "X-Amz-Meta-"
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
#: The object store accepts no longer versions, and a version must be valid in a URL.
_VERSION = re.compile(r"[!-~]{1,1024}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: S3's limit for the name of an object, in bytes.
_LONGEST_NAME = 1024
#: The limit for an id whose contract sets none, in characters. No system makes longer ids.
_LONGEST_ID = 64
#: The replacement character. A decoder writes it for bytes that are not valid UTF-8.
_REPLACED = "\ufffd"


@dataclass(frozen=True)
class Announcement:
    """A photo as its bucket announced it.

    Attributes:
        event_id: the photo's id, a UUID.
        name: its name in the bucket.
        version: its version; None where the bucket keeps no versions.
        sent_at: when the customer sent it.
    """

    event_id: str
    name: str
    version: str | None
    sent_at: datetime


def announced_photo_id(value: bytes | str) -> str | None:
    """Return the event id of the photo that a message announces; None where it announces none."""
    entry = _object(value)
    return None if entry is None else _id(entry)


def announced_object(value: bytes | str) -> tuple[str, str] | None:
    """Return the name and the checksum (S3's ETag) of the object in a notification; None where the message is no notification.

    The rest of the notification is not checked.
    """
    entry = _object(value)
    try:
        return None if entry is None else (_name(entry), str(entry.get("eTag")))
    except AnnouncementError:
        return None


def parse_announcement(value: bytes | str | None, now: datetime) -> Announcement:
    """Parse a message and check it against the limits of the contract at the time `now`.

    Raises:
        AnnouncementError: the message announces no photo, or gives impossible values for it. The reason quotes nothing of the message.
    """
    if value is None:
        raise AnnouncementError("TOMBSTONE", "the message has no value")
    entry = _object(value)
    if entry is None or (event_id := _id(entry)) is None:
        raise AnnouncementError("NO_ANNOUNCEMENT", "not a notification of one photo in the photo bucket with an event id")
    version = entry.get("versionId")
    if not isinstance(version, str) or version in ("", "null"):
        version = None
    elif not _VERSION.fullmatch(version):
        raise AnnouncementError("NO_ANNOUNCEMENT", "the photo's version is not valid")
    fields = {field["name"]: field for field in contracts()[PHOTOS].fields}
    for name in ("run_id", "customer_id", "store_id", "order_id", "product_id"):
        _check_id(fields[name], _metadata(entry, name))
    return Announcement(event_id, _name(entry), version, _time(fields["event_time"], _metadata(entry, "event_time"), now))


def _object(value: bytes | str) -> dict[str, Any] | None:
    """Return the `object` entry of a notification of one new object in the photo bucket; None for any other message."""
    try:
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        # Ignore what follows the JSON object, as Flink does.
        records: Any = json.JSONDecoder().raw_decode(text.lstrip(" \t\r\n"))[0]["Records"]
        record: Any = records[0] if isinstance(records, list) and len(records) == 1 else None
        entry = record["s3"]["object"]
        is_new_photo = record["s3"]["bucket"]["name"] == buckets.PHOTOS and str(record["eventName"]).startswith(_CREATED)
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return entry if is_new_photo and isinstance(entry, dict) else None


def _metadata(entry: dict[str, Any], field: str) -> object:
    """Return a field of the user metadata that the web page wrote with the photo. The store capitalises the names."""
    metadata = entry.get("userMetadata")
    return metadata.get(_META + field.replace("_", "-").title()) if isinstance(metadata, dict) else None


def _id(entry: dict[str, Any]) -> str | None:
    ident = _metadata(entry, "event_id")
    return ident if isinstance(ident, str) and _ID.fullmatch(ident) else None


def _name(entry: dict[str, Any]) -> str:
    """Return the object's name. A notification has it form-encoded: a blank is +, and characters beyond ASCII are percent-encoded UTF-8."""
    key = entry.get("key")
    try:
        name = unquote_plus(key, errors="strict") if isinstance(key, str) else ""
        length = len(name.encode())
    except UnicodeError:
        name, length = "", 0
    # An HTTP client resolves "." and ".." as folders, and then requests another name than the one it signed.
    if not 0 < length <= _LONGEST_NAME or "\0" in name or {".", ".."} & set(name.split("/")):
        raise AnnouncementError("NO_ANNOUNCEMENT", "the photo's name is not a valid object name")
    return name


def _check_id(field: dict[str, Any], value: object) -> None:
    name, required = field["name"], not isinstance(field["type"], list)
    if value is None and not required:
        return
    if not isinstance(value, str):
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"{name} is missing" if value is None else f"{name} is not a string")
    least, most = field.get("minLength", 0), field.get("maxLength", _LONGEST_ID)
    if not least <= len(value) <= most:
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"{name} is not {least} to {most} characters long")
    if not value.isprintable() or _REPLACED in value:
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"{name} has characters that are not printable")


def _time(field: dict[str, Any], value: object, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and _TIME.fullmatch(value) else None
        since = (at.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1) if at else None
    except (ValueError, OverflowError):
        at = since = None
    if at is None or since is None:
        raise AnnouncementError("IMPOSSIBLE_VALUE", "event_time is not a date and time with a time zone, as in RFC 3339")
    if not field["minimum"] <= since <= field["maximum"]:
        first, last = (f"{_EPOCH + timedelta(microseconds=field[end]):%Y-%m-%d}" for end in ("minimum", "maximum"))
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"event_time is outside {first} to {last}")
    if at > now + timedelta(seconds=field["maxAheadSeconds"]):
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"event_time is more than {field['maxAheadSeconds']} s ahead")
    return at
