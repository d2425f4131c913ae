"""What a message itself says, by its writer's schema: its event, its minute, and for baskets its exact amounts.

The jobs decode with the contract as the reader's schema. Here the writer's schema alone counts: where the two differ in the scale of a
decimal or the unit of a time, the lake must have what the writer meant.
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

#: The amounts of a line beside its net amount, as the lake has them too. `quantity` is a plain number.
OTHER_AMOUNTS = ("quantity", "retail_discount", "coupon_discount", "coupon_match_discount")
#: How many of a time's units a minute has, by its logical type.
_MINUTE_OF = {"timestamp-millis": 60_000, "timestamp-micros": 60_000_000, "timestamp-nanos": 60_000_000_000}
_HEADER = 5

Cents = int | Fraction
"""An amount in cents: a fraction only where the writer has more places than the lake."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one message says of its event.

    Attributes:
        event_id: the event's.
        minute: of the event, since 1970; None where its schema does not say what unit its time has.
        lines: how many a basket has, 0 for what is no basket.
        cents: their net amounts together.
        others: the sums of their other amounts, in the order of OTHER_AMOUNTS.
        total: the basket's own total; None where it has none.
    """

    event_id: str
    minute: int | None
    lines: int = 0
    cents: Cents = 0
    others: tuple[Cents, ...] = ()
    total: Cents | None = None


Types = dict[str, dict[str, Any]]
"""The named types of a schema and of those that it refers to."""

Fetch = Callable[[str], dict[str, Any] | None]
"""Asks the registry for a path; None where it has nothing there."""


class Writers:
    """Reads messages of any writer; each schema is asked for once."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._known: dict[int, _Writer | None] = {}
        self._gone: set[int] = set()

    def said(self, value: bytes) -> Said | None:
        """What a message says; None where its bytes cannot be read by its writer's schema, or that is none of Avro's."""
        number = _number(value)
        if number is None:
            return None
        if number not in self._known:
            answer = self._fetch(f"/schemas/ids/{number}")
            self._known[number] = _writer(self._fetch, answer) if answer else None
            self._gone |= set() if answer else {number}
        writer = self._known[number]
        return writer.said(value) if writer else None

    def has_lost_schema(self, value: bytes) -> bool:
        """Whether a message that has been asked for is of a schema that the registry has not, or no longer."""
        return _number(value) in self._gone


class _Writer:
    """One schema, without its logical types: amounts come as bytes and are added up as whole numbers."""

    def __init__(self, schema: Any, document: dict[str, Any], types: Types) -> None:
        self._schema = schema
        fields = {field["name"]: field["type"] for field in document["fields"]}
        self._minute = _MINUTE_OF.get(_branch(fields.get("event_time"), "long", types).get("logicalType", ""))
        line = _branch(_branch(fields.get("lines"), "array", types).get("items"), "record", types)
        self._line_scales = {field["name"]: _scale(field["type"], types) for field in line.get("fields", [])}
        self._total_scale = _scale(fields.get("total_amount"), types)

    def said(self, value: bytes) -> Said | None:
        body = io.BytesIO(value)
        body.seek(_HEADER)
        try:
            # A text that the contract has no place for may be in any encoding: the decoder passes over it.
            record = fastavro.schemaless_reader(body, self._schema, handle_unicode_errors="replace")
            return self._read(record) if body.tell() == len(value) else None
        except (ValueError, LookupError, TypeError, OverflowError, MemoryError, EOFError, struct.error):
            # Bytes that are none of this schema's, or of a type from which there is no way to the contract's.
            return None

    def _read(self, record: Any) -> Said | None:
        event_id = record.get("event_id") if isinstance(record, dict) else None
        if isinstance(event_id, bytes):
            event_id = event_id.decode()
        if not isinstance(event_id, str):
            return None
        time = record.get("event_time")
        minute = time // self._minute if self._minute and isinstance(time, int) else None
        lines = record.get("lines")
        if not isinstance(lines, list):
            return Said(event_id, minute)
        total = record.get("total_amount")
        return Said(
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


def _number(value: bytes) -> int | None:
    """The id of a framed message's schema."""
    return int(struct.unpack_from(">i", value, 1)[0]) if len(value) > _HEADER and value[0] == 0 else None


def _writer(fetch: Fetch, answer: dict[str, Any]) -> _Writer | None:
    if answer.get("schemaType", "AVRO") != "AVRO":
        return None
    try:
        document = json.loads(answer["schema"])
        named: dict[str, Any] = {}
        types: Types = {}
        _name(fetch, answer.get("references") or [], named, types)
        schema = fastavro.parse_schema(_physical(document), named_schemas=named)
        _collect(document, "", types)
        return _Writer(schema, document, types) if isinstance(document, dict) and "fields" in document else None
    except (ValueError, KeyError, TypeError, RecursionError, fastavro.schema.SchemaParseException, fastavro.schema.UnknownType):
        return None


def _name(fetch: Fetch, references: list[dict[str, Any]], named: dict[str, Any], types: Types) -> None:
    """Makes the records that a schema refers to known, those that they refer to first."""
    for reference in references:
        answer = fetch(f"/subjects/{quote(reference['subject'], safe='')}/versions/{reference['version']}")
        if answer is not None:
            _name(fetch, answer.get("references") or [], named, types)
            document = json.loads(answer["schema"])
            fastavro.parse_schema(_physical(document), named_schemas=named)
            _collect(document, "", types)


def _collect(node: Any, namespace: str, types: Types) -> None:
    """Notes each named type of a schema, by its name and by its whole name."""
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
    """A schema as far as it says how bytes are read: without logical types, and without defaults and names of symbols, which may be wrong."""
    if isinstance(node, dict):
        physical = {key: _physical(item) for key, item in node.items() if key not in ("logicalType", "precision", "scale", "default")}
        if node.get("type") == "enum":
            physical["symbols"] = [f"S{number}" for number, _ in enumerate(node["symbols"])]
        return physical
    return [_physical(item) for item in node] if isinstance(node, list) else node


def _branch(node: Any, form: str, types: Types) -> dict[str, Any]:
    """A field's type as a document, where it has this form; of a choice, the branch that has. The decoder takes no other one."""
    for branch in node if isinstance(node, list) else [node]:
        found = types.get(branch) if isinstance(branch, str) else branch
        if isinstance(found, dict) and found.get("type") == form:
            return found
    return {}


def _scale(node: Any, types: Types) -> int | None:
    """A decimal's places; None for what is no decimal."""
    found = _branch(node, "bytes", types)
    return int(found.get("scale", 0)) if found.get("logicalType") == "decimal" else None


def _cents(unscaled: Any, scale: int | None) -> Cents:
    if scale is None:
        return Fraction(unscaled) * 100
    number = int.from_bytes(unscaled, "big", signed=True)
    return number if scale == 2 else _whole(Fraction(number * 100, 10**scale))


def _whole(cents: Cents) -> Cents:
    return int(cents) if Fraction(cents).denominator == 1 else cents
