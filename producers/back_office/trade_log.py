"""The trade that the back office knows: every basket of its business days, read from Kafka and kept in SQLite with the offsets."""

import sqlite3
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from tillstream.core.avro_decoding import decode
from tillstream.core.errors import RetryableError
from tillstream.core.settings import KafkaSettings
from tillstream.core.topology import BASKETS

_BATCH = 2_000
#: Largest units and cents of a basket line. No basket of the source reaches them: one that does is a fault, and no system books it.
_MOST_UNITS, _MOST_CENTS = 100_000, 1_000_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS offsets (topic TEXT, partition INTEGER, next INTEGER NOT NULL, PRIMARY KEY (topic, partition));
CREATE TABLE IF NOT EXISTS baskets (
  event_id TEXT PRIMARY KEY, customer_id TEXT, kind TEXT NOT NULL, coupon_id TEXT, seconds INTEGER NOT NULL, cents INTEGER NOT NULL,
  booked_on TEXT             -- the business date whose dump has it
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unbooked ON baskets (seconds) WHERE booked_on IS NULL;
CREATE TABLE IF NOT EXISTS sold (
  store_id INTEGER, product_id INTEGER, day TEXT, units INTEGER NOT NULL, PRIMARY KEY (store_id, product_id, day)
) WITHOUT ROWID;
"""


class TradeLog:
    """The log of the trade since a first day. Each basket is stored once, even after a crash."""

    def __init__(self, path: Path, first_day: date) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.executescript(_SCHEMA)
        self._since = int(datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC).timestamp())

    def catch_up(self) -> int:
        """Read up to the current end of the topics; return the number of new baskets.

        Raises:
            RetryableError: Kafka does not answer; what was read so far is kept.
        """
        consumer = Consumer(KafkaSettings().consumer())
        try:
            return self._read(consumer)
        except KafkaException as error:
            raise RetryableError(f"Kafka does not answer: {error}") from error
        finally:
            consumer.close()

    def _read(self, consumer: Consumer) -> int:
        known = {(topic, partition): place for topic, partition, place in self.db.execute("SELECT topic, partition, next FROM offsets")}
        open_partitions = set()
        assigned = []
        for topic in BASKETS:
            for partition in consumer.list_topics(topic, timeout=10).topics[topic].partitions:
                low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)
                start = max(known.get((topic, partition), 0), low)
                if start < high:
                    open_partitions.add((topic, partition))
                    assigned.append(TopicPartition(topic, partition, start))
        consumer.assign(assigned)
        new = 0
        while open_partitions:
            messages = consumer.consume(_BATCH, timeout=5)
            if not messages:
                raise RetryableError("Kafka gave nothing for 5 s")
            for message in messages:
                if message.error() and message.error().code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - its public name
                    open_partitions.discard((message.topic(), message.partition()))
            new += self._book([m for m in messages if not m.error()])
        return new

    def _book(self, messages: list[Any]) -> int:
        """Store a batch of messages and its offsets in one transaction."""
        before = self.db.total_changes
        sold: Counter[tuple[int, int, str]] = Counter()
        baskets = 0
        self.db.execute("BEGIN IMMEDIATE")
        for message in messages:
            record = self._record(message.topic(), message.value() or b"")
            if record is None:
                continue
            seconds = int(record["event_time"].timestamp())
            row = (record["event_id"], record["customer_id"], record["transaction_type"], record["coupon_id"], seconds, _cents(record))
            baskets_before = self.db.total_changes
            self.db.execute("INSERT OR IGNORE INTO baskets VALUES (?, ?, ?, ?, ?, ?, NULL)", row)
            if self.db.total_changes > baskets_before:
                baskets += 1
                day = f"{record['event_time']:%Y-%m-%d}"
                for line in record["lines"]:
                    sold[int(record["store_id"]), int(line["product_id"]), day] += line["quantity"]
        self.db.executemany(
            "INSERT INTO sold VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET units = units + excluded.units",
            ((*key, units) for key, units in sold.items()),
        )
        places = {(m.topic(), m.partition()): m.offset() + 1 for m in messages}
        self.db.executemany("INSERT OR REPLACE INTO offsets VALUES (?, ?, ?)", ((*place, offset) for place, offset in places.items()))
        self.db.execute("COMMIT")
        return baskets if self.db.total_changes > before else 0

    def _record(self, topic: str, value: bytes) -> dict[str, Any] | None:
        """Return the basket of a message; None if it is before the first day, or no real system would book it."""
        record = decode(topic, value)
        if record is None:
            return None
        plausible = (
            self._since <= record["event_time"].timestamp() <= datetime.now(tz=UTC).timestamp()
            and len(record["event_id"]) == 36
            and record["store_id"].isdigit()
            and all(line["product_id"].isdigit() and abs(line["quantity"]) <= _MOST_UNITS for line in record["lines"])
            and abs(_cents(record)) <= _MOST_CENTS
        )
        return record if plausible else None


def _cents(record: dict[str, Any]) -> int:
    cents: int = round(sum(line["net_amount"] for line in record["lines"]) * 100)
    return cents
