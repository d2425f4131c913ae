"""Make valid messages of contracts, for tests to change."""

import copy
import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import fastavro

from tillstream.core.avro_encoding import micros, money

#: Yesterday at 10:00, because a contract limits the age of an event.
NOW = micros(datetime.now(tz=UTC).replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=1))


def line(**changed: Any) -> dict[str, Any]:
    """Return a line of a receipt, with its amounts as bytes."""
    amounts = {name: money(0) for name in ("retail_discount", "coupon_discount", "coupon_match_discount")}
    return {"line_no": 1, "product_id": "995242", "quantity": 1, "net_amount": money(1234), **amounts, **changed}


def basket(**changed: Any) -> dict[str, Any]:
    """Return a record of pos.transactions.v1."""
    return {
        "event_id": str(uuid.UUID(int=77)), "run_id": "test", "transaction_id": "31625220889", "transaction_type": "SALE", "original_event_id": None,
        "store_id": "367", "terminal_id": "1", "customer_id": None, "event_time": NOW, "source_time": NOW, "currency": "USD", "payment_method": "CARD",
        "coupon_id": None, "total_amount": money(1234), "lines": [line()], **changed,
    }  # fmt: skip


def feedback(**changed: Any) -> dict[str, Any]:
    """Return a record of voice.feedback.v1."""
    return {
        "event_id": str(uuid.UUID(int=78)), "run_id": "test", "channel": "APP", "text": "The milk was sour, señor. 酸い", "customer_id": None, "rating": 2,
        "store_id": "367", "order_id": None, "product_id": None, "event_time": NOW, **changed,
    }  # fmt: skip


def plain(schema: Any) -> Any:
    """Return the schema without logical types, so that amounts are written as bytes and times as longs."""
    if isinstance(schema, dict):
        return {key: plain(value) for key, value in schema.items() if key not in ("logicalType", "precision", "scale")}
    return [plain(item) for item in schema] if isinstance(schema, list) else schema


def encoded(schema: Any, record: Any) -> bytes:
    """Return the bytes of a record in a schema."""
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(plain(copy.deepcopy(schema))), record)
    return out.getvalue()
