"""What customers write, about what has just happened in the trade: the baskets of tills and web shop, and the shelves that ran empty."""

import hashlib
import io
import random
import sys
import uuid
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import fastavro
from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from faker import Faker

from producers.codec import Encoder, encoders, micros
from producers.faults import FaultInjector
from producers.publisher import Outgoing, Publisher
from producers.running import Stop, beat
from producers.trade import Event
from producers.voice.writing import Purchase, Writer, name_of, phrases
from producers.world import product_types
from tillstream.contracts import contracts
from tillstream.errors import RetryableError
from tillstream.ledger import Ledger
from tillstream.settings import FaultSettings, KafkaSettings, LedgerSettings, VoiceSettings
from tillstream.waiting import await_condition

TOPIC = "voice.feedback.v1"
ALERTS = "inventory.alerts.v1"
BASKETS = {"pos.transactions.v1": False, "web.orders.v1": True}
TICK_SECONDS = 1.0
#: Baskets and empty shelves that are still fresh in somebody's mind.
REMEMBERED = 400
#: Chance that a text is about an empty shelf, where one is known; that stars are given; that the form knows the store, the order, the product.
ABOUT_A_SHELF, RATED, KNOWS = 0.2, 0.6, 0.7
CHANNELS = ("WEB_FORM", "APP", "APP", "EMAIL", "KIOSK", "SOCIAL")
#: What cannot be analysed, by the ledger's kinds.
UNREADABLE = ("empty", "huge", "mojibake", "foreign")


class Happenings:
    """Follows the trade from now on, without a place in it to go back to."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._consumer = Consumer(settings.consumer())
        self._schemas = {topic: contracts()[topic].parsed for topic in (*BASKETS, ALERTS)}
        await_condition("Kafka to answer", self._assign, 120)
        self.purchases: deque[Purchase] = deque(maxlen=REMEMBERED)
        self.empty_shelves: deque[Purchase] = deque(maxlen=REMEMBERED)

    def _assign(self) -> bool:
        try:
            places = [
                TopicPartition(topic, partition, self._consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=10)[1])
                for topic in self._schemas
                for partition in self._consumer.list_topics(topic, timeout=10).topics[topic].partitions
            ]
            self._consumer.assign(places)
        except KafkaException as error:
            raise RetryableError(str(error)) from error
        return True

    def look(self) -> None:
        """Takes in some of what has happened; what cannot be read is not for here to complain about."""
        for message in self._consumer.consume(50, timeout=0.0):
            if not message.error():
                self._remember(message)

    def _remember(self, message: Message) -> None:
        topic = str(message.topic())
        try:
            record: Any = fastavro.schemaless_reader(io.BytesIO((message.value() or b"")[5:]), self._schemas[topic])
            if topic == ALERTS:
                if record["level"] == "OUT":
                    self.empty_shelves.append(Purchase(record["store_id"], None, None, record["product_id"], web=False))
            elif record["transaction_type"] == "SALE":
                line = max(record["lines"], key=lambda line: line["net_amount"])
                where = record["store_id"], record["transaction_id"], record["customer_id"], line["product_id"]
                self.purchases.append(Purchase(*where, web=BASKETS[topic]))
        except (ValueError, KeyError, IndexError, EOFError, TypeError, OverflowError, UnicodeDecodeError, MemoryError):
            return


def share_unhappy(store_id: str) -> float:
    """How many of a store's customers write because something was wrong: each store has its own way."""
    return 0.25 + 0.5 * int(hashlib.sha256(f"mood:{store_id}".encode()).hexdigest()[:4], 16) / 0xFFFF


class FeedbackPage:
    """Turns happenings into texts, and texts into events."""

    def __init__(self, happenings: Happenings, settings: VoiceSettings, run_id: str) -> None:
        names = {product_id: name_of(kind, category) for product_id, kind, category in product_types()}
        self._happenings = happenings
        self._run_id = run_id
        self._random = random.Random(f"{settings.seed}:{run_id}")  # noqa: S311 - a simulation, repeatable by its seed
        self._writer = Writer(f"{settings.seed}:{run_id}", names)
        self._foreign = Faker("de_DE")
        self._rate = settings.unreadable

    def text(self, now: datetime) -> tuple[Event, list[tuple[str, str]]] | None:
        """One text with what the ledger notes of it beside: what was meant, and what personal data is in it. None while nothing has happened."""
        draw = self._random
        shelf = bool(self._happenings.empty_shelves) and draw.random() < ABOUT_A_SHELF
        pool = self._happenings.empty_shelves if shelf else self._happenings.purchases
        if not pool:
            return None
        about = pool[draw.randrange(len(pool))]
        feeling = "negative" if shelf or draw.random() < share_unhappy(about.store_id) else "positive"
        topic = "STOCK" if shelf else draw.choice([t for t in phrases() if about.web or t != "DELIVERY"])
        written = self._writer.write(about, topic, feeling)
        stars = draw.choice((1, 1, 2) if feeling == "negative" else (4, 5, 5)) if draw.random() < RATED else None
        record = {
            "event_id": self._uuid(),
            "run_id": self._run_id,
            "channel": draw.choice(CHANNELS),
            "text": written.text,
            "rating": stars,
            "customer_id": about.customer_id if draw.random() < KNOWS else None,
            "store_id": about.store_id if draw.random() < KNOWS else None,
            "order_id": about.transaction_id if draw.random() < KNOWS else None,
            "product_id": about.product_id if draw.random() < KNOWS else None,
            "event_time": micros(now),
        }
        meant = [("LANGUAGE", written.language), ("FEELING", written.feeling), *(("TOPIC", t) for t in written.topics)]
        return Event(record, 0, 0, now), [*meant, *written.personal]

    def unreadable(self, event: Event, encoder: Encoder) -> list[Outgoing]:
        """At the set rate, texts that nobody can analyse, beside a good one and with ids of their own."""
        made = []
        for kind in UNREADABLE:
            if self._random.random() < self._rate:
                record = {**event.record, "event_id": self._uuid(), "text": self._nonsense(kind, str(event.record["text"]))}
                made.append(replace(event, record=record).outgoing(encoder, kind))
        return made

    def _nonsense(self, kind: str, text: str) -> str:
        match kind:
            case "empty":
                return self._random.choice(("", "   ", "\n\n"))
            case "huge":
                return (text + " ") * (1_000_000 // (len(text.encode()) + 1))
            case "mojibake":
                return "¿Dónde está mi compañía de señores? ".encode("latin-1").decode("utf-8", errors="replace") + text
            case _:
                return " ".join(self._foreign.sentences(4))

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128)))


def run() -> None:
    """The process: texts at the set rate about what happens, until SIGTERM."""
    settings, stop = VoiceSettings(), Stop()
    ledger = Ledger(LedgerSettings().directory / "voice.sqlite")
    made = encoders(TOPIC, "web.events.v1")
    started = datetime.now(tz=UTC)
    run_id = f"voice-{started:%Y%m%dT%H%M%S}"
    happenings = Happenings(KafkaSettings())
    page = FeedbackPage(happenings, settings, run_id)
    injector = FaultInjector(FaultSettings(), made["web.events.v1"], settings.seed + int(started.timestamp()) + 2)
    ledger.start_run(run_id, "live")
    print(f"{run_id}: live", file=sys.stderr, flush=True)
    credit, before = 0.0, started
    with Publisher(ledger, KafkaSettings()) as publisher:
        while not stop.wait(TICK_SECONDS):
            now = datetime.now(tz=UTC)
            happenings.look()
            credit = min(credit + settings.per_minute / 60 * (now - before).total_seconds(), settings.per_minute)
            before = now
            messages: list[Outgoing] = injector.due(now.timestamp())
            while credit >= 1 and (text := page.text(now)):
                credit -= 1
                event, noted = text
                ledger.note(str(event.record["event_id"]), noted)
                messages += injector.messages(event, made[TOPIC], now.timestamp())
                messages += page.unreadable(event, made[TOPIC])
            publisher.send(messages)
            beat(live=True)
        publisher.send(injector.due(float("inf")))
    print(f"{run_id}: stopped, everything sent is acknowledged", file=sys.stderr, flush=True)
