"""The object store's announcements of photos: which photo one names, and whether what is said of it is what the contract allows.

flink_jobs/voice/photos.sql tells announcements from other messages by the same rule (`photo_of`), so that a message that is none never takes
the place of a photo with its id.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from tillstream.core.contracts import contracts
from tillstream.core.errors import AnnouncementError

TOPIC, BUCKET = "voice.photos.v1", "voice-photos"
_CREATED = "s3:ObjectCreated:"
_META = "X-Amz-Meta-"
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
#: A store takes no longer one, and none that no address may have.
_VERSION = re.compile(r"[!-~]{1,1024}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: S3 has no longer names, in bytes.
_LONGEST_NAME = 1024
#: An id is no longer than this where its contract sets no limit: nothing that makes ids makes longer ones.
_LONGEST_ID = 64
#: What no message shows: its character stands for bytes that were none.
_REPLACED = "\ufffd"


@dataclass(frozen=True)
class Announcement:
    """A photo as its bucket announced it. `name` is its name there, `version` the one that was put where the bucket keeps several."""

    event_id: str
    name: str
    version: str | None
    sent_at: datetime


def photo_of(value: bytes | str) -> str | None:
    """The event id of the photo that a message announces; None where it announces none."""
    found = _object(value)
    return None if found is None else _id(found)


def thing_of(value: bytes | str) -> tuple[str, str] | None:
    """The name and the checksum (S3's ETag) of the object that a message tells of, whatever else is wrong with it; None where it tells of none."""
    found = _object(value)
    try:
        return None if found is None else (_name(found), str(found.get("eTag")))
    except AnnouncementError:
        return None


def announcement(value: bytes | str | None, now: datetime) -> Announcement:
    """What a message announces, held to the contract's limits at this time.

    Raises:
        AnnouncementError: it announces no photo, or what is said of it cannot be; its text is the reason, and quotes nothing of the message.
    """
    if value is None:
        raise AnnouncementError("TOMBSTONE", "the message has no value")
    found = _object(value)
    if found is None or (event_id := _id(found)) is None:
        raise AnnouncementError("NO_ANNOUNCEMENT", "not the store's notification of one photo of its bucket, with its id")
    version = found.get("versionId")
    if not isinstance(version, str) or version in ("", "null"):
        version = None
    elif not _VERSION.fullmatch(version):
        raise AnnouncementError("NO_ANNOUNCEMENT", "its photo's version can be none")
    fields = {field["name"]: field for field in contracts()[TOPIC].fields}
    for name in ("run_id", "customer_id", "store_id", "order_id", "product_id"):
        _check_id(fields[name], _beside(found, name))
    return Announcement(event_id, _name(found), version, _time(fields["event_time"], _beside(found, "event_time"), now))


def _object(value: bytes | str) -> dict[str, Any] | None:
    """What a notification of one new object of the bucket says of it."""
    try:
        text = value.decode(errors="replace") if isinstance(value, bytes) else value
        # As Flink reads it: what follows the object counts for nothing.
        records: Any = json.JSONDecoder().raw_decode(text.lstrip(" \t\r\n"))[0]["Records"]
        record: Any = records[0] if isinstance(records, list) and len(records) == 1 else None
        found = record["s3"]["object"]
        ours = record["s3"]["bucket"]["name"] == BUCKET and str(record["eventName"]).startswith(_CREATED)
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return found if ours and isinstance(found, dict) else None


def _beside(found: dict[str, Any], field: str) -> object:
    """What the page wrote beside a photo; the store has capitals where a field has none."""
    written = found.get("userMetadata")
    return written.get(_META + field.replace("_", "-").title()) if isinstance(written, dict) else None


def _id(found: dict[str, Any]) -> str | None:
    ident = _beside(found, "event_id")
    return ident if isinstance(ident, str) and _ID.fullmatch(ident) else None


def _name(found: dict[str, Any]) -> str:
    """The object's name. A notification has it as forms have it: a blank is +, what is not ASCII is UTF-8 in percent signs."""
    key = found.get("key")
    try:
        name = unquote_plus(key, errors="strict") if isinstance(key, str) else ""
        length = len(name.encode())
    except UnicodeError:
        name, length = "", 0
    # A client would take dots for folders and ask for another name than the one that it has signed.
    if not 0 < length <= _LONGEST_NAME or "\0" in name or {".", ".."} & set(name.split("/")):
        raise AnnouncementError("NO_ANNOUNCEMENT", "its photo's name can be no object's")
    return name


def _check_id(field: dict[str, Any], value: object) -> None:
    name, required = field["name"], not isinstance(field["type"], list)
    if value is None and not required:
        return
    if not isinstance(value, str):
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"{name} is not there" if value is None else f"{name} is no text")
    least, most = field.get("minLength", 0), field.get("maxLength", _LONGEST_ID)
    if not least <= len(value) <= most:
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"{name} is not {least} to {most} characters long")
    if not value.isprintable() or _REPLACED in value:
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"{name} has characters that cannot be printed")


def _time(field: dict[str, Any], value: object, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and _TIME.fullmatch(value) else None
        since = (at.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1) if at else None
    except (ValueError, OverflowError):
        at = since = None
    if at is None or since is None:
        raise AnnouncementError("IMPOSSIBLE_VALUE", "event_time is no date and time with its zone, as in RFC 3339")
    if not field["minimum"] <= since <= field["maximum"]:
        first, last = (f"{_EPOCH + timedelta(microseconds=field[end]):%Y-%m-%d}" for end in ("minimum", "maximum"))
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"event_time is outside {first} to {last}")
    if at > now + timedelta(seconds=field["maxAheadSeconds"]):
        raise AnnouncementError("IMPOSSIBLE_VALUE", f"event_time is more than {field['maxAheadSeconds']} s ahead")
    return at
