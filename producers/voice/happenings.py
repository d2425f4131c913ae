"""What has just happened in the trade, for customers to speak of: the baskets of tills and web shop, and the shelves that ran empty."""

import hashlib
import random
from collections import deque

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from producers.voice.writing import Purchase
from tillstream.decoding import decoded
from tillstream.errors import RetryableError
from tillstream.settings import KafkaSettings
from tillstream.waiting import await_condition

ALERTS = "inventory.alerts.v1"
BASKETS = {"pos.transactions.v1": False, "web.orders.v1": True}
#: Baskets and empty shelves that are still fresh in somebody's mind.
REMEMBERED = 400
#: Chance that somebody speaks of an empty shelf, where one is known.
ABOUT_A_SHELF = 0.2


class Happenings:
    """Follows the trade from now on, without a place in it to go back to."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._consumer = Consumer(settings.consumer())
        await_condition("Kafka to answer", self._assign, 120)
        self.purchases: deque[Purchase] = deque(maxlen=REMEMBERED)
        self.empty_shelves: deque[Purchase] = deque(maxlen=REMEMBERED)

    def _assign(self) -> bool:
        try:
            places = [
                TopicPartition(topic, partition, self._consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)[1])
                for topic in (*BASKETS, ALERTS)
                for partition in self._consumer.list_topics(topic, timeout=10).topics[topic].partitions
            ]
            self._consumer.assign(places)
        except KafkaException as error:
            raise RetryableError(str(error)) from error
        return True

    def look(self) -> None:
        """Takes in some of what has happened; what cannot be read is not for here to complain about."""
        for message in self._consumer.consume(50, timeout=0.0):
            if not message.error():
                self._remember(message)

    def _remember(self, message: Message) -> None:
        topic = str(message.topic())
        record = decoded(topic, message.value())
        if record is None:
            return
        if topic == ALERTS:
            if record["level"] == "OUT":
                self.empty_shelves.append(Purchase(record["store_id"], None, None, record["product_id"], web=False))
        elif record["transaction_type"] == "SALE" and record["lines"]:
            line = max(record["lines"], key=lambda line: line["net_amount"])
            where = record["store_id"], record["transaction_id"], record["customer_id"], line["product_id"]
            lines = tuple((line["product_id"], int(line["quantity"]), int(line["net_amount"] * 100)) for line in record["lines"])
            self.purchases.append(Purchase(*where, web=BASKETS[topic], lines=lines, sold_at=record["event_time"]))

    def draw(self, draw: random.Random) -> tuple[Purchase, bool] | None:
        """Something to speak of, and whether it is an empty shelf. None while nothing has happened."""
        shelf = bool(self.empty_shelves) and draw.random() < ABOUT_A_SHELF
        pool = self.empty_shelves if shelf else self.purchases
        return (pool[draw.randrange(len(pool))], shelf) if pool else None


def share_unhappy(store_id: str) -> float:
    """How many of a store's customers write because something was wrong: each store has its own way."""
    return 0.25 + 0.5 * int(hashlib.sha256(f"mood:{store_id}".encode()).hexdigest()[:4], 16) / 0xFFFF
