"""Turn a hot record into a Redis hash: its key, fields, version and expiry. Does no I/O, so it is tested without Flink."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tillstream.core.contracts import Contract
from tillstream.core.hot_keys import escaped, key_of
from tillstream.core.rules import LIVE_DAYS, MINUTE_HOURS_KEPT

#: How long Redis keeps a minute's figure, and a day's figure from the start of its day.
MINUTE_KEPT, DAY_KEPT = timedelta(hours=MINUTE_HOURS_KEPT), timedelta(days=LIVE_DAYS)
#: The field that counts a record's inputs; the first of these that a record has. It never shrinks for a key.
COUNTS = ("version", "lines", "messages", "events", "searches", "texts", "calls")


@dataclass(frozen=True)
class Write:
    """One idempotent write.

    Attributes:
        key: the Redis key, `area:what:dimensions…:time`, its parts escaped by `tillstream.core.hot_keys`.
        version: a count that never shrinks for the key. A write with a smaller version than the stored one is older.
        fields: the hash as texts; None deletes the key.
        expires_ms: when Redis deletes the key, in milliseconds since 1970; 0 is never.
        field: if many records share one hash, this record's field in it, escaped like a part of a key; else empty. The field's value has the
            record's values without its keys, the version first, escaped and joined by colons. An empty part is null.
    """

    key: str
    version: int
    fields: dict[str, str] | None
    expires_ms: int
    field: str = ""


def to_write(contract: Contract, key: dict[str, Any], value: dict[str, Any] | None) -> Write:
    """Return the write of one record of a hot topic.

    Args:
        contract: the topic's contract.
        key: the record's key fields; a minute is an ISO text.
        value: the decoded record, or None for a tombstone.
    """
    shared = contract.redis_field
    when, stamp, kept = time_of(key)
    redis_key = key_of(str(contract.redis_prefix), dimensions(contract, key), stamp)
    expires_ms = int((when + kept).timestamp() * 1000) if kept else 0
    field = escaped(str(key[shared])) if shared else ""
    if value is None:
        return Write(redis_key, 0, None, expires_ms, field)
    version = int(next(value[name] for name in COUNTS if name in value))
    if shared:
        packed = ":".join("" if item is None else escaped(text(item)) for name, item in value.items() if name not in contract.keys)
        return Write(redis_key, version, {field: packed}, expires_ms, field)
    return Write(redis_key, version, {name: text(item) for name, item in value.items() if item is not None}, expires_ms)


def dimensions(contract: Contract, key: Mapping[str, Any]) -> list[str]:
    """Return the middle of a record's Redis key: its key fields without the time and without the field of a shared hash."""
    return [str(key[name]) for name in contract.keys if name not in ("minute", "day", contract.redis_field)]


def time_of(key: Mapping[str, Any]) -> tuple[datetime, str, timedelta]:
    """Return the minute or day of a key: its start in UTC, its text in the Redis key, and how long it is kept.

    A key without minute or day has the epoch, an empty text and no duration.

    Raises:
        ValueError: the text of the minute or day is no ISO time.
    """
    if "minute" in key:
        minute = datetime.fromisoformat(str(key["minute"]).replace("Z", "+00:00")).astimezone(UTC)
        return minute, minute.strftime("%Y%m%d%H%M"), MINUTE_KEPT
    if "day" in key:
        day = datetime.fromisoformat(str(key["day"])).replace(tzinfo=UTC)
        return day, day.strftime("%Y%m%d"), DAY_KEPT
    return datetime.fromtimestamp(0, tz=UTC), "", timedelta()


def text(item: Any) -> str:
    """Return a field's value as Redis keeps it: a time as ISO 8601 in UTC, an amount as its decimal digits."""
    if isinstance(item, datetime):
        return item.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(item)
