"""A load for measuring: baskets of the source year as fast as they can be made, or at a steady rate. In the ledger like any other trade."""

import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

from producers.codec import encoders
from producers.faults import FaultInjector
from producers.publisher import Outgoing, Publisher
from producers.trade import event_id, sale
from producers.world import load_world
from tillstream.ledger import Ledger
from tillstream.settings import FaultSettings, KafkaSettings, LedgerSettings, PseudonymSettings

TOPIC = "pos.transactions.v1"
BATCH = 500


def backlog(lines: int, hours: float) -> tuple[int, int]:
    """Sends so many lines as fast as it can, their times spread over the last hours, with the faults of the environment. Gives events and lines."""
    world = load_world(PseudonymSettings().key.get_secret_value())
    made = encoders(TOPIC, "web.events.v1")
    injector = FaultInjector(FaultSettings(), made["web.events.v1"], 1)
    run_id = f"load-{datetime.now(tz=UTC):%Y%m%dT%H%M%S}"
    ledger = Ledger(LedgerSettings().directory / f"{run_id}.sqlite")
    ledger.start_run(run_id, "load")
    end = datetime.now(tz=UTC)
    sent, events, told = 0, 0, time.monotonic()
    with Publisher(ledger, KafkaSettings()) as publisher:
        while sent < lines:
            batch: list[Outgoing] = []
            for _ in range(BATCH):
                basket = world.basket(events % len(world))
                when = end - timedelta(hours=hours * max(0.0, 1 - sent / lines))
                event = sale(world, basket, run_id, event_id(run_id, events), when)
                events += 1
                sent += event.lines
                batch.extend(injector.messages(event, made[TOPIC], time.time()))
            publisher.send(batch)
            if time.monotonic() - told > 5:
                told = time.monotonic()
                print(f"load: {sent:,} of {lines:,} lines", file=sys.stderr, flush=True)
        publisher.send(injector.due(float("inf")))
    return events, sent


def steady(rate: float, seconds: float) -> tuple[int, int]:
    """Sends so many lines a second, each event of now, with no faults, in ticks of 10 ms. Gives events and lines.

    Prints, for each tick, the time in microseconds and the lines sent up to then: what the latency is measured by.
    """
    world = load_world(PseudonymSettings().key.get_secret_value())
    encoder = encoders(TOPIC)[TOPIC]
    run_id = f"load-{uuid.uuid4()}"
    ledger = Ledger(LedgerSettings().directory / f"{run_id}.sqlite")
    ledger.start_run(run_id, "load")
    started = time.monotonic()
    sent = events = 0
    with Publisher(ledger, KafkaSettings()) as publisher:
        while (elapsed := time.monotonic() - started) < seconds:
            batch = []
            while sent < elapsed * rate:
                now = datetime.now(tz=UTC)
                event = sale(world, world.basket(events % len(world)), run_id, event_id(run_id, events), now)
                events += 1
                sent += event.lines
                batch.append(event.outgoing(encoder))
            if batch:
                publisher.send(batch)
                print(f"{time.time_ns() // 1000}\t{sent}", flush=True)
            time.sleep(0.01)
    return events, sent
