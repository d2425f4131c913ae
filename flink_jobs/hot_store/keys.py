"""How a hot record becomes a Redis hash: its key, its fields, its version and when it goes. Pure, so that it is tested without Flink."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tillstream.core.contracts import Contract
from tillstream.core.hot_keys import escaped, key_of

#: A minute's figure is kept a day, a day's figure until the day after has ended.
MINUTE_KEPT = timedelta(hours=24)
DAY_KEPT = timedelta(days=2)
#: The field that counts what a record is made from: it never shrinks for a key.
COUNTS = ("version", "lines", "messages", "events", "searches", "texts", "calls")


@dataclass(frozen=True)
class Write:
    """One idempotent write.

    Attributes:
        key: the Redis key, `area:what:dimensions…:time`, its parts escaped by `tillstream.core.hot_keys`.
        version: a count that never shrinks for the key; a write with a smaller one than what is stored is an older one.
        fields: the hash, as texts; None deletes the key.
        expires_ms: when Redis forgets it, epoch milliseconds; 0 is never.
        field: where many records share one hash, this one's field in it, escaped as a part of a key is. Its value is all but its keys,
            between colons, the version first; each is escaped too, and nothing stands for null.
    """

    key: str
    version: int
    fields: dict[str, str] | None
    expires_ms: int
    field: str = ""


def to_write(contract: Contract, key: dict[str, Any], value: dict[str, Any] | None) -> Write:
    """The write of one record of a hot topic.

    Args:
        contract: the topic's contract.
        key: the record's key: its key fields, a minute as ISO text.
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
    """What a record's Redis key has between what the figure is and its time: the key fields but for the time, and for one that a shared hash has."""
    return [str(key[name]) for name in contract.keys if name not in ("minute", "day", contract.redis_field)]


def time_of(key: Mapping[str, Any]) -> tuple[datetime, str, timedelta]:
    """The minute or the start of the day that a key is about, how Redis writes it, and how long it is kept; no text and no time where it is about neither."""
    if "minute" in key:
        minute = datetime.fromisoformat(str(key["minute"]).replace("Z", "+00:00")).astimezone(UTC)
        return minute, minute.strftime("%Y%m%d%H%M"), MINUTE_KEPT
    if "day" in key:
        day = datetime.fromisoformat(str(key["day"])).replace(tzinfo=UTC)
        return day, day.strftime("%Y%m%d"), DAY_KEPT
    return datetime.fromtimestamp(0, tz=UTC), "", timedelta()


def text(item: Any) -> str:
    """A field's value as Redis keeps it: a time as ISO 8601 in UTC, money as its digits."""
    if isinstance(item, datetime):
        return item.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(item)
