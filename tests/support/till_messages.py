"""Make framed till messages in any schema, for the unit tests of `tillstream.verify.messages`."""

import io
import json
import struct
from decimal import Decimal
from typing import Any

import fastavro

from tillstream.core.contracts import contracts
from tillstream.verify.messages import MessageFacts, Writers

ID = "11111111-1111-4111-8111-111111111111"
CONTRACT = contracts()["pos.transactions.v1"]


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
