"""A message is read by its writer's schema: whatever the scale, unit or form of that, the amounts are what the writer meant."""

import io
import json
import struct
from decimal import Decimal
from fractions import Fraction
from typing import Any

import fastavro
import pytest

from tillstream.core.contracts import contracts
from tillstream.verify.messages import MessageFacts, Writers

ID = "11111111-1111-4111-8111-111111111111"
CONTRACT = contracts()["pos.transactions.v1"]


def rescaled(node: Any, scale: int) -> Any:
    """Return the contract with decimals of another scale."""
    if isinstance(node, dict):
        changed = {key: rescaled(item, scale) for key, item in node.items()}
        return changed | {"scale": scale, "precision": 14} if node.get("logicalType") == "decimal" else changed
    return [rescaled(item, scale) for item in node] if isinstance(node, list) else node


def basket(**changed: Any) -> dict[str, Any]:
    line = {"line_no": 1, "product_id": "995242", "quantity": 2, "net_amount": Decimal("12.34"), "retail_discount": Decimal("0.50"),
            "coupon_discount": Decimal(0), "coupon_match_discount": Decimal("-0.25")}  # fmt: skip
    second = line | {"line_no": 2, "quantity": 1, "net_amount": Decimal("-2.00")}
    return {
        "event_id": ID, "run_id": "test", "transaction_id": "t", "transaction_type": "SALE", "original_event_id": None, "store_id": "367",
        "terminal_id": "1", "customer_id": None, "event_time": 300_000_001, "source_time": 0, "currency": "USD", "payment_method": "CARD",
        "coupon_id": None, "total_amount": Decimal("10.34"), "lines": [line, second], **changed,
    }  # fmt: skip


def framed(document: Any, record: dict[str, Any], number: int = 1, named: dict[str, Any] | None = None) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(document, named_schemas=named or {}), record)
    return b"\0" + struct.pack(">i", number) + out.getvalue()


def writers(document: Any, **more: Any) -> Writers:
    answers = {"/schemas/ids/1": {"schema": json.dumps(document), **more}}
    return Writers(answers.get)


FACTS = MessageFacts(ID, 5, 2, 1034, (3, 100, 0, -50), 1034)


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
