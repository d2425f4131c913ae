"""How a hot record becomes a Redis hash: its key, its fields, its version and when it goes. Pure, so that it is tested without Flink."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tillstream.contracts import Contract

#: A minute's figure is kept a day, a day's figure until the day after has ended.
MINUTE_KEPT = timedelta(hours=24)
DAY_KEPT = timedelta(days=2)
#: The field that counts what a record is made from: it never shrinks for a key.
COUNTS = ("lines", "messages", "events")


@dataclass(frozen=True)
class Write:
    """One idempotent write.

    Attributes:
        key: the Redis key, `area:what:dimensions…:time`.
        version: a count that never shrinks for the key; a write with a smaller one than what is stored is an older one.
        fields: the hash, as texts; None deletes the key.
        expires_ms: when Redis forgets it, epoch milliseconds.
    """

    key: str
    version: int
    fields: dict[str, str] | None
    expires_ms: int


def to_write(contract: Contract, key: dict[str, Any], value: dict[str, Any] | None) -> Write:
    """The write of one record of a hot topic.

    Args:
        contract: the topic's contract.
        key: the record's key: its key fields, a minute as ISO text.
        value: the decoded record, or None for a tombstone.
    """
    when = moment(key)
    dimensions = [str(key[name]).replace(":", "_") for name in contract.keys if name not in ("minute", "day")]
    stamp = when.strftime("%Y%m%d%H%M") if "minute" in key else when.strftime("%Y%m%d")
    redis_key = ":".join([str(contract.redis_prefix), *dimensions, stamp])
    expires = when + (MINUTE_KEPT if "minute" in key else DAY_KEPT)
    if value is None:
        return Write(redis_key, 0, None, int(expires.timestamp() * 1000))
    version = int(next(value[name] for name in COUNTS if name in value))
    return Write(
        redis_key, version, {name: text(item) for name, item in value.items() if item is not None}, int(expires.timestamp() * 1000)
    )


def moment(key: dict[str, Any]) -> datetime:
    """The minute or the start of the day that a key is about."""
    if "minute" in key:
        return datetime.fromisoformat(str(key["minute"]).replace("Z", "+00:00")).astimezone(UTC)
    return datetime.fromisoformat(str(key["day"])).replace(tzinfo=UTC)


def text(item: Any) -> str:
    """A field's value as Redis keeps it: a time as ISO 8601 in UTC, money as its digits."""
    if isinstance(item, datetime):
        return item.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(item)
