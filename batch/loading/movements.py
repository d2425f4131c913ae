"""Publish the stock movements of the stock system's dumps to Kafka, after they are loaded. The inventory job computes the live stock from them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from tillstream.core.avro_encoding import encoders, micros
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import DeliveryError, RetryableError
from tillstream.core.settings import KafkaSettings
from tillstream.core.topology import MOVEMENTS, RESTOCKS, STOCK_COUNTS

MOST_SECONDS = 120


def of_counts(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield a movement for each count of the file."""
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
    """Yield a movement for each delivery of the file. A cancelled order replaces its earlier delivery by one of 0 units."""
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


OF_DUMP = {STOCK_COUNTS: of_counts, RESTOCKS: of_restocks}


def publish(contract: DumpContract, rows: pd.DataFrame, business_date: date) -> int:
    """Publish the movements of a loaded file, if its dump has any; return their number. Publishing them again changes nothing.

    Raises:
        RetryableError: Kafka or the registry did not accept them; the file is loaded again.
    """
    if contract.name not in OF_DUMP:
        return 0
    failed: list[KafkaError] = []

    def delivered(error: KafkaError | None, _: Message) -> None:
        if error is not None:
            failed.append(error)

    encoder = encoders(MOVEMENTS)[MOVEMENTS]
    shared = {"business_date": str(business_date), "published_at": micros(datetime.now(tz=UTC))}
    count = 0
    try:
        producer = Producer(KafkaSettings().producer() | {"delivery.timeout.ms": MOST_SECONDS * 1000})
        for movement in OF_DUMP[contract.name](rows):
            value = encoder.encode(movement | shared)
            while True:
                try:
                    producer.produce(MOVEMENTS, key=movement["store_id"], value=value, on_delivery=delivered)
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
