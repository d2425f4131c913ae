"""Reads events as other systems would that follow the topics: what cannot be read is not theirs to complain about."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import fastavro

from tillstream.core.contracts import contracts

#: A zero byte and the schema's id.
HEADER = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decoded(topic: str, value: bytes | None) -> dict[str, Any] | None:
    """The record of a framed message; None where it is none by the topic's contract."""
    if not value or len(value) <= HEADER or value[0] != 0:
        return None
    try:
        record: dict[str, Any] = fastavro.schemaless_reader(io.BytesIO(value[HEADER:]), contracts()[topic].parsed)
    except Exception:  # noqa: BLE001 - junk that looks like an event fails anywhere in the decoder
        return None
    return record


def permitted(topic: str, record: dict[str, Any]) -> bool:
    """Whether each value is within the limits of its field in the topic's contract, as the jobs hold it to them."""
    return _within(contracts()[topic].fields, record)


def _within(fields: list[dict[str, Any]], record: dict[str, Any]) -> bool:
    return all(record[field["name"]] is None or _holds(field, record[field["name"]]) for field in fields)


def _holds(field: dict[str, Any], value: Any) -> bool:
    if isinstance(value, str):
        return field.get("minLength", 0) <= len(value) <= field.get("maxLength", len(value)) and value in field.get("allowed", (value,))
    if isinstance(value, list):
        return field.get("minItems", 0) <= len(value) <= field.get("maxItems", len(value)) and all(
            _holds_item(field, item) for item in value
        )
    if isinstance(value, datetime):
        ahead = (value - datetime.now(tz=UTC)).total_seconds()
        if ahead > field.get("maxAheadSeconds", ahead) or -ahead > field.get("maxBehindSeconds", -ahead):
            return False
        value = (value - EPOCH) // timedelta(microseconds=1)
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        return Decimal(str(field.get("minimum", value))) <= value <= Decimal(str(field.get("maximum", value)))
    return True


def _holds_item(field: dict[str, Any], item: Any) -> bool:
    """An item of an array: a record by its own fields, a text by the length that the array's field allows."""
    if isinstance(item, dict):
        return _within(field["type"]["items"]["fields"], item)
    return not isinstance(item, str) or len(item) <= field.get("maxLength", len(item))
