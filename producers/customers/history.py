"""Send texts and calls of the weeks before the first start, about the baskets of these days, so that the platform starts with a past."""

import logging
import random
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from producers.customers.calls import CallCentre
from producers.customers.feedback import FeedbackPage, Noted
from producers.customers.malformed_contacts import MalformedContacts
from producers.customers.trade_feed import TradeMemory
from producers.customers.writing import TradeEvent, Writer
from producers.publisher import Outgoing, Publisher
from producers.running import Stop, beat
from producers.source_dataset import Basket, SourceDataset, load_source_dataset
from producers.trade import Event
from tillstream.core.avro_encoding import Encoder
from tillstream.core.ledger import Ledger
from tillstream.core.settings import PseudonymSettings, TradeSettings
from tillstream.core.topology import CALLS, FEEDBACK, TILLS

log = logging.getLogger(__name__)

RUN_ID = "voice-history"
DAYS, TEXTS_A_DAY, CALLS_A_DAY = 28, 120, 8
#: The source's last days may be up to six days beyond yesterday; there they are moved a year back.
_BEYOND = timedelta(days=7)
#: Minutes from a sale to the contact about it.
_LATER = (10, 300)
#: Every fourth day something that the trade does not know fails for half a day. This share of the contacts is about it.
EVERY, SPEAK_OF_IT, FAILING = 4, 0.6, ("APP", "CHECKOUT", "LOYALTY")


def failing(when: datetime) -> str | None:
    """Return the topic of the outage at this time, or None."""
    day = when.date().toordinal()
    return FAILING[day // EVERY % len(FAILING)] if day % EVERY == 0 and when.hour >= 12 else None


class PastTrade(TradeMemory):
    """The trade that customers remember at a time of a past day."""

    def __init__(self) -> None:
        super().__init__()
        self._now = datetime.min.replace(tzinfo=UTC)

    def pass_to(self, when: datetime, dataset: SourceDataset, basket: Basket) -> None:
        """Move the time forward and add a sold basket."""
        self._now = when
        lines = [
            {
                "product_id": str(line.product_id),
                "quantity": line.quantity,
                "net_amount": Decimal(line.net_cents) / 100,
                "coupon_match_discount": Decimal(line.coupon_match_cents) / 100,
            }
            for line in basket.lines
        ]
        record = {
            "transaction_type": "SALE",
            "transaction_id": str(basket.basket_id),
            "store_id": str(basket.store_id),
            "customer_id": dataset.pseudonym(basket.household_id),
            "event_time": when,
            "lines": lines,
        }
        self.add_event(TILLS, record, when)

    def draw(self, draw: random.Random) -> TradeEvent | None:
        """Return what a customer speaks of at that time; None if nothing has happened yet."""
        topic = failing(self._now)
        if topic and self.purchases and draw.random() < SPEAK_OF_IT:
            return TradeEvent(self.purchases[draw.randrange(len(self.purchases))], "FAILURE", topic)
        return super().draw(draw)


class VoiceHistory:
    """The texts and calls of the last weeks before today, for the days of which trade history is sent."""

    def __init__(self, settings: TradeSettings, today: date, names: dict[str, str]) -> None:
        days = min(DAYS, settings.history_days)
        #: The days, the earliest first.
        self.days = [today - timedelta(days=back) for back in range(days, 0, -1)]
        self._seed, self._names, self._today = settings.seed, names, today
        self._memory = PastTrade()

    def send(self, publisher: Publisher, ledger: Ledger, encoders: dict[str, Encoder], stop: Stop) -> None:
        """Send what was not sent yet. It depends on seed and day only, so that an event sent again is the same event."""
        position, began, sent = ledger.start_run(RUN_ID, "history"), time.monotonic(), 0
        dataset = load_source_dataset(PseudonymSettings().key.get_secret_value(), last=len(self.days) * timedelta(days=1) + _BEYOND)
        for number, day in enumerate(self.days):
            contacts = self.of_day(dataset, day)
            if number >= position:
                ledger.note({str(event.record["event_id"]): noted for _, (event, noted) in contacts})
                messages: list[Outgoing] = [event.outgoing(encoders[topic]) for topic, (event, _) in contacts]
                publisher.send(messages, (RUN_ID, number + 1))
                sent += len(messages)
            beat(live=False)
            if stop.asked:
                return
        publisher.flush()
        ledger.finish_run(RUN_ID)
        log.info("%s: complete, %s texts and calls in %.0f s", RUN_ID, f"{sent:,}", time.monotonic() - began, extra={"run_id": RUN_ID})

    def of_day(self, dataset: SourceDataset, day: date) -> list[tuple[str, tuple[Event, Noted]]]:
        """Return topic and event of each text and call of a day, in the order of the baskets that they are about."""
        draw = random.Random(f"{self._seed}:{RUN_ID}:{day}")  # noqa: S311 - a simulation, repeatable by its seed
        writer, malformed = Writer(f"{self._seed}:{RUN_ID}:{day}", self._names), MalformedContacts(0, draw)
        page = FeedbackPage(self._memory, writer, RUN_ID, draw, malformed)
        centre = CallCentre(self._memory, writer, RUN_ID, draw, malformed)
        shift = dataset.history_shift(dataset.first_day, self._today)
        baskets = dataset.day(day - shift)
        speak = sorted(draw.choices(baskets, k=TEXTS_A_DAY)) if baskets else []
        call = set(draw.sample(speak, CALLS_A_DAY)) if baskets else set()
        latest = datetime(self._today.year, self._today.month, self._today.day, tzinfo=UTC) - timedelta(seconds=1)
        contacts: list[tuple[str, tuple[Event, Noted]]] = []
        for index in baskets:
            basket = dataset.basket(index)
            sold_at = basket.source_time + shift
            self._memory.pass_to(sold_at, dataset, basket)
            for _ in range(speak.count(index)):
                when = min(sold_at + timedelta(minutes=draw.uniform(*_LATER)), latest)
                if written := page.text(when):
                    contacts.append((FEEDBACK, written))
            if index in call and (spoken := centre.call(min(sold_at + timedelta(minutes=draw.uniform(*_LATER)), latest))):
                contacts.append((CALLS, spoken))
        return contacts
