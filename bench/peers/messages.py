"""Decode messages of baskets in Python: framed Avro with its writer's schema, checked against the contract's limits."""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import fastavro
import httpx

from tillstream.core import topology
from tillstream.core.contracts import Contract, contracts

#: Topics of baskets, with their channel.
CHANNELS = {topic: channel for channel, topic in topology.CHANNELS.items()}
#: Bytes of the header: a zero byte and the schema id.
HEADER = 5
MICROS = 1_000_000


class BadMessageError(Exception):
    """A message that is a dead letter, with its kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def physical(node: Any) -> Any:
    """Return a schema without logical types. Amounts stay bytes and times stay numbers, which is twice as fast to read."""
    if isinstance(node, dict):
        return {key: physical(value) for key, value in node.items() if key not in ("logicalType", "precision", "scale")}
    return [physical(item) for item in node] if isinstance(node, list) else node


@dataclass(frozen=True)
class FieldLimits:
    """The limits of a record's fields, by type of the field. Amounts are compared in cents."""

    texts: list[tuple[str, int, int, frozenset[str] | None]]
    numbers: list[tuple[str, int, int]]
    amounts: list[tuple[str, int, int]]

    @classmethod
    def of(cls, fields: list[dict[str, Any]]) -> "FieldLimits":
        """Read the limits from a contract's fields."""
        limits = cls([], [], [])
        for field in fields:
            limits.take(field)
        return limits

    def take(self, field: dict[str, Any]) -> None:
        """Add the limits of a field."""
        kind = field["type"]
        form = next(branch for branch in kind if branch != "null") if isinstance(kind, list) else kind
        if isinstance(form, dict) and form.get("logicalType") == "decimal":
            scale = 10 ** int(form["scale"])
            self.amounts.append((field["name"], int(field["minimum"]) * scale, int(field["maximum"]) * scale))
        elif form == "string":
            allowed = frozenset(field["allowed"]) if "allowed" in field else None
            self.texts.append((field["name"], field.get("minLength", 0), field.get("maxLength", 1 << 30), allowed))
        elif form in ("int", "long") or (isinstance(form, dict) and form["type"] == "long"):
            self.numbers.append((field["name"], field.get("minimum", -(1 << 63)), field.get("maximum", (1 << 63) - 1)))

    def hold(self, record: dict[str, Any]) -> bool:
        """Return whether a record is within the limits. Its amounts become cents, and an empty optional text becomes None."""
        for name, least, most, allowed in self.texts:
            text = record[name]
            if text is None:
                continue
            if not text and least == 0:
                record[name] = None
            elif not least <= len(text) <= most or (allowed is not None and text not in allowed):
                return False
        for name, low, high in self.numbers:
            if not low <= record[name] <= high:
                return False
        for name, low, high in self.amounts:
            cents = record[name] = int.from_bytes(record[name], "big", signed=True)
            if not low <= cents <= high:
                return False
        return True


class TopicDecoder:
    """A decoder of one topic's messages. `schema_of` returns the schema of an id, or None if the registry has none."""

    def __init__(self, contract: Contract, schema_of: Callable[[int], str | None]) -> None:
        self._schema_of = schema_of
        self._reader = fastavro.parse_schema(physical(json.loads(contract.text)))
        self._name = f"{contract.document['namespace']}.{contract.document['name']}"
        self._basket = FieldLimits.of(contract.fields)
        self._line = FieldLimits.of(contract.line_fields)
        event_time = next(field for field in contract.fields if field["name"] == "event_time")
        lines = next(field for field in contract.fields if field["name"] == "lines")
        self._ahead, self._behind = event_time["maxAheadSeconds"] * MICROS, event_time["maxBehindSeconds"] * MICROS
        self._least, self._most = lines["minItems"], lines["maxItems"]
        self._writers: dict[bytes, Any] = {}

    def decode(self, value: bytes | None) -> dict[str, Any]:
        """Return the basket of a message, with amounts in cents and times in microseconds.

        Raises:
            BadMessageError: the message is a dead letter.
        """
        if value is None:
            raise BadMessageError("TOMBSTONE")
        if len(value) <= HEADER or value[0] != 0:
            raise BadMessageError("UNFRAMED")
        body = io.BytesIO(value)
        writer = self._writer(body.read(HEADER))
        try:
            record: dict[str, Any] = fastavro.schemaless_reader(body, writer, self._reader if writer is not self._reader else None)
        except UnicodeDecodeError as error:
            raise BadMessageError("IMPOSSIBLE_VALUE") from error
        except Exception as error:
            # Junk that looks like an event can fail anywhere in the decoder.
            raise BadMessageError("UNDECODABLE") from error
        if body.tell() != len(value):
            raise BadMessageError("UNDECODABLE")
        if not self._holds(record):
            raise BadMessageError("IMPOSSIBLE_VALUE")
        return record

    def _holds(self, record: dict[str, Any]) -> bool:
        ahead = record["event_time"] - time.time_ns() // 1000
        if ahead > self._ahead or -ahead > self._behind or not self._least <= len(record["lines"]) <= self._most:
            return False
        return self._basket.hold(record) and all(map(self._line.hold, record["lines"]))

    def _writer(self, header: bytes) -> Any:
        if header not in self._writers:
            text = self._schema_of(int.from_bytes(header[1:], "big"))
            if text is None:
                raise BadMessageError("UNKNOWN_SCHEMA")
            document = json.loads(text)
            mine = f"{document.get('namespace')}.{document.get('name')}" == self._name
            written = fastavro.parse_schema(physical(document)) if mine else None
            self._writers[header] = self._reader if written == self._reader else written
        if self._writers[header] is None:
            raise BadMessageError("WRONG_SCHEMA")
        return self._writers[header]


def from_registry(url: str) -> Callable[[int], str | None]:
    """Return a function that asks the registry for the schema of an id."""
    client = httpx.Client(base_url=url, timeout=20)

    def schema_of(ident: int) -> str | None:
        answer = client.get(f"/schemas/ids/{ident}")
        if answer.status_code == 404:
            return None
        return str(answer.raise_for_status().json()["schema"])

    return schema_of


def decoders(url: str) -> dict[str, TopicDecoder]:
    """Return a decoder for each topic of baskets."""
    schema_of = from_registry(url)
    return {topic: TopicDecoder(contracts()[topic], schema_of) for topic in CHANNELS}
