"""Send texts to measure the speed of the text analysis. They are about baskets of the source year, have no faults, and are in the ledger."""

import random
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from producers.customers.feedback import FeedbackPage
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
from tillstream.core.topology import FEEDBACK, VOICE_BY_MINUTE, redis_prefix
from tillstream.core.waiting import await_condition

#: Texts sent before the measurement: the job must load its models, and its first texts run on code that is not compiled yet.
WARM_UP_TEXTS = 100
#: Seconds without progress after which a text is given up: texts in an unknown language are set aside and never arrive.
DRAIN_SECONDS = 20.0
AT_ONCE = 500
LOOK_EVERY_SECONDS = 0.05
#: Redis keeps a minute for a day, and each text of a steady load needs a minute of its own.
MOST_MINUTES = 1200


class SourceTrade:
    """A source of trade events made from the baskets of the source year."""

    def __init__(self, dataset: SourceDataset) -> None:
        self._dataset = dataset

    def draw(self, draw: random.Random) -> TradeEvent | None:
        """Return a basket bought at a till."""
        basket = self._dataset.basket(draw.randrange(len(self._dataset)))
        line = max(basket.lines, key=lambda line: line.net_cents)
        return TradeEvent(Purchase(str(basket.store_id), str(basket.basket_id), None, str(line.product_id), web=False))


class TextLoad:
    """A load of texts: it writes and sends them."""

    def __init__(self) -> None:
        self.run_id = f"load-{uuid.uuid4()}"
        # The seed is the run, because an id that was sent before would count as a copy.
        draw = random.Random(self.run_id)  # noqa: S311 - a simulation
        trade = SourceTrade(load_source_dataset(PseudonymSettings().key.get_secret_value()))
        writer = Writer(self.run_id, {product_id: name_of(kind, category) for product_id, kind, category in product_types()})
        self._page = FeedbackPage(trade, writer, self.run_id, draw, MalformedContacts(0, draw))
        self._encoder = encoders(FEEDBACK)[FEEDBACK]
        self._ledger = Ledger(LedgerSettings().directory / f"{self.run_id}.sqlite")
        self._ledger.start_run(self.run_id, "load")

    def publisher(self) -> Publisher:
        """Build the publisher with the ledger of this load."""
        return Publisher(self._ledger, KafkaSettings())

    def send(self, publisher: Publisher, at: list[datetime]) -> None:
        """Send a text for each of these times."""
        texts = [text for when in at if (text := self._page.text(when))]
        self._ledger.note({str(event.record["event_id"]): noted for event, noted in texts})
        publisher.send([event.outgoing(self._encoder) for event, _ in texts])


def _key(minute: datetime) -> str:
    return f"{redis_prefix(VOICE_BY_MINUTE)}:ALL:{minute:%Y%m%d%H%M}"


@dataclass(frozen=True)
class BacklogRate:
    """The speed at which a backlog of texts was analysed.

    Attributes:
        sent: number of texts sent.
        arrived: number of texts counted in Redis.
        seconds: seconds from the sending of the first text to the arrival of the last.
        steady: texts a second of the middle eight tenths.
    """

    sent: int
    arrived: int
    seconds: float
    steady: float


def backlog(texts: int) -> BacklogRate:
    """Send texts as fast as possible and measure how Redis counts them."""
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
    """Wait until there are `most` texts, or no more have arrived for DRAIN_SECONDS."""
    seen, changed = watcher.counts[-1], time.monotonic()
    while seen < most and time.monotonic() - changed < DRAIN_SECONDS:
        threading.Event().wait(0.2)
        if watcher.counts[-1] > seen:
            seen, changed = watcher.counts[-1], time.monotonic()


def delays(rate: float, seconds: float) -> tuple[list[float], int]:
    """Send texts at a steady rate, each with a minute of its own in the past day, so that its arrival in Redis is seen.

    Args:
        rate: texts a second.
        seconds: duration.

    Returns:
        The sorted delays from sending a text to its minute in Redis, in seconds, and the number of texts that never arrived.

    Raises:
        RetryableError: no text arrived.
    """
    load, client = TextLoad(), reader()
    minute = datetime.now(tz=UTC).replace(second=0, microsecond=0) - timedelta(minutes=2)
    waiting: dict[str, tuple[float, int]] = {}
    arrived: list[float] = []

    def look() -> None:
        pipeline = client.pipeline(transaction=False)
        for key in waiting:
            pipeline.hget(key, "texts")
        counts, now = pipeline.execute(), time.time()
        for (key, (sent_at, before)), count in zip(list(waiting.items()), counts, strict=True):
            if int(count or 0) > before:
                arrived.append(now - sent_at)
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
    if not arrived:
        raise RetryableError(f"none of {sent} texts came to Redis: is the voice job running? `make logs S=flink` says why not")
    return sorted(arrived), len(waiting)
