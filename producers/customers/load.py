"""A load of texts for measuring: about baskets of the source year, without faults, in the ledger like any other; and how soon they are in Redis."""

import random
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from producers.customers.feedback import TOPIC, FeedbackPage
from producers.customers.malformed_contacts import MalformedContacts
from producers.customers.writing import Purchase, TradeEvent, Writer, name_of
from producers.latency import Watcher
from producers.publisher import Publisher
from producers.source_dataset import SourceDataset, load_source_dataset, product_types
from tillstream.core.avro_encoding import encoders
from tillstream.core.clients.redis import reader
from tillstream.core.errors import RetryableError
from tillstream.core.ledger import Ledger
from tillstream.core.settings import KafkaSettings, LedgerSettings, PseudonymSettings
from tillstream.core.waiting import await_condition

#: The job has models to load, and its first texts are read by code that is not warm.
WARM_UP_TEXTS = 100
#: What has not come by then does not come: a text in no language that is understood is set aside.
DRAIN_SECONDS = 20.0
AT_ONCE = 500
LOOK_EVERY_SECONDS = 0.05
#: Redis keeps a minute for a day, and each text of a steady load has a minute of its own.
MOST_MINUTES = 1200


class SourceTrade:
    """Baskets of the source year, in the place of what happens in the trade."""

    def __init__(self, dataset: SourceDataset) -> None:
        self._dataset = dataset

    def draw(self, draw: random.Random) -> TradeEvent | None:
        """A basket to speak of, bought at a till."""
        basket = self._dataset.basket(draw.randrange(len(self._dataset)))
        line = max(basket.lines, key=lambda line: line.net_cents)
        return TradeEvent(Purchase(str(basket.store_id), str(basket.basket_id), None, str(line.product_id), web=False))


class TextLoad:
    """Writes texts and sends them off."""

    def __init__(self) -> None:
        self.run_id = f"load-{uuid.uuid4()}"
        # By the run: an id that was sent before would be taken for the same text.
        draw = random.Random(self.run_id)  # noqa: S311 - a simulation
        trade = SourceTrade(load_source_dataset(PseudonymSettings().key.get_secret_value()))
        writer = Writer(self.run_id, {product_id: name_of(kind, category) for product_id, kind, category in product_types()})
        self._page = FeedbackPage(trade, writer, self.run_id, draw, MalformedContacts(0, draw))
        self._encoder = encoders(TOPIC)[TOPIC]
        self._ledger = Ledger(LedgerSettings().directory / f"{self.run_id}.sqlite")
        self._ledger.start_run(self.run_id, "load")

    def publisher(self) -> Publisher:
        """To send with."""
        return Publisher(self._ledger, KafkaSettings())

    def send(self, publisher: Publisher, at: list[datetime]) -> None:
        """A text of each of these times."""
        made = [written for when in at if (written := self._page.text(when))]
        self._ledger.note({str(event.record["event_id"]): noted for event, noted in made})
        publisher.send([event.outgoing(self._encoder) for event, _ in made])


def _key(minute: datetime) -> str:
    return f"voice:by_minute:ALL:{minute:%Y%m%d%H%M}"


@dataclass(frozen=True)
class BacklogRate:
    """How a backlog of texts was read: how many were sent and came to Redis, the seconds from the first one's sending to the last one's
    arrival, and the texts a second of the middle eight tenths."""

    sent: int
    arrived: int
    seconds: float
    steady: float


def backlog(texts: int) -> BacklogRate:
    """Sends so many texts as fast as it can, and watches Redis count them."""
    load, client = TextLoad(), reader()
    minute = datetime.now(tz=UTC).replace(second=0, microsecond=0)

    watcher = Watcher(lambda: int(str(client.hget(_key(minute), "texts") or 0)), LOOK_EVERY_SECONDS)
    watcher.start()
    with load.publisher() as publisher:
        load.send(publisher, [minute] * WARM_UP_TEXTS)
        await_condition("a first text to be read", lambda: len(watcher.counts) > 1, 180)
        _until_quiet(watcher, watcher.counts[0] + WARM_UP_TEXTS)
        base, began = watcher.counts[-1], time.time()
        for start in range(0, texts, AT_ONCE):
            load.send(publisher, [minute] * min(AT_ONCE, texts - start))
    _until_quiet(watcher, base + texts)
    watcher.stop()
    arrived = watcher.counts[-1] - base
    first, last = (next(i for i, count in enumerate(watcher.counts) if count - base >= arrived * share) for share in (0.1, 0.9))
    steady = (watcher.counts[last] - watcher.counts[first]) / (watcher.times[last] - watcher.times[first])
    return BacklogRate(texts, arrived, watcher.times[-1] - began, steady)


def _until_quiet(watcher: Watcher, most: int) -> None:
    """Until there are so many, or there have not been more for DRAIN_SECONDS."""
    seen, changed = watcher.counts[-1], time.monotonic()
    while seen < most and time.monotonic() - changed < DRAIN_SECONDS:
        threading.Event().wait(0.2)
        if watcher.counts[-1] > seen:
            seen, changed = watcher.counts[-1], time.monotonic()


def delays(rate: float, seconds: float) -> tuple[list[float], int]:
    """Sends so many texts a second, each with a minute of its own in the past day so that its coming is seen; gives the sorted seconds from
    each one's sending to its minute in Redis, and how many were set aside and never came."""
    load, client = TextLoad(), reader()
    minute = datetime.now(tz=UTC).replace(second=0, microsecond=0) - timedelta(minutes=2)
    waiting: dict[str, tuple[float, int]] = {}
    found: list[float] = []

    def look() -> None:
        pipeline = client.pipeline(transaction=False)
        for key in waiting:
            pipeline.hget(key, "texts")
        held, now = pipeline.execute(), time.time()
        for (key, (sent_at, before)), count in zip(list(waiting.items()), held, strict=True):
            if int(count or 0) > before:
                found.append(now - sent_at)
                del waiting[key]

    began, sent, most = time.monotonic(), 0, min(MOST_MINUTES, int(rate * seconds))
    with load.publisher() as publisher:
        while sent < most:
            threading.Event().wait(LOOK_EVERY_SECONDS)
            while sent < most and sent < (time.monotonic() - began) * rate:
                of_its_own = minute - timedelta(minutes=sent)
                waiting[_key(of_its_own)] = time.time(), int(str(client.hget(_key(of_its_own), "texts") or 0))
                load.send(publisher, [of_its_own])
                sent += 1
            look()
    ended = time.monotonic()
    while waiting and time.monotonic() - ended < DRAIN_SECONDS:
        threading.Event().wait(LOOK_EVERY_SECONDS)
        look()
    if not found:
        raise RetryableError(f"none of {sent} texts came to Redis: is the voice job running? `make logs S=flink` says why not")
    return sorted(found), len(waiting)
