"""Counts, sales and deliveries change live stock and its alerts.

The tests use pairs of store and product that the simulated trade never sells, so that nothing else changes their stock.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.compose_platform import Platform, eventually
from tests.support.landing import send_rows

#: Prints three products that one store never sold in the source year, although other stores did. All simulated trade comes from that year.
NEVER_SOLD = """
import json
import numpy as np
from producers.source_dataset import NOT_STOCKED, load_source_dataset
dataset = load_source_dataset("")
store, product, _ = dataset.sold_lines()
stocked = [int(row[0]) for row in dataset.products() if row[1] and row[2] not in NOT_STOCKED]
elsewhere = np.setdiff1d(np.intersect1d(product, stocked), product[store == store.min()])
print(json.dumps([{"store_id": str(store.min()), "product_id": str(one)} for one in elsewhere[:3]]))
"""
#: Sells one unit now; argv: store, product.
SELL = """
import sys, uuid
from datetime import UTC, datetime
from confluent_kafka import Producer
from tillstream.core.avro_encoding import encoders, micros, money
from tillstream.core.settings import KafkaSettings
topic, now = "pos.transactions.v1", micros(datetime.now(tz=UTC))
encoder, producer = encoders(topic)[topic], Producer(KafkaSettings().producer())
line = dict(line_no=1, product_id=sys.argv[2], quantity=1, net_amount=money(199), retail_discount=money(0), coupon_discount=money(0),
            coupon_match_discount=money(0))
event = dict(event_id=str(uuid.uuid4()), run_id="test", transaction_id="test", transaction_type="SALE", original_event_id=None, store_id=sys.argv[1],
             terminal_id="1", customer_id=None, event_time=now, source_time=now, currency="USD", payment_method="CARD", coupon_id=None,
             total_amount=money(199), lines=[line])
producer.produce(topic, encoder.encode(event))
assert producer.flush(30) == 0
"""


@dataclass(frozen=True)
class Pair:
    """A store and a product that is sold there."""

    store_id: str
    product_id: str

    @property
    def row(self) -> dict[str, Any]:
        """The pair's keys in a row of a dump."""
        return {"store_id": self.store_id, "product_id": self.product_id}

    @property
    def condition(self) -> str:
        """The SQL condition that selects this pair."""
        return f"store_id = '{self.store_id}' AND product_id = '{self.product_id}'"

    def stock(self, platform: Platform) -> int:
        """Return the pair's stock in the hot store."""
        rows = (row.split() for row in platform.tools("ask", "redis", f"inventory:stock:{self.store_id}").splitlines())
        return int(next((row[2] for row in rows if row[1:2] == [self.product_id]), -1))

    def alerts(self, platform: Platform) -> list[dict[str, Any]]:
        """Return the pair's alerts in the lake, from the oldest to the newest."""
        return platform.sql(f"SELECT level, stock_units FROM lake.inventory.alerts WHERE {self.condition} ORDER BY raised_at")

    def delivery(self, order_id: str, supplier_id: str, ordered_at: str, delivered_at: str) -> dict[str, Any]:
        """Return the line of a restock order: 40 units were ordered and delivered."""
        order = {"order_id": order_id, "line_no": 1, "supplier_id": supplier_id, **self.row, "status": "DELIVERED", "ordered_quantity": 40}
        bill = {"unit_cost": "1.00", "currency": "USD", "ordered_at": ordered_at, "expected_on": "today"}
        return order | bill | {"delivered_quantity": 40, "delivered_at": delivered_at}


@dataclass(frozen=True)
class Shelves:
    """Two pairs: a count finds `empty` without stock, and the last unit of `sold` is sold after its count."""

    empty: Pair
    sold: Pair


@pytest.fixture(scope="module")
def shelves(platform: Platform) -> Shelves:
    """Send one file that counts both pairs, then sell the last unit of `sold`.

    The file also counts a pair of the back office again, with one unit less.
    """
    # When the first count is loaded, the masters and suppliers are loaded too. The rows that are sent here refer to them.
    before = "SELECT store_id, product_id, quantity FROM lake.inventory.stock_counts WHERE quantity > 1 LIMIT 1"
    (counted,) = eventually("the back office's counts", lambda: platform.sql(before), 900, every=3)
    found = platform.python("company-tools", NEVER_SOLD)
    empty, another, sold = (Pair(**row) for row in json.loads(found))
    counts = [pair.row | {"counted_at": "now", "quantity": 0} for pair in (empty, another)]
    counts.append(counted | {"counted_at": "now", "quantity": counted["quantity"] - 1})
    send_rows(platform, "inventory.stock_counts.v1", 71, *counts, sold.row | {"counted_at": "2h", "quantity": 1})
    eventually("the last unit in the hot store", lambda: sold.stock(platform) == 1, 60, every=2)
    platform.python("tools", SELL, sold.store_id, sold.product_id)
    return Shelves(empty, sold)


def is_open(platform: Platform, pair: Pair) -> list[dict[str, Any]]:
    """Return the level of the pair's open alert, or nothing if there is none."""
    return platform.sql(f"SELECT level FROM lake.live.stock_alerts_open WHERE {pair.condition}")


def test_a_count_of_nothing_shows_an_empty_shelf_and_raises_an_alert(platform: Platform, shelves: Shelves) -> None:
    eventually("the empty shelf in the hot store", lambda: shelves.empty.stock(platform) == 0, 60, every=2)
    raised = [{"level": "OUT", "stock_units": 0}]
    eventually("an alert in the lake", lambda: shelves.empty.alerts(platform) == raised, 90, every=3)


def test_the_sale_of_the_last_unit_raises_an_alert(platform: Platform, shelves: Shelves) -> None:
    eventually("the alert", lambda: is_open(platform, shelves.sold) == [{"level": "Out"}], 90, every=3)


@pytest.fixture(scope="module")
def delivered(platform: Platform, shelves: Shelves) -> Shelves:
    """Send one file that delivers both pairs, after both alerts: `empty` now, and `sold` an hour before its alert was raised."""
    eventually("both alerts", lambda: is_open(platform, shelves.empty) and is_open(platform, shelves.sold), 90, every=3)
    supplier = platform.sql("SELECT supplier_id FROM lake.inventory.suppliers LIMIT 1")[0]["supplier_id"]
    now = shelves.empty.delivery("test-72", supplier, ordered_at="now", delivered_at="now")
    earlier = shelves.sold.delivery("test-74", supplier, ordered_at="2h", delivered_at="1h")
    send_rows(platform, "inventory.restocks.v1", 72, now, earlier)
    return shelves


def test_a_delivery_fills_the_shelf_and_ends_the_alert(platform: Platform, delivered: Shelves) -> None:
    eventually("the delivery in the hot store", lambda: delivered.empty.stock(platform) == 40, 60, every=2)
    over = {"level": "OK", "stock_units": 40}
    eventually("the alert to be over", lambda: delivered.empty.alerts(platform)[-1] == over, 90, every=3)


def test_a_delivery_that_is_booked_late_ends_the_alert_that_was_raised_after_it(platform: Platform, delivered: Shelves) -> None:
    eventually("the delivery of an hour ago to end it", lambda: is_open(platform, delivered.sold) == [], 90, every=3)
