"""Send a load for measuring: trade of the source year as fast as possible, or sales at a steady rate. It is in the ledger like other trade."""

import logging
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

from producers.faults import FaultInjector
from producers.publisher import Outgoing, Publisher
from producers.source_dataset import SourceDataset, load_source_dataset
from producers.trade import Event, event_id, order, sale, taken_back
from tillstream.core.avro_encoding import encoders
from tillstream.core.ledger import Ledger
from tillstream.core.settings import FaultSettings, KafkaSettings, LedgerSettings, PseudonymSettings
from tillstream.core.topology import CLICKS, TILLS, WEB_ORDERS

log = logging.getLogger(__name__)

BATCH = 500
#: One basket of a backlog in this many is a web order; of the others, one in this many is returned in part, and one in this many is voided.
ON_THE_WEB, RETURNED, VOIDED = 10, 50, 200


def trade(dataset: SourceDataset, run_id: str, number: int, when: datetime) -> list[tuple[str, Event]]:
    """Return topics and events of the basket with a number: the web order or the sale, and its return or void at the same time."""
    basket = dataset.basket(number % len(dataset))
    ident = event_id(run_id, number)
    if number % ON_THE_WEB == 0:
        visit = {"transaction_id": f"W{number:012d}", "session_id": event_id(run_id, "visit", number), "payment_method": "CARD"}
        return [(WEB_ORDERS, order(basket, basket.lines, run_id, ident, when, customer_id=dataset.pseudonym(basket.household_id), **visit))]
    sold = sale(dataset, basket, run_id, ident, when)
    events = [(TILLS, sold)]
    if number % VOIDED == 1:
        events.append((TILLS, taken_back(sold, "VOID", basket.lines, event_id(run_id, "void", number), when)))
    elif number % RETURNED == 1:
        events.append((TILLS, taken_back(sold, "RETURN", basket.lines[:1], event_id(run_id, "return", number), when)))
    return events


def backlog(lines: int, hours: float) -> tuple[int, int]:
    """Send lines as fast as possible, with the faults of the environment; return the numbers of events and lines.

    Args:
        lines: number of lines.
        hours: the events' times are spread over this many past hours.
    """
    dataset = load_source_dataset(PseudonymSettings().key.get_secret_value())
    by_topic = encoders(TILLS, WEB_ORDERS, CLICKS)
    injector = FaultInjector(FaultSettings(), by_topic[CLICKS], 1)
    run_id = f"load-{datetime.now(tz=UTC):%Y%m%dT%H%M%S}"
    ledger = Ledger(LedgerSettings().directory / f"{run_id}.sqlite")
    ledger.start_run(run_id, "load")
    end = datetime.now(tz=UTC)
    sent, baskets, events, told = 0, 0, 0, time.monotonic()
    with Publisher(ledger, KafkaSettings()) as publisher:
        while sent < lines:
            batch: list[Outgoing] = []
            for _ in range(BATCH):
                when = end - timedelta(hours=hours * max(0.0, 1 - sent / lines))
                for topic, event in trade(dataset, run_id, baskets, when):
                    events += 1
                    sent += event.lines
                    batch.extend(injector.messages(event, by_topic[topic], time.time()))
                baskets += 1
            publisher.send(batch)
            if time.monotonic() - told > 5:
                told = time.monotonic()
                log.info("load: %s lines", f"{sent:,} of {lines:,}")
        publisher.send(injector.due(float("inf")))
    return events, sent


class Steady:
    """A steady load: sales with the current time at a rate in lines a second, without faults, in ticks of 10 ms."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._dataset = load_source_dataset(PseudonymSettings().key.get_secret_value())
        self._encoder = encoders(TILLS)[TILLS]
        self.run_id = f"load-{uuid.uuid4()}"
        self._ledger = Ledger(LedgerSettings().directory / f"{self.run_id}.sqlite")
        self._ledger.start_run(self.run_id, "load")

    def run(self, seconds: float) -> list[tuple[float, int]]:
        """Send for some seconds; return for each tick the time of sending (seconds since the epoch) and the lines sent up to then."""
        pause = threading.Event()
        started = time.monotonic()
        ticks: list[tuple[float, int]] = []
        sent = events = 0
        with Publisher(self._ledger, KafkaSettings()) as publisher:
            while (elapsed := time.monotonic() - started) < seconds:
                batch = []
                at = datetime.now(tz=UTC)
                while sent < elapsed * self._rate:
                    event = sale(
                        self._dataset, self._dataset.basket(events % len(self._dataset)), self.run_id, event_id(self.run_id, events), at
                    )
                    events += 1
                    sent += event.lines
                    batch.append(event.outgoing(self._encoder))
                if batch:
                    publisher.send(batch)
                    ticks.append((at.timestamp(), sent))
                pause.wait(0.01)
        return ticks
