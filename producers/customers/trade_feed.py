"""Follow the trade, so that customers speak of what has just happened: baskets, empty shelves, higher prices, deliveries."""

import hashlib
import random
from collections import OrderedDict, deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from confluent_kafka import Consumer, KafkaException, TopicPartition

from producers.customers.writing import Purchase, TradeEvent
from tillstream.core.avro_decoding import decode, is_permitted
from tillstream.core.errors import RetryableError
from tillstream.core.settings import KafkaSettings
from tillstream.core.topology import BASKETS, CLICKS, STOCK_ALERTS, WEB_ORDERS
from tillstream.core.waiting import await_condition

#: Events of each kind that customers remember, and orders that may be on their way.
REMEMBERED, UNDER_WAY = 400, 5_000
#: Older baskets are history, and baskets of the future are faults.
FRESH = timedelta(hours=12)
#: Orders are read from this long ago, because they may still be delivered.
LOOK_BACK = timedelta(hours=8)
#: Probability that a contact is about such an event, if there is one. Events of ONCE are used once, by the customer who waited.
ABOUT = {"EMPTY_SHELF": 0.18, "DEARER": 0.07, "LATE_DELIVERY": 0.1, "DELIVERED": 0.04}
ONCE = ("LATE_DELIVERY", "DELIVERED")
#: A price has risen if it was the same twice and is now higher by this factor. A price that always changes belongs to weighed goods.
RISEN = 1.1
AT_ONCE = 2_000
#: Consumer buffers are small: the sizes of the other consumers would leave 90 MB in the allocator of a long-lived process. The feed polls
#: once a second, so the broker collects for a second instead of answering for each basket.
BUFFERS = {
    "queued.max.messages.kbytes": 4096,
    "fetch.max.bytes": 2_000_000,
    "max.partition.fetch.bytes": 262_144,
    "fetch.min.bytes": 262_144,
    "fetch.wait.max.ms": 1000,
}


class Prices:
    """The last price of each product for holders of the loyalty card. There is at most one entry for each product of the catalogue."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, bool]] = {}

    def risen(self, product_id: str, cents: int) -> bool:
        """Store the price of a unit in cents; return whether it has risen."""
        last, twice = self._last.get(product_id, (0, False))
        self._last[product_id] = cents, cents == last
        return twice and cents >= RISEN * last


class TradeMemory:
    """The trade events that customers remember."""

    def __init__(self) -> None:
        self.purchases: deque[Purchase] = deque(maxlen=REMEMBERED)
        self._notable: dict[str, deque[Purchase]] = {cause: deque(maxlen=REMEMBERED) for cause in ABOUT}
        self._prices = Prices()
        self._under_way: OrderedDict[str, Purchase] = OrderedDict()

    def add_message(self, topic: str, value: bytes | None, now: datetime) -> None:
        """Add a Kafka message. One that cannot be read, or breaks its contract's limits, is skipped: no customer can have bought it."""
        if (record := decode(topic, value)) is not None and is_permitted(topic, record):
            self.add_event(topic, record, now)

    def add_event(self, topic: str, record: dict[str, Any], now: datetime) -> None:
        """Add a trade event."""
        if topic == STOCK_ALERTS:
            if record["level"] == "OUT":
                self._notable["EMPTY_SHELF"].append(Purchase(record["store_id"], None, None, record["product_id"], web=False))
        elif topic == CLICKS:
            if record["promised_at"] and (order := self._under_way.pop(record["order_id"], None)):
                self._notable["LATE_DELIVERY" if record["event_time"] > record["promised_at"] else "DELIVERED"].append(order)
        elif record["transaction_type"] == "SALE" and record["lines"]:
            self._remember_basket(record, web=topic == WEB_ORDERS, fresh=abs(record["event_time"] - now) < FRESH)

    def _remember_basket(self, record: dict[str, Any], *, web: bool, fresh: bool) -> None:
        line = max(record["lines"], key=lambda line: line["net_amount"])
        lines = tuple((line["product_id"], int(line["quantity"]), int(line["net_amount"] * 100)) for line in record["lines"])
        purchase = Purchase(
            record["store_id"], record["transaction_id"], record["customer_id"], line["product_id"], web, lines, record["event_time"]
        )
        if web:
            self._under_way[purchase.transaction_id or ""] = purchase
            if len(self._under_way) > UNDER_WAY:
                self._under_way.popitem(last=False)
        if not fresh:
            return
        self.purchases.append(purchase)
        for line in record["lines"]:
            if line["quantity"] > 0:
                cents = round((line["net_amount"] + line["coupon_match_discount"]) * 100 / line["quantity"])
                if self._prices.risen(line["product_id"], cents):
                    self._notable["DEARER"].append(replace(purchase, product_id=line["product_id"]))

    def draw(self, draw: random.Random) -> TradeEvent | None:
        """Return a trade event that a customer speaks of; None if nothing has happened yet."""
        chosen = draw.random()
        for cause, chance in ABOUT.items():
            pool = self._notable[cause]
            if chosen < chance and pool:
                return TradeEvent(pool.pop() if cause in ONCE else pool[draw.randrange(len(pool))], cause)
            chosen -= chance
            if chosen < 0:
                break
        return TradeEvent(self.purchases[draw.randrange(len(self.purchases))]) if self.purchases else None


class TradeFeed(TradeMemory):
    """A reader of the trade. It starts at the current end of the topics, for orders LOOK_BACK earlier, and keeps no offsets."""

    def __init__(self, settings: KafkaSettings) -> None:
        super().__init__()
        self._consumer = Consumer({**settings.consumer(), **BUFFERS})
        await_condition("Kafka to answer", self._assign, 120)

    def _assign(self) -> bool:
        since = int((datetime.now(tz=UTC) - LOOK_BACK).timestamp() * 1000)
        try:
            places = [
                TopicPartition(topic, partition, self._consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)[1])
                for topic in (*BASKETS, STOCK_ALERTS, CLICKS)
                for partition in self._consumer.list_topics(topic, timeout=10).topics[topic].partitions
            ]
            orders = [TopicPartition(place.topic, place.partition, since) for place in places if place.topic == WEB_ORDERS]
            earlier = self._consumer.offsets_for_times(orders, timeout=10)
            # The offset -1 means the end of the topic: nothing was sent since.
            self._consumer.assign([place for place in places if place.topic != WEB_ORDERS] + earlier)
        except KafkaException as error:
            raise RetryableError(str(error)) from error
        return True

    def poll(self) -> None:
        """Read the messages that have arrived, AT_ONCE at most."""
        now = datetime.now(tz=UTC)
        for message in self._consumer.consume(AT_ONCE, timeout=0.0):
            if not message.error():
                self.add_message(str(message.topic()), message.value(), now)


def share_unhappy(store_id: str) -> float:
    """Return the share of a store's customers who write because something was wrong: from 0.25 to 0.75, fixed for each store."""
    return 0.25 + 0.5 * int(hashlib.sha256(f"mood:{store_id}".encode()).hexdigest()[:4], 16) / 0xFFFF
