"""Measure how large the simulated trade is: bytes of a basket's line in Kafka, plain and compressed, the busiest hour, and the length of customers' words.

python -m bench.trade_size. It needs no platform, takes about half a minute, and records its figures in bench/results.json. The cost model
(docs/costs/) uses them.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import lz4.frame
import numpy as np

from bench.results import record
from producers.customers.calls import CallCentre
from producers.customers.malformed_contacts import MalformedContacts
from producers.customers.writing import Purchase, TradeEvent, Writer, name_of
from producers.source_dataset import SourceDataset, load_source_dataset, product_types
from producers.trade import event_id, sale
from tillstream.core.avro_encoding import Encoder
from tillstream.core.contracts import contracts
from tillstream.core.topology import TILLS

COMMAND = "python -m bench.trade_size"
#: A name like that of a run of the live tills: it is in every basket.
RUN = "live-20261128T090000"
#: How many baskets are encoded, and how many texts and calls are written.
BASKETS, CONTACTS = 20_000, 5_000
#: Kafka's header of a batch of records, and of each record in it, in bytes.
BATCH_HEADER, RECORD_HEADER = 61, 8
#: Records in a batch: at 20 lines a second, and under a load of thousands.
BATCHES = (1, 10, 500)


class AnyPurchase:
    """A source of trade events: ordinary purchases of any product."""

    def __init__(self, products: list[str]) -> None:
        self._products = products

    def draw(self, draw: random.Random) -> TradeEvent:
        """Return an ordinary purchase."""
        return TradeEvent(Purchase("367", "31198570044", "c-1", draw.choice(self._products), web=False))


def measured(draw: random.Random) -> Iterator[tuple[str, float, str, str]]:
    """Yield name, value, unit and note of each figure."""
    dataset = load_source_dataset("any key")
    encoder = Encoder(contracts()[TILLS], 1)
    baskets = [dataset.basket(draw.randrange(len(dataset))) for _ in range(BASKETS)]
    messages = [
        encoder.encode(sale(dataset, one, RUN, event_id("size", number), datetime.now(tz=UTC)).record) for number, one in enumerate(baskets)
    ]
    lines = sum(len(basket.lines) for basket in baskets)
    yield "trade.lines_per_basket", float(dataset.line_counts.mean()), "lines", "all baskets of the source year"
    size = sum(len(message) for message in messages)
    yield "trade.kafka_bytes_per_line.plain", size / lines, "bytes", f"before compression, {BASKETS:,} baskets"
    for count in BATCHES:
        yield (
            f"trade.kafka_bytes_per_line.batch_{count}",
            _compressed(messages, count) / lines,
            "bytes",
            f"LZ4, baskets in a batch: {count}",
        )
    yield "trade.busiest_hour", _busiest_hour(dataset), "times the mean hour", "of the source year"
    yield from _words(draw)


def _compressed(messages: list[bytes], size: int) -> int:
    """Return the bytes of messages in batches of a size, as Kafka stores them."""
    batches = (messages[start : start + size] for start in range(0, len(messages), size))
    return sum(BATCH_HEADER + len(lz4.frame.compress(b"".join(bytes(RECORD_HEADER) + one for one in batch))) for batch in batches)


def _busiest_hour(dataset: SourceDataset) -> float:
    """Return the lines of the year's busiest hour, divided by those of its mean hour."""
    hours = dataset.seconds // 3600
    lines = np.bincount(hours - hours[0], weights=dataset.line_counts)
    return float(lines.max() / lines.mean())


def _words(draw: random.Random) -> Iterator[tuple[str, float, str, str]]:
    names = {product: name_of(kind, category) for product, kind, category in product_types()}
    writer, trade = Writer("size", names), AnyPurchase(sorted(names))
    texts = []
    for _ in range(CONTACTS):
        event = trade.draw(draw)
        texts.append(len(writer.write(event.about, *event.topic_and_feeling(draw, 0.5)).text))
    yield "trade.characters_per_text", sum(texts) / CONTACTS, "characters", f"{CONTACTS:,} simulated texts"
    centre = CallCentre(trade, writer, "size", draw, MalformedContacts(0.0, draw))
    calls = [call for call in (centre.call(datetime.now(tz=UTC)) for _ in range(CONTACTS)) if call]
    turns = sum(len(turn["text"]) for event, _ in calls for turn in event.record["turns"])
    yield "trade.characters_per_call", turns / len(calls), "characters", f"{len(calls):,} simulated calls"


def main() -> None:
    """Print the figures, and record them."""
    for name, value, unit, note in measured(random.Random(1)):  # noqa: S311 - a simulation
        rounded = float(f"{value:.3g}")
        print(f"{name}: {rounded:,} {unit} ({note})")
        record(name, rounded, unit, COMMAND, note)


if __name__ == "__main__":
    main()
