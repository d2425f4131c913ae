"""Measure how long a sale takes to its product's stock in Redis, on a platform with trade."""

import time
from dataclasses import dataclass

import redis
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition

from tillstream.core.avro_decoding import decode
from tillstream.core.clients.redis import reader
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import RetryableError
from tillstream.core.hot_keys import escaped, key_of
from tillstream.core.settings import KafkaSettings
from tillstream.core.topology import STOCK, TILLS, redis_prefix, table_of
from tillstream.core.waiting import await_condition

#: A sale that is read later than this after it was sent is not used: its stock may have changed before the first look.
SEEN_WITHIN_SECONDS = 0.15
LOOK_EVERY_SECONDS = 0.005
#: A stock that has not changed by then counts with this delay.
MOST_SECONDS = 15.0


@dataclass
class Sale:
    """A sale whose stock is watched."""

    event_id: str
    sent_ms: int
    pair: tuple[str, str]
    before: str
    seconds: float = 0.0


def measure(seconds: float) -> list[float]:
    """Follow the tills for some seconds; return the sorted delays in seconds from Kafka's timestamp to the change in Redis.

    The tills also send copies and impossible baskets, which change no stock. Only messages whose lines are in the lake count.

    Raises:
        RetryableError: Kafka does not answer, or no counted product was sold.
    """
    hot = reader()
    consumer = Consumer({**KafkaSettings().consumer(), "fetch.wait.max.ms": 10})
    watched: dict[tuple[str, str], Sale] = {}
    done: list[Sale] = []
    try:
        partitions = [TopicPartition(TILLS, number) for number in consumer.list_topics(TILLS, timeout=10).topics[TILLS].partitions]
        consumer.assign([TopicPartition(TILLS, p.partition, consumer.get_watermark_offsets(p, timeout=10)[1]) for p in partitions])
        deadline = time.monotonic() + seconds
        while watched or time.monotonic() < deadline:
            for message in consumer.consume(50, timeout=LOOK_EVERY_SECONDS):
                sale = _sale(hot, message) if time.monotonic() < deadline else None
                if sale and sale.pair not in watched:
                    watched[sale.pair] = sale
            done += [watched.pop(sale.pair) for sale in _changed(hot, list(watched.values()))]
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error
    finally:
        consumer.close()
    delays = sorted(sale.seconds for sale in _accepted(done))
    if not delays:
        raise RetryableError(f"no sale of a counted product was seen within {seconds:.0f} s")
    return delays


def _sale(hot: redis.Redis, message: Message) -> Sale | None:
    """Return the sale of the message's first counted product; None if the message is late, bad, or has no such product."""
    basket, sent_ms = decode(TILLS, message.value()), message.timestamp()[1]
    if basket is None or abs(basket["event_time"].timestamp() - sent_ms / 1000) > 5:
        return None
    key = key_of(redis_prefix(STOCK), [basket["store_id"]])
    for line in (line for line in basket["lines"] if line["quantity"]):
        field = escaped(line["product_id"])
        if (before := hot.hget(key, field)) is not None:
            seen = time.time() - sent_ms / 1000 < SEEN_WITHIN_SECONDS
            return Sale(basket["event_id"], sent_ms, (key, field), str(before)) if seen else None
    return None


def _changed(hot: redis.Redis, watched: list[Sale]) -> list[Sale]:
    """Return the sales whose stock has changed, or that were watched for MOST_SECONDS."""
    if not watched:
        return []
    pipeline = hot.pipeline(transaction=False)
    for sale in watched:
        pipeline.hget(*sale.pair)
    held, now, changed = pipeline.execute(), time.time(), []
    for sale, value in zip(watched, held, strict=True):
        sale.seconds = min(now - sale.sent_ms / 1000, MOST_SECONDS)
        if value != sale.before or sale.seconds == MOST_SECONDS:
            changed.append(sale)
    return changed


def _accepted(sales: list[Sale]) -> list[Sale]:
    """Return the sales whose own message is in the lake, after waiting for the last one."""
    if not sales:
        return []
    trino, last = Trino(), max(sale.sent_ms for sale in sales)
    times = f"SELECT event_id, CAST(to_unixtime(ingested_at) * 1000 AS bigint) AS ms FROM {table_of(TILLS)} WHERE event_time > current_timestamp - INTERVAL '1' HOUR"
    await_condition("the lake to have the last of them", lambda: (trino.scalar(f"SELECT max(ms) FROM ({times})") or 0) >= last, 120)
    ids = ", ".join(f"'{sale.event_id}'" for sale in sales)
    there = {(event_id, ms) for event_id, ms in trino.rows(f"SELECT DISTINCT event_id, ms FROM ({times}) WHERE event_id IN ({ids})")}
    return [sale for sale in sales if (sale.event_id, sale.sent_ms) in there]
