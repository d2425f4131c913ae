"""Decode events as another consumer of the topics would: a message that cannot be decoded is ignored, not reported."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import fastavro

from tillstream.core.contracts import contracts

#: Bytes before the record: a zero byte and the id of the schema.
HEADER = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decode(topic: str, value: bytes | None) -> dict[str, Any] | None:
    """Return the record of a framed message; None where it is not a record of the topic's contract."""
    if not value or len(value) <= HEADER or value[0] != 0:
        return None
    try:
        record: dict[str, Any] = fastavro.schemaless_reader(io.BytesIO(value[HEADER:]), contracts()[topic].parsed)
    except Exception:  # noqa: BLE001 - junk that looks like an event fails anywhere in the decoder
        return None
    return record


def is_permitted(topic: str, record: dict[str, Any]) -> bool:
    """Return whether each value is within the limits of its field in the topic's contract. The Flink jobs check the same limits."""
    return _are_within_limits(contracts()[topic].fields, record)


def _are_within_limits(fields: list[dict[str, Any]], record: dict[str, Any]) -> bool:
    return all(record[field["name"]] is None or _is_within_limits(field, record[field["name"]]) for field in fields)


def _is_within_limits(field: dict[str, Any], value: Any) -> bool:
    if isinstance(value, str):
        return field.get("minLength", 0) <= len(value) <= field.get("maxLength", len(value)) and value in field.get("allowed", (value,))
    if isinstance(value, list):
        return field.get("minItems", 0) <= len(value) <= field.get("maxItems", len(value)) and all(
            _is_item_within_limits(field, item) for item in value
        )
    if isinstance(value, datetime):
        ahead = (value - datetime.now(tz=UTC)).total_seconds()
        if ahead > field.get("maxAheadSeconds", ahead) or -ahead > field.get("maxBehindSeconds", -ahead):
            return False
        value = (value - EPOCH) // timedelta(microseconds=1)
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return Decimal(str(field.get("minimum", value))) <= value <= Decimal(str(field.get("maximum", value)))
    return True


def _is_item_within_limits(field: dict[str, Any], item: Any) -> bool:
    """Check an item of an array: a record by the limits of its own fields, a string by the `maxLength` of the array's field."""
    if isinstance(item, dict):
        return _are_within_limits(field["type"]["items"]["fields"], item)
    return not isinstance(item, str) or len(item) <= field.get("maxLength", len(item))
