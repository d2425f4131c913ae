"""Decode a message by its writer's schema: its event id, its minute, and for a basket its exact amounts.

The jobs decode with the contract as the reader's schema. This module uses the writer's schema alone: where the two differ in the scale of a
decimal or the unit of a time, the lake must have the value that the writer meant.
"""

import io
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import quote

import fastavro

#: The amounts of a line beside its net amount. The lake has the same columns. `quantity` is a plain number.
OTHER_AMOUNTS = ("quantity", "retail_discount", "coupon_discount", "coupon_match_discount")
#: How many units of a time's logical type are in a minute.
_MINUTE_OF = {"timestamp-millis": 60_000, "timestamp-micros": 60_000_000, "timestamp-nanos": 60_000_000_000}
_HEADER = 5

Cents = int | Fraction
"""An amount in cents. It is a fraction only where the writer has more decimal places than the lake."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The facts of one message.

    Attributes:
        event_id: of its event.
        minute: of the event, since 1970; None where the schema has no unit for the time.
        lines: how many lines its basket has; 0 for a message without a basket.
        cents: the sum of the lines' net amounts.
        others: the sums of the lines' other amounts, in the order of OTHER_AMOUNTS.
        total: the basket's own total; None where it has none.
    """

    event_id: str
    minute: int | None
    lines: int = 0
    cents: Cents = 0
    others: tuple[Cents, ...] = ()
    total: Cents | None = None


Types = dict[str, dict[str, Any]]
"""The named types of a schema and of the schemas that it refers to, by name."""

Fetch = Callable[[str], dict[str, Any] | None]
"""Returns the registry's document at a path; None where there is none."""


class Writers:
    """Decode the messages of all writers. Each schema is read from the registry once."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._known: dict[int, _Writer | None] = {}
        self._gone: set[int] = set()

    def read_message(self, value: bytes) -> MessageFacts | None:
        """Return the facts of a framed message; None where it cannot be decoded by its writer's schema, or that is not an Avro schema."""
        schema_id = _schema_id(value)
        if schema_id is None:
            return None
        if schema_id not in self._known:
            answer = self._fetch(f"/schemas/ids/{schema_id}")
            self._known[schema_id] = _writer(self._fetch, answer) if answer else None
            self._gone |= set() if answer else {schema_id}
        writer = self._known[schema_id]
        return writer.read_message(value) if writer else None

    def has_lost_schema(self, value: bytes) -> bool:
        """Return whether the registry does not have the schema of a message. Call `read_message` with the message first."""
        return _schema_id(value) in self._gone


class _Writer:
    """One writer's schema without its logical types: amounts are decoded as bytes and added as whole numbers."""

    def __init__(self, schema: Any, document: dict[str, Any], types: Types) -> None:
        self._schema = schema
        fields = {field["name"]: field["type"] for field in document["fields"]}
        self._minute = _MINUTE_OF.get(_branch(fields.get("event_time"), "long", types).get("logicalType", ""))
        line = _branch(_branch(fields.get("lines"), "array", types).get("items"), "record", types)
        self._line_scales = {field["name"]: _scale(field["type"], types) for field in line.get("fields", [])}
        self._total_scale = _scale(fields.get("total_amount"), types)

    def read_message(self, value: bytes) -> MessageFacts | None:
        body = io.BytesIO(value)
        body.seek(_HEADER)
        try:
            # A string that the contract does not have may be in any encoding: the jobs' decoder skips it.
            record = fastavro.schemaless_reader(body, self._schema, handle_unicode_errors="replace")
            return self._facts(record) if body.tell() == len(value) else None
        except (ValueError, LookupError, TypeError, OverflowError, MemoryError, EOFError, struct.error):
            # The bytes are not of this schema, or a type of it cannot be converted to the contract's.
            return None

    def _facts(self, record: Any) -> MessageFacts | None:
        event_id = record.get("event_id") if isinstance(record, dict) else None
        if isinstance(event_id, bytes):
            event_id = event_id.decode()
        if not isinstance(event_id, str):
            return None
        time = record.get("event_time")
        minute = time // self._minute if self._minute and isinstance(time, int) else None
        lines = record.get("lines")
        if not isinstance(lines, list):
            return MessageFacts(event_id, minute)
        total = record.get("total_amount")
        return MessageFacts(
            event_id,
            minute,
            len(lines),
            self._sum(lines, "net_amount"),
            tuple(self._sum(lines, name) for name in OTHER_AMOUNTS),
            _cents(total, self._total_scale) if total is not None else None,
        )

    def _sum(self, lines: list[dict[str, Any]], name: str) -> Cents:
        scale = self._line_scales.get(name)
        if scale is None:
            return sum(line.get(name) or 0 for line in lines)
        if scale == 2:
            return sum([int.from_bytes(line[name], "big", signed=True) for line in lines])
        return _whole(sum(_cents(line[name], scale) for line in lines))


def _schema_id(value: bytes) -> int | None:
    """Return the schema id of a framed message; None where the message is not framed."""
    return int(struct.unpack_from(">i", value, 1)[0]) if len(value) > _HEADER and value[0] == 0 else None


def _writer(fetch: Fetch, answer: dict[str, Any]) -> _Writer | None:
    if answer.get("schemaType", "AVRO") != "AVRO":
        return None
    try:
        document = json.loads(answer["schema"])
        named: dict[str, Any] = {}
        types: Types = {}
        _parse_references(fetch, answer.get("references") or [], named, types)
        schema = fastavro.parse_schema(_physical(document), named_schemas=named)
        _collect(document, "", types)
        return _Writer(schema, document, types) if isinstance(document, dict) and "fields" in document else None
    except (ValueError, KeyError, TypeError, RecursionError, fastavro.schema.SchemaParseException, fastavro.schema.UnknownType):
        return None


def _parse_references(fetch: Fetch, references: list[dict[str, Any]], named: dict[str, Any], types: Types) -> None:
    """Parse the schemas that a schema refers to, their own references first, and add their types to `named` and `types`."""
    for reference in references:
        answer = fetch(f"/subjects/{quote(reference['subject'], safe='')}/versions/{reference['version']}")
        if answer is not None:
            _parse_references(fetch, answer.get("references") or [], named, types)
            document = json.loads(answer["schema"])
            fastavro.parse_schema(_physical(document), named_schemas=named)
            _collect(document, "", types)


def _collect(node: Any, namespace: str, types: Types) -> None:
    """Add each named type of a schema to `types`, by its name and by its full name."""
    if isinstance(node, list):
        for item in node:
            _collect(item, namespace, types)
    if isinstance(node, dict):
        namespace = node.get("namespace", namespace)
        if isinstance(node.get("name"), str) and node.get("type") in ("record", "fixed", "enum"):
            types[node["name"]] = types[f"{namespace}.{node['name']}"] = node
        for key in ("type", "items", "values", "fields"):
            _collect(node.get(key), namespace, types)


def _physical(node: Any) -> Any:
    """Return the parts of a schema that say how bytes are decoded.

    Logical types are left out. Defaults and the names of symbols may be invalid: defaults are left out, and symbols get other names.
    """
    if isinstance(node, dict):
        physical = {key: _physical(item) for key, item in node.items() if key not in ("logicalType", "precision", "scale", "default")}
        if node.get("type") == "enum":
            physical["symbols"] = [f"S{number}" for number, _ in enumerate(node["symbols"])]
        return physical
    return [_physical(item) for item in node] if isinstance(node, list) else node


def _branch(node: Any, form: str, types: Types) -> dict[str, Any]:
    """Return a field's type as a document if it is of this form (or the first branch of a union that is); else an empty dictionary."""
    for branch in node if isinstance(node, list) else [node]:
        document = types.get(branch) if isinstance(branch, str) else branch
        if isinstance(document, dict) and document.get("type") == form:
            return document
    return {}


def _scale(node: Any, types: Types) -> int | None:
    """Return the scale of a decimal; None for another type."""
    document = _branch(node, "bytes", types)
    return int(document.get("scale", 0)) if document.get("logicalType") == "decimal" else None


def _cents(unscaled: Any, scale: int | None) -> Cents:
    if scale is None:
        return Fraction(unscaled) * 100
    number = int.from_bytes(unscaled, "big", signed=True)
    return number if scale == 2 else _whole(Fraction(number * 100, 10**scale))


def _whole(cents: Cents) -> Cents:
    return int(cents) if Fraction(cents).denominator == 1 else cents
