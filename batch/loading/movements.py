"""Publishes what the stock system's dumps tell of a shelf, once it is in the lake: the inventory job keeps the books by it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from tillstream.core.avro_encoding import encoders, micros
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import DeliveryError, RetryableError
from tillstream.core.settings import KafkaSettings

TOPIC = "inventory.movements.v1"
MOST_SECONDS = 120


def of_counts(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Each count of the file."""
    for store, product, at, quantity in zip(rows["store_id"], rows["product_id"], rows["counted_at"], rows["quantity"], strict=True):
        yield {
            "movement_id": f"{store}/{product}/{at.isoformat()}",
            "store_id": store,
            "product_id": product,
            "kind": "COUNT",
            "units": int(quantity),
            "occurred_at": micros(at),
        }


def of_restocks(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Each delivery of the file; an order that is cancelled takes back a delivery that was told before."""
    for row in rows[rows["status"].isin(["DELIVERED", "CANCELLED"])].to_dict("records"):
        delivered = row["status"] == "DELIVERED"
        yield {
            "movement_id": f"{row['order_id']}/{row['line_no']}",
            "store_id": row["store_id"],
            "product_id": row["product_id"],
            "kind": "DELIVERY",
            "units": int(row["delivered_quantity"]) if delivered and pd.notna(row["delivered_quantity"]) else 0,
            "occurred_at": micros(row["delivered_at"] if delivered and pd.notna(row["delivered_at"]) else row["ordered_at"]),
        }


OF_DUMP = {"inventory.stock_counts.v1": of_counts, "inventory.restocks.v1": of_restocks}


def publish(contract: DumpContract, rows: pd.DataFrame, business_date: date) -> int:
    """Publishes the movements of a file that was loaded, where its dump tells of any; gives how many. Published again they change nothing.

    Raises:
        RetryableError: Kafka or the registry did not take them; the file is loaded again.
    """
    if contract.name not in OF_DUMP:
        return 0
    failed: list[KafkaError] = []

    def delivered(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            failed.append(error)

    encoder = encoders(TOPIC)[TOPIC]
    told = {"business_date": str(business_date), "published_at": micros(datetime.now(tz=UTC))}
    count = 0
    try:
        producer = Producer(KafkaSettings().producer() | {"delivery.timeout.ms": MOST_SECONDS * 1000})
        for movement in OF_DUMP[contract.name](rows):
            value = encoder.encode(movement | told)
            while True:
                try:
                    producer.produce(TOPIC, key=movement["store_id"], value=value, on_delivery=delivered)
                    break
                except BufferError:
                    producer.poll(0.1)
            count += 1
        left = producer.flush(MOST_SECONDS)
    except KafkaException as error:
        raise RetryableError(f"Kafka did not take the movements of {contract.name}: {error}") from error
    if left or failed:
        raise DeliveryError(f"Kafka did not take {left + len(failed):,} movements of {contract.name}{f': {failed[0]}' if failed else ''}")
    return count
