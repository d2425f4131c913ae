"""Shared code of the benchmark's peers: they decode messages, add up figures and compare them."""

import io
import json
import struct
import time
import uuid
from typing import Any

import fastavro
import pytest

from bench.peers.figures import Figures
from bench.peers.messages import BadMessageError, TopicDecoder, physical
from bench.peers.reference import Product, Reference
from bench.peers.tools import differences
from tillstream.core.contracts import contracts

CONTRACT = contracts()["pos.transactions.v1"]
SCHEMAS = {7: CONTRACT.text, 8: contracts()["web.orders.v1"].text}


def money(cents: int) -> bytes:
    return cents.to_bytes((cents.bit_length() + 8) // 8, "big", signed=True)


def line(**fields: Any) -> dict[str, Any]:
    discounts = {name: money(0) for name in ("retail_discount", "coupon_discount", "coupon_match_discount")}
    return {"line_no": 1, "product_id": "milk", "quantity": 2, "net_amount": money(199), **discounts} | fields


def basket(**fields: Any) -> dict[str, Any]:
    now = time.time_ns() // 1000
    return {
        "event_id": str(uuid.uuid4()), "run_id": "r", "transaction_id": "t", "transaction_type": "SALE", "original_event_id": None, "store_id": "12",
        "terminal_id": "1", "customer_id": "", "event_time": now, "source_time": now, "currency": "USD", "payment_method": "CARD", "coupon_id": None,
        "total_amount": money(199), "lines": [line()],
    } | fields  # fmt: skip


def message(record: dict[str, Any], ident: int = 7) -> bytes:
    out = io.BytesIO(struct.pack(">bI", 0, ident))
    out.seek(0, io.SEEK_END)
    fastavro.schemaless_writer(out, fastavro.parse_schema(physical(json.loads(CONTRACT.text))), record)
    return out.getvalue()


@pytest.fixture
def decoder() -> TopicDecoder:
    return TopicDecoder(CONTRACT, SCHEMAS.get)


def test_a_basket_is_read_with_its_amounts_in_cents_and_an_empty_customer_is_none(decoder: TopicDecoder) -> None:
    read = decoder.decode(message(basket()))
    assert read["lines"][0]["net_amount"] == 199
    assert read["customer_id"] is None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "TOMBSTONE"),
        (b"\1 junk", "UNFRAMED"),
        (message(basket(), 9), "UNKNOWN_SCHEMA"),
        (message(basket(), 8), "WRONG_SCHEMA"),
        (message(basket())[:40], "UNDECODABLE"),
        (message(basket()) + b"\0", "UNDECODABLE"),
        (message(basket(currency="XXX")), "IMPOSSIBLE_VALUE"),
        (message(basket(store_id="")), "IMPOSSIBLE_VALUE"),
        (message(basket(lines=[])), "IMPOSSIBLE_VALUE"),
        (message(basket(lines=[line(net_amount=money(99_999_999_99))])), "IMPOSSIBLE_VALUE"),
        (message(basket(event_time=time.time_ns() // 1000 + 3_600_000_000)), "IMPOSSIBLE_VALUE"),
    ],
    ids=[
        "tombstone",
        "unframed",
        "unknown schema",
        "wrong schema",
        "cut",
        "one byte more",
        "currency",
        "store",
        "no lines",
        "amount",
        "future",
    ],
)
def test_a_message_that_is_none_is_a_dead_letter_of_its_kind(decoder: TopicDecoder, value: bytes | None, kind: str) -> None:
    with pytest.raises(BadMessageError) as raised:
        decoder.decode(value)
    assert raised.value.kind == kind


def test_a_basket_counts_once_in_the_department_of_its_first_line_and_fuel_is_one_unit(decoder: TopicDecoder) -> None:
    reference = Reference({"milk": Product("DAIRY", None, fuel=False), "gas": Product("FUEL", "FUEL", fuel=True)}, {"12": "north"}, {})
    figures = Figures(reference)
    lines = [line(), line(product_id="gas", quantity=13_511, net_amount=money(2000)), line(product_id="?", net_amount=money(-5))]
    figures.add_basket(decoder.decode(message(basket(lines=lines))), "STORE")
    assert figures.lines == 3
    assert [set(sums) for sums in figures.products.values()] == [{"milk", "gas"}]
    told = {(record.topic, record.key.get("department")): (record.counts, record.cents) for record in figures.take()}
    assert told["hot.sales_by_minute.v1", None] == ({"baskets": 1, "lines": 3, "units": 5}, 2194)
    assert told["hot.sales_by_department.v1", "DAIRY"] == ({"baskets": 1, "lines": 1, "units": 2}, 199)
    assert told["hot.sales_by_department.v1", "FUEL"] == ({"baskets": 0, "lines": 1, "units": 1}, 2000)
    assert told["hot.sales_by_department.v1", "UNKNOWN"] == ({"baskets": 0, "lines": 1, "units": 2}, -5)
    assert not list(figures.take())


def test_of_the_ranking_only_the_amounts_at_its_end_are_compared() -> None:
    def shown(product: str, amount: str) -> dict[str, dict[str, str]]:
        return {f":{product}:20261128": {"day": "2026-11-28", "product_id": product, "net_amount": amount}}

    ours, theirs = shown("a", "9.00") | shown("b", "1.00"), shown("a", "9.00") | shown("c", "1.00")
    assert differences("hot.top_products.v1", ours, theirs) == 0
    assert differences("hot.sales_by_store.v1", ours, theirs) == 2
    assert differences("hot.top_products.v1", ours, shown("a", "9.00") | shown("c", "1.01")) == 1
