"""A message is read with its writer's schema, so its amounts are right for any scale, unit or type."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import fastavro
import pytest

from tests.support.till_messages import CONTRACT, FACTS, basket, framed, writers
from tillstream.verify.messages import MessageFacts, Writers


def rescaled(node: Any, scale: int) -> Any:
    """Return the contract with decimals of another scale."""
    if isinstance(node, dict):
        changed = {key: rescaled(item, scale) for key, item in node.items()}
        return changed | {"scale": scale, "precision": 14} if node.get("logicalType") == "decimal" else changed
    return [rescaled(item, scale) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("scale", [2, 4, 6])
def test_an_amount_is_what_its_writer_meant_whatever_its_scale(scale: int) -> None:
    document = rescaled(CONTRACT.document, scale)
    assert writers(document).read_message(framed(document, basket())) == FACTS


def test_an_amount_finer_than_a_cent_is_not_cut() -> None:
    document = rescaled(CONTRACT.document, 4)
    facts = writers(document).read_message(framed(document, basket(total_amount=Decimal("0.1250"))))
    assert facts is not None
    assert facts.total == Fraction(25, 2)


def test_a_line_defined_in_another_schema_is_found_by_its_reference() -> None:
    document = json.loads(json.dumps(rescaled(CONTRACT.document, 4)))
    lines = next(field for field in document["fields"] if field["name"] == "lines")["type"]
    line = lines["items"] | {"namespace": "tillstream.pos.v1"}
    lines["items"] = "tillstream.pos.v1.Line"
    answers = {
        "/schemas/ids/1": {"schema": json.dumps(document), "references": [{"name": "Line", "subject": "line", "version": 3}]},
        "/subjects/line/versions/3": {"schema": json.dumps(line)},
    }
    named: dict[str, Any] = {}
    fastavro.parse_schema(line, named_schemas=named)
    assert Writers(answers.get).read_message(framed(document, basket(), named=named)) == FACTS


def test_a_time_in_another_unit_is_in_its_own_minute() -> None:
    document = json.loads(json.dumps(CONTRACT.document).replace("timestamp-micros", "timestamp-millis"))
    facts = writers(document).read_message(framed(document, basket(event_time=300_000)))
    assert facts is not None
    assert facts.minute == 5


def test_what_is_no_basket_has_its_event_and_minute_alone() -> None:
    document = {"type": "record", "name": "Click", "fields": [{"name": "more", "type": "int"}, {"name": "event_id", "type": "string"},
                {"name": "event_time", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}  # fmt: skip
    record = {"more": 1, "event_id": "x" * 40, "event_time": 60_000_000}
    assert writers(document).read_message(framed(document, record)) == MessageFacts("x" * 40, 1)


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (b"", {}),
        (b"\1\0\0\0\1rest", {}),
        (b"\0\0\0\0\2" + b"x" * 50, {}),
        (b"\0\0\0\0\1" + b"x" * 50, {}),
        (framed(CONTRACT.document, basket()) + b"!", {}),
        (framed(CONTRACT.document, basket())[:-1], {}),
        (framed(CONTRACT.document, basket()), {"schemaType": "JSON"}),
        (framed(CONTRACT.document, basket()), {"schema": "{"}),
        (framed(CONTRACT.document, basket()), {"schema": '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "Missing"}]}'}),
        (framed(CONTRACT.document, basket()), {"schema": '"string"'}),
    ],
    ids=[
        "empty",
        "unframed",
        "unknown id",
        "not of the schema",
        "longer",
        "shorter",
        "JSON Schema",
        "no JSON",
        "unknown type",
        "no record",
    ],
)
def test_what_cannot_be_read_is_no_error(value: bytes, answer: dict[str, Any]) -> None:
    assert Writers({"/schemas/ids/1": {"schema": CONTRACT.text} | answer}.get).read_message(value) is None
