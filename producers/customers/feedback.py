"""Simulate what customers write to the company about recent trade events."""

import random
import uuid
from collections import deque
from datetime import datetime
from typing import Protocol

from producers.customers.malformed_contacts import MalformedContacts
from producers.customers.trade_feed import share_unhappy
from producers.customers.writing import TradeEvent, Writer
from producers.trade import Event
from tillstream.core.avro_encoding import micros

#: Probabilities: stars are given; the form knows each of store, order, product and customer; an earlier text is repeated with a small
#: change; the text is spam.
RATED, KNOWS, REPEATED, SPAM = 0.6, 0.7, 0.04, 0.03
CHANNELS = ("WEB_FORM", "APP", "APP", "EMAIL", "KIOSK", "SOCIAL")
#: Number of recent texts that may be repeated.
REMEMBERED = 50
SPAM_TEXTS = (
    "WIN a free gift card now!!! Click here to claim your prize",
    "Cheap followers and likes, visit our website today",
    "Make money from home fast, sign up now and earn thousands",
    "Haz clic aquí y gana un premio, tarjeta regalo gratis",
)

Noted = list[tuple[str, str]]
"""What the ledger records about an event as (kind, value): what was meant, and the personal data in it."""


class TradeSource(Protocol):
    """A source of trade events that customers speak of."""

    def draw(self, draw: random.Random) -> TradeEvent | None:
        """Return a trade event that a customer speaks of; None if nothing has happened yet."""


class FeedbackPage:
    """The feedback page: it turns trade events into texts, and texts into events."""

    def __init__(self, trade: TradeSource, writer: Writer, run_id: str, draw: random.Random, malformed: MalformedContacts) -> None:
        self._trade, self._writer, self._run_id, self._random, self._malformed = trade, writer, run_id, draw, malformed
        self._written: deque[tuple[Event, Noted]] = deque(maxlen=REMEMBERED)

    def text(self, now: datetime) -> tuple[Event, Noted] | None:
        """Return a text and what the ledger records about it; None if nothing has happened in the trade yet."""
        draw = self._random
        if self._written and draw.random() < REPEATED:
            return self._repeated(now)
        if (trade_event := self._trade.draw(draw)) is None:
            return None
        about = trade_event.about
        if draw.random() < SPAM:
            record = self._record(draw.choice(SPAM_TEXTS), now)
            return Event(record, 0, 0, now), [("INTENT", "SPAM")]
        topic, feeling = trade_event.topic_and_feeling(draw, share_unhappy(about.store_id))
        written = self._writer.write(about, topic, feeling)
        stars = draw.choice((1, 1, 2) if feeling == "negative" else (4, 5, 5)) if draw.random() < RATED else None
        record = self._record(written.text, now) | {
            "rating": stars,
            "customer_id": about.customer_id if draw.random() < KNOWS else None,
            "store_id": about.store_id if draw.random() < KNOWS else None,
            "order_id": about.transaction_id if draw.random() < KNOWS else None,
            "product_id": about.product_id if draw.random() < KNOWS else None,
        }
        meant = [("LANGUAGE", written.language), ("FEELING", written.feeling), *(("TOPIC", t) for t in written.topics)]
        meant += [("PRODUCT", name) for name in written.products]
        meant += [("CAUSE", trade_event.cause)] if trade_event.cause else []
        meant += [("SARCASM", "True")] if written.sarcastic else []
        text = Event(record, 0, 0, now), [*meant, *written.personal]
        self._written.append(text)
        return text

    def unreadable(self, event: Event) -> list[tuple[str, Event]]:
        """Return copies of a text that cannot be analysed, at the set rate and with ids of their own: the kind of fault and the event."""
        return self._malformed.copies(event, lambda record, kind: record | {"text": self._malformed.text(kind, str(record["text"]))})

    def _repeated(self, now: datetime) -> tuple[Event, Noted]:
        """Return an earlier text with a small change."""
        earlier, noted = self._written[self._random.randrange(len(self._written))]
        text = str(earlier.record["text"])
        at = self._random.randrange(len(text))
        changed = self._random.choice((text + " !!", text.lower(), text[:at] + text[at + 1 :], text + " 😡"))
        kept = [note for note in noted if note[1] in changed or note[0] in ("LANGUAGE", "FEELING", "TOPIC", "CAUSE", "SARCASM")]
        record = {**earlier.record, **self._record(changed, now), "store_id": earlier.record["store_id"]}
        return Event(record, 0, 0, now), [*kept, ("DUPLICATE", str(earlier.record["event_id"]))]

    def _record(self, text: str, now: datetime) -> dict[str, object]:
        nothing = dict.fromkeys(("rating", "customer_id", "store_id", "order_id", "product_id"))
        ident = str(uuid.UUID(int=self._random.getrandbits(128)))
        return {
            "event_id": ident,
            "run_id": self._run_id,
            "channel": self._random.choice(CHANNELS),
            "text": text,
            **nothing,
            "event_time": micros(now),
        }
