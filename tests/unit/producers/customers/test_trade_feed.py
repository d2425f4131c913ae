"""Customers remember what happened in the trade, and speak of it."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from producers.customers.trade_feed import TradeMemory
from producers.customers.writing import Purchase
from tests.fuzz.avro.messages import basket, encoded, line
from tillstream.core.avro_encoding import micros
from tillstream.core.contracts import contracts

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def sold(product_id: str, price: str, order: str = "1") -> dict[str, Any]:
    line = {"product_id": product_id, "quantity": 2, "net_amount": Decimal(price) * 2, "coupon_match_discount": Decimal(0)}
    return {
        "transaction_type": "SALE",
        "transaction_id": order,
        "store_id": "367",
        "customer_id": None,
        "event_time": NOON - timedelta(minutes=5),
        "lines": [line],
    }


def causes(memory: TradeMemory) -> dict[str | None, str]:
    """Return the causes for which customers speak, each with its product."""
    draw = random.Random("seed")  # noqa: S311 - the same each time
    drawn = [found for _ in range(300) if (found := memory.draw(draw))]
    return {found.cause: found.about.product_id for found in drawn}


def test_customers_speak_of_what_happens_in_the_trade() -> None:
    memory = TradeMemory()
    assert memory.draw(random.Random("seed")) is None  # noqa: S311
    for price in ("1.00", "1.00", "1.20"):
        memory.add_event("pos.transactions.v1", sold("dearer", price), NOON)
    for price in ("1.00", "1.20", "1.50", "1.40"):
        memory.add_event("pos.transactions.v1", sold("weighed", price), NOON)
    told = causes(memory)
    assert told.keys() == {None, "DEARER"}
    assert told["DEARER"] == "dearer"
    memory.add_event("inventory.alerts.v1", {"level": "OUT", "store_id": "367", "product_id": "gone"}, NOON)
    for order, late in (("W1", 30), ("W2", -10), ("W3", 40)):
        memory.add_event("web.orders.v1", sold(order, "1.00", order), NOON)
        click = {"event_type": "DELIVERED", "order_id": order, "promised_at": NOON, "event_time": NOON + timedelta(minutes=late)}
        memory.add_event("web.events.v1", click, NOON + timedelta(minutes=late))
    told = causes(memory)
    assert told["EMPTY_SHELF"] == "gone"
    assert told["LATE_DELIVERY"] in ("W1", "W3")
    assert told["DELIVERED"] == "W2"
    assert {"LATE_DELIVERY", "DELIVERED"}.isdisjoint(causes(memory)), "who waited speaks of it once"


@pytest.mark.parametrize("store", ["367", "stranger:12", "s" * 64])
def test_customers_speak_of_a_basket_of_any_store_that_can_be(store: str) -> None:
    assert [purchase.store_id for purchase in remembered(basket(store_id=store, event_time=micros(NOON)))] == [store]


@pytest.mark.parametrize("changed", [{"store_id": "s" * 600_000}, {"currency": "XXX"}, {"lines": [line(line_no=0)]}])
def test_nobody_speaks_of_a_basket_that_cannot_be(changed: dict[str, Any]) -> None:
    assert remembered(basket(event_time=micros(NOON), **changed)) == []


def remembered(record: dict[str, Any]) -> list[Purchase]:
    """Return the purchases that customers remember after one message of a till."""
    memory = TradeMemory()
    memory.add_message("pos.transactions.v1", b"\0\0\0\0\1" + encoded(contracts()["pos.transactions.v1"].document, record), NOON)
    return list(memory.purchases)
