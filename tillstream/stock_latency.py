"""How long a sale takes to the stock of its product in Redis, on a platform that trades."""

import io
import time

import fastavro
import redis
from confluent_kafka import Consumer, KafkaException, TopicPartition

from tillstream.contracts import contracts
from tillstream.errors import RetryableError
from tillstream.settings import KafkaSettings, RedisSettings

TOPIC = "pos.transactions.v1"
#: A sale that is read later than this after it was sent says nothing: its stock may have changed before it was looked at.
SEEN_WITHIN_SECONDS = 0.15
LOOK_EVERY_SECONDS = 0.005
MOST_SECONDS = 15.0


def measure(seconds: float) -> list[float]:
    """Follows the tills for so long, one sale at a time; gives the sorted seconds from Kafka's timestamp to the change in Redis.

    Raises:
        RetryableError: Kafka does not answer, or no counted product was sold meanwhile.
    """
    settings = RedisSettings()
    hot = redis.Redis(host=settings.host, username="reader", password=settings.password.get_secret_value(), decode_responses=True)
    schema = contracts()[TOPIC].parsed
    consumer = Consumer({**KafkaSettings().consumer(), "fetch.wait.max.ms": 10})
    delays: list[float] = []
    try:
        partitions = [TopicPartition(TOPIC, number) for number in consumer.list_topics(TOPIC, timeout=10).topics[TOPIC].partitions]
        consumer.assign([TopicPartition(TOPIC, p.partition, consumer.get_watermark_offsets(p, timeout=10)[1]) for p in partitions])
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            message = consumer.poll(0.5)
            if message is None or message.error():
                continue
            try:
                sale = fastavro.schemaless_reader(io.BytesIO((message.value() or b"")[5:]), schema)
            except Exception:  # noqa: BLE001, S112 - the tills send bytes of every kind
                continue
            if (delay := _delay(hot, sale, message.timestamp()[1] / 1000)) is not None:
                delays.append(delay)
    except KafkaException as error:
        raise RetryableError(f"Kafka does not answer: {error}") from error
    finally:
        consumer.close()
    if not delays:
        raise RetryableError(f"no sale of a counted product was seen within {seconds:.0f} s")
    return sorted(delays)


def _delay(hot: redis.Redis, sale: dict[str, object], sent_at: float) -> float | None:
    """Seconds until the stock of the sale's first counted product has changed; none where the sale is late or has no such product."""
    if abs(sale["event_time"].timestamp() - sent_at) > 5:  # type: ignore[attr-defined]
        return None
    key = f"inventory:stock:{sale['store_id']}"
    for line in (line for line in sale["lines"] if line["quantity"]):  # type: ignore[attr-defined]
        before = hot.hget(key, line["product_id"])
        if before is None:
            continue
        if time.time() - sent_at > SEEN_WITHIN_SECONDS:
            return None
        while time.time() < sent_at + MOST_SECONDS:
            if hot.hget(key, line["product_id"]) != before:
                return time.time() - sent_at
            time.sleep(LOOK_EVERY_SECONDS)
        return MOST_SECONDS
    return None
