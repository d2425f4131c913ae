"""Reads events as other systems would that follow the topics: what cannot be read is not theirs to complain about."""

import io
from typing import Any

import fastavro

from tillstream.contracts import contracts

#: A zero byte and the schema's id.
HEADER = 5


def decoded(topic: str, value: bytes | None) -> dict[str, Any] | None:
    """The record of a framed message; None where it is none by the topic's contract."""
    if not value or len(value) <= HEADER or value[0] != 0:
        return None
    try:
        record: dict[str, Any] = fastavro.schemaless_reader(io.BytesIO(value[HEADER:]), contracts()[topic].parsed)
    except Exception:  # noqa: BLE001 - junk that looks like an event fails anywhere in the decoder
        return None
    return record
