"""Encode events by their contracts, in the registry's wire format: a zero byte, the schema's id, the record."""

import io
import json
import struct
from datetime import datetime
from functools import lru_cache
from typing import Any

import fastavro
import httpx

from tillstream.core.clients.registry import schema_id
from tillstream.core.contracts import Contract, contracts
from tillstream.core.settings import RegistrySettings


def _physical(node: Any) -> Any:
    """Return the schema without logical types. Callers give money and time as bytes and longs: this encodes twice as fast as Decimal."""
    if isinstance(node, dict):
        return {key: _physical(value) for key, value in node.items() if key not in ("logicalType", "precision", "scale")}
    return [_physical(item) for item in node] if isinstance(node, list) else node


class Encoder:
    """An encoder of one topic's records. Make it once, with the schema id that the contract was deployed with. It registers nothing."""

    def __init__(self, contract: Contract, registered_id: int) -> None:
        self.topic = contract.topic
        self.header = struct.pack(">bI", 0, registered_id)
        self._schema = fastavro.parse_schema(_physical(json.loads(contract.text)))

    def encode(self, record: dict[str, Any]) -> bytes:
        """Return the bytes of the message."""
        out = io.BytesIO()
        out.write(self.header)
        fastavro.schemaless_writer(out, self._schema, record)
        return out.getvalue()


def encoders(*topics: str) -> dict[str, Encoder]:
    """Return an encoder for each topic, with the schema ids from the registry.

    Raises:
        ContractError: a contract is not deployed; run the init-schemas service first.
        RetryableError: the registry does not answer.
    """
    with httpx.Client(base_url=RegistrySettings().url, timeout=20) as client:
        return {topic: Encoder(contracts()[topic], schema_id(client, contracts()[topic])) for topic in topics}


@lru_cache(maxsize=65536)
def money(cents: int) -> bytes:
    """Return cents as an Avro decimal: the unscaled number as big-endian two's complement."""
    return cents.to_bytes((cents.bit_length() + 8) // 8, "big", signed=True)


def micros(moment: datetime) -> int:
    """Return a time in microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)
