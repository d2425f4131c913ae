"""Run the web shop: simulate visits from a seed, with the catalogue and households of the tills, and with clicks, orders and deliveries."""

import heapq
import itertools
import json
import logging
import random
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from producers.deliveries import delivered_at
from producers.faults import FaultInjector
from producers.pacing import DayCurve
from producers.publisher import Outgoing, Publisher
from producers.running import Stop, beat
from producers.source_dataset import NOT_STOCKED, Basket, Line, SourceDataset, load_source_dataset
from producers.tills import TICK_SECONDS
from producers.trade import Event, order
from tillstream.core.avro_encoding import Encoder, encoders, micros
from tillstream.core.ledger import Ledger
from tillstream.core.settings import FaultSettings, KafkaSettings, LedgerSettings, PseudonymSettings, TradeSettings
from tillstream.core.topology import CLICKS, TILLS, WEB_ORDERS

log = logging.getLogger(__name__)

DEVICES = ("PHONE", "PHONE", "PHONE", "DESKTOP", "DESKTOP", "TABLET")
MOST_ITEMS = 8
#: Probabilities: a visitor signs in; searches for an item instead of browsing to it; adds it; removes it; goes to the checkout; pays.
SIGNED_IN, SEARCHES, ADDS, REMOVES, CHECKS_OUT, PAYS = 0.7, 0.45, 0.6, 0.08, 0.55, 0.8


#: Probability that a visitor first searches for something that the shop does not have, and then for something else.
FINDS_NOTHING = 0.06
#: Kinds of the ledger's notes for a delivery to come. The first is stored with the order, and ends when Kafka has acknowledged the delivery.
ON_ITS_WAY, DELIVERED = "ON_ITS_WAY", "DELIVERED"
NOT_SOLD = (
    "gluten free beer",
    "gift card",
    "oat creamer barista",
    "reusable straws",
    "organic dog treats",
    "kombucha",
    "baby formula stage 3",
    "led bulbs",
)


class WebShop:
    """The simulated visits: clicks and perhaps an order, in the order of time."""

    def __init__(self, dataset: SourceDataset, settings: TradeSettings, run_id: str) -> None:
        self._dataset = dataset
        self._run_id = run_id
        self._promised = timedelta(minutes=settings.delivery_minutes)
        self._random = random.Random(f"{settings.seed}:web:{run_id}")  # noqa: S311 - a simulation, repeatable by its seed
        self._names = {int(p[0] or 0): (p[2] or p[1] or "").lower() for p in dataset.products()}
        self._found = Counter(self._names.values())
        self._unsold = {int(p[0] or 0) for p in dataset.products() if p[2] in NOT_STOCKED}

    def visit(self, start: datetime) -> Iterator[tuple[str, Event]]:
        """Yield topic and event of each action of a visit that begins at `start`. The visitor looks at what a household once bought."""
        draw = self._random
        basket = self._dataset.basket(draw.randrange(len(self._dataset)))
        session = str(uuid.UUID(int=draw.getrandbits(128)))
        customer = self._dataset.pseudonym(basket.household_id) if draw.random() < SIGNED_IN else None
        device = draw.choice(DEVICES)
        clock = start

        def event(kind: str, when: datetime, **details: Any) -> tuple[str, Event]:
            record = {
                "event_id": self._uuid(),
                "run_id": self._run_id,
                "session_id": session,
                "customer_id": customer,
                "event_type": kind,
                "product_id": None,
                "search_terms": None,
                "quantity": None,
                "order_id": None,
                "device": device,
                "event_time": micros(when),
                "result_count": None,
                "promised_at": None,
                **details,
            }
            return CLICKS, Event(record, 0, 0, when)

        def act(kind: str, **details: Any) -> tuple[str, Event]:
            nonlocal clock
            clock += timedelta(seconds=draw.uniform(2, 25))
            return event(kind, clock, **details)

        wanted = [line for line in basket.lines if line.product_id not in self._unsold and line.quantity > 0]
        chosen: list[Line] = []
        for line in wanted[: draw.randint(1, MOST_ITEMS)]:
            if nothing := draw.random() < FINDS_NOTHING:
                yield act("SEARCH", search_terms=draw.choice(NOT_SOLD), result_count=0)
            if nothing or draw.random() < SEARCHES:
                terms = self._names.get(line.product_id, "something else")
                yield act("SEARCH", search_terms=terms, result_count=max(1, self._found[terms]))
            yield act("VIEW", product_id=str(line.product_id))
            if draw.random() < ADDS:
                yield act("ADD", product_id=str(line.product_id), quantity=line.quantity)
                if draw.random() < REMOVES:
                    yield act("REMOVE", product_id=str(line.product_id), quantity=line.quantity)
                else:
                    chosen.append(line)
        if chosen and draw.random() < CHECKS_OUT:
            yield act("CHECKOUT")
            if draw.random() < PAYS:
                number = f"W{draw.randrange(10**12):012d}"
                yield act("PAY", order_id=number)
                yield WEB_ORDERS, self._order(basket, tuple(chosen), number, session, customer, clock)
                comes = delivered_at(str(basket.store_id), clock, self._promised, draw)
                yield event(DELIVERED, comes, order_id=number, promised_at=micros(clock + self._promised))

    def _order(self, basket: Basket, lines: tuple[Line, ...], number: str, session: str, customer: str | None, when: datetime) -> Event:
        ident = self._uuid()
        paid_by = self._random.choice(("CARD", "CARD", "CARD", "MOBILE", "GIFT_CARD"))
        visit = {"transaction_id": number, "session_id": session, "customer_id": customer, "payment_method": paid_by}
        return order(basket, lines, self._run_id, ident, when, **visit)

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128)))


class LiveShop:
    """The live shop: it starts visits at the rate of the time of day, and returns each event at its time."""

    def __init__(self, shop: WebShop, curve: DayCurve, zone: ZoneInfo, visits_per_minute: float) -> None:
        self._shop = shop
        self._curve = curve
        self._zone = zone
        self._visits_per_second = visits_per_minute / 60
        self._credit = 0.0
        self._later: list[tuple[float, int, str, Event]] = []
        self._order = itertools.count()
        #: The delivery of each order that was not sent yet, by the order's event id.
        self._promised: dict[str, dict[str, Any]] = {}

    def acts(self, now: datetime, seconds: float) -> list[tuple[str, Event]]:
        """Return the events whose time has come, after `seconds` more seconds."""
        self._credit += self._visits_per_second * self._curve.share(now.astimezone(self._zone)) * seconds
        while self._credit >= 1:
            self._credit -= 1
            ordered = ""
            for topic, event in self._shop.visit(now):
                self._await(topic, event)
                if topic == WEB_ORDERS:
                    ordered = event.record["event_id"]
                elif event.record["event_type"] == DELIVERED:
                    self._promised[ordered] = event.record
        due = []
        while self._later and self._later[0][0] <= now.timestamp():
            due.append(heapq.heappop(self._later)[2:])
        return due

    def _await(self, topic: str, event: Event) -> None:
        heapq.heappush(self._later, (event.event_time.timestamp(), next(self._order), topic, event))

    def promises(self, messages: Iterable[Outgoing]) -> dict[str, list[tuple[str, str]]]:
        """Return the ledger's notes for the deliveries of the orders among these messages, to be stored together with them."""
        promised = (self._promised.pop(out.entry.event_id, None) for out in messages)
        return {delivery["event_id"]: [(ON_ITS_WAY, json.dumps(delivery))] for delivery in promised if delivery}

    def goes_on_with(self, deliveries: Iterable[dict[str, Any]]) -> None:
        """Schedule deliveries for orders of an earlier run."""
        for record in deliveries:
            self._await(CLICKS, Event(record, 0, 0, datetime.fromtimestamp(record["event_time"] / 1_000_000, tz=UTC)))


def trade(
    live: LiveShop, injector: FaultInjector, encoders: Mapping[str, Encoder], publisher: Publisher, now: datetime, seconds: float
) -> None:
    """Send the events of the visitors in the last seconds, and the held-back messages that are due now."""
    messages = injector.due(now.timestamp())
    for topic, event in live.acts(now, seconds):
        movable = event.record.get("event_type") != DELIVERED
        messages.extend(injector.messages(event, encoders[topic], now.timestamp(), movable=movable))
    publisher.send(messages, notes=live.promises(messages))


def run() -> None:
    """Run until SIGTERM: send today's trade up to now if none was sent, then live trade."""
    settings, stop = TradeSettings(), Stop()
    dataset = load_source_dataset(PseudonymSettings().key.get_secret_value())
    ledger = Ledger(LedgerSettings().directory / "web.sqlite")
    by_topic = encoders(WEB_ORDERS, CLICKS, TILLS)
    started = datetime.now(tz=UTC)
    run_id = f"web-{started:%Y%m%dT%H%M%S}"
    zone = ZoneInfo(settings.store_timezone)
    curve = DayCurve(dataset, settings.live_rate, settings.live_floor)
    live = LiveShop(WebShop(dataset, settings, run_id), curve, zone, settings.web_visits_per_minute)
    live.goes_on_with(json.loads(record) for record in ledger.open_notes(ON_ITS_WAY))
    injector = FaultInjector(FaultSettings(), by_topic[TILLS], settings.seed + int(started.timestamp()) + 1)
    with Publisher(ledger, KafkaSettings()) as publisher:
        midnight = started.replace(hour=0, minute=0, second=0, microsecond=0)
        clock = midnight if settings.backfill_today and not ledger.has_events_since(int(midnight.timestamp()) // 60, "live") else started
        ledger.start_run(run_id, "live")
        while clock < started and not stop.asked:
            clock += timedelta(seconds=60)
            messages = [event.outgoing(by_topic[topic]) for topic, event in live.acts(min(clock, started), 60)]
            publisher.send(messages, notes=live.promises(messages))
            beat(live=False)
        log.info("%s: live", run_id, extra={"run_id": run_id})
        before = datetime.now(tz=UTC)
        while not stop.wait(TICK_SECONDS):
            now = datetime.now(tz=UTC)
            trade(live, injector, by_topic, publisher, now, (now - before).total_seconds())
            before = now
            beat(live=True)
        messages = injector.due(float("inf"))
        publisher.send(messages, notes=live.promises(messages))
    log.info("%s: stopped, everything sent is acknowledged", run_id, extra={"run_id": run_id})
