"""Measure how many bytes a till's basket takes in Kafka before compression: `python -m bench.message_size`."""

from datetime import timedelta

from producers.source_dataset import load_source_dataset
from producers.trade import bought, event_id
from tillstream.core.avro_encoding import Encoder
from tillstream.core.contracts import contracts

DAYS = 40


def main() -> None:
    """Encode baskets of the source's last days by their contract, and print the mean size of a basket and of a line."""
    source = load_source_dataset("size", timedelta(days=DAYS))
    encoder = Encoder(contracts()["pos.transactions.v1"], registered_id=1)
    size = lines = 0
    for index in range(len(source)):
        basket = source.basket(index)
        event = bought(
            basket,
            basket.lines,
            "live-2026-11-28",
            event_id("size", index),
            basket.source_time,
            transaction_id=str(basket.basket_id),
            customer_id=source.pseudonym(basket.household_id),
            payment_method=source.payment(basket.basket_id),
            coupon_id=source.coupon(basket),
            terminal_id=source.terminal(basket.basket_id, basket.store_id),
        )
        size += len(encoder.encode(event.record))
        lines += event.lines
    baskets = len(source)
    print(f"{baskets} baskets: {size / baskets:.0f} bytes a basket, {lines / baskets:.2f} lines a basket, {size / lines:.1f} bytes a line")


if __name__ == "__main__":
    main()
