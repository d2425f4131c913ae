"""Run the tills: send history at the first start, then live trade at the rate of the time of day, with faults."""

import heapq
import itertools
import logging
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from producers.faults import FaultInjector
from producers.history import History
from producers.pacing import DayCurve
from producers.publisher import Outgoing, Publisher
from producers.running import Stop, beat
from producers.source_dataset import SourceDataset, load_source_dataset
from producers.trade import Event, sale, taken_back
from tillstream.core.avro_encoding import Encoder, encoders
from tillstream.core.ledger import Ledger
from tillstream.core.settings import FaultSettings, KafkaSettings, LedgerSettings, PseudonymSettings, TradeSettings
from tillstream.core.topology import CLICKS, TILLS

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
#: After a pause of the machine, at most this much trade is caught up at once.
MOST_CREDIT_SECONDS = 5.0


class LiveTills:
    """The live trade: baskets that the source closed at this minute of the stores' clock, as events with the current time."""

    def __init__(self, dataset: SourceDataset, encoder: Encoder, injector: FaultInjector, settings: TradeSettings, run_id: str) -> None:
        self._dataset = dataset
        self._encoder = encoder
        self._injector = injector
        self._settings = settings
        self._run_id = run_id
        self._zone = ZoneInfo(settings.store_timezone)
        self._curve = DayCurve(dataset, settings.live_rate, settings.live_floor)
        self._random = random.Random(f"{settings.seed}:{run_id}")  # noqa: S311 - a simulation, repeatable by its seed
        self._credit = 0.0
        self._later: list[tuple[float, int, Event]] = []
        self._order = itertools.count()

    def tick(self, now: datetime, seconds: float) -> list[Outgoing]:
        """Return the messages of the last `seconds` seconds."""
        rate = self._curve.rate(now.astimezone(self._zone))
        self._credit = min(self._credit + rate * seconds, rate * MOST_CREDIT_SECONDS)
        messages = self._injector.due(now.timestamp())
        for event in self._due(now):
            messages.extend(self._injector.messages(event, self._encoder, now.timestamp()))
        while self._credit > 0:
            event = self._sale(now)
            self._credit -= event.lines
            messages.extend(self._injector.messages(event, self._encoder, now.timestamp()))
        return messages

    def backfill(self, start: datetime) -> Iterator[list[Outgoing]]:
        """Yield the trade of each whole minute from `start` to the minute before this one, without faults."""
        minute = start
        while minute < datetime.now(tz=UTC).replace(second=0, microsecond=0):
            budget = self._curve.rate(minute.astimezone(self._zone)) * 60
            batch = [event.outgoing(self._encoder) for event in self._due(minute)]
            while budget > 0:
                event = self._sale(minute + timedelta(seconds=self._random.uniform(0, 59.9)))
                budget -= event.lines
                batch.append(event.outgoing(self._encoder))
            yield batch
            minute += timedelta(minutes=1)

    def close(self) -> list[Outgoing]:
        """Return the messages that are still held back, to be sent before the end."""
        return self._injector.due(float("inf"))

    def _sale(self, now: datetime) -> Event:
        local = now.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        # A minute at night may have no basket: use the nearest minute that has one.
        pool = next(
            p
            for step in range(720)
            for p in (self._dataset.by_minute_of_day[(minute - step) % 1440], self._dataset.by_minute_of_day[(minute + step) % 1440])
            if len(p)
        )
        basket = self._dataset.basket(int(pool[self._random.randrange(len(pool))]))
        event = sale(self._dataset, basket, self._run_id, str(uuid.UUID(int=self._random.getrandbits(128))), now)
        draw = self._random.random()
        if draw < self._settings.void_rate:
            self._plan(event, "VOID", basket.lines, now, self._random.uniform(20, 120))
        elif draw < self._settings.void_rate + self._settings.return_rate:
            lines = tuple(line for line in basket.lines if self._random.random() < 0.3) or basket.lines[:1]
            self._plan(event, "RETURN", lines, now, self._random.uniform(30, 5400))
        return event

    def _plan(self, event: Event, kind: str, lines: tuple[object, ...], now: datetime, seconds: float) -> None:
        when = now + timedelta(seconds=seconds)
        ident = str(uuid.UUID(int=self._random.getrandbits(128)))
        heapq.heappush(self._later, (when.timestamp(), next(self._order), taken_back(event, kind, lines, ident, when)))  # type: ignore[arg-type]

    def _due(self, now: datetime) -> list[Event]:
        due = []
        while self._later and self._later[0][0] <= now.timestamp():
            due.append(heapq.heappop(self._later)[2])
        return due


def run() -> None:
    """Run until SIGTERM: send the history if it is not complete, today's trade up to now if none was sent, then live trade."""
    settings, stop = TradeSettings(), Stop()
    dataset = load_source_dataset(PseudonymSettings().key.get_secret_value())
    ledger = Ledger(LedgerSettings().directory / "tills.sqlite")
    by_topic = encoders(TILLS, CLICKS)
    encoder = by_topic[TILLS]
    started = datetime.now(tz=UTC)
    with Publisher(ledger, KafkaSettings()) as publisher:
        if not ledger.finished("history") and not History(dataset, encoder, settings, started.date()).send(publisher, ledger, stop):
            return
        run_id = f"live-{started:%Y%m%dT%H%M%S}"
        injector = FaultInjector(FaultSettings(), by_topic[CLICKS], settings.seed + int(started.timestamp()))
        tills = LiveTills(dataset, encoder, injector, settings, run_id)
        midnight = started.replace(hour=0, minute=0, second=0, microsecond=0)
        fill = settings.backfill_today and not ledger.has_events_since(int(midnight.timestamp()) // 60, "live")
        ledger.start_run(run_id, "live")
        if fill:
            for batch in tills.backfill(midnight):
                publisher.send(batch)
                beat(live=False)
                if stop.asked:
                    return
        log.info("%s: live", run_id, extra={"run_id": run_id})
        before = datetime.now(tz=UTC)
        while not stop.wait(TICK_SECONDS):
            now = datetime.now(tz=UTC)
            messages = tills.tick(now, (now - before).total_seconds())
            before = now
            publisher.send(messages)
            beat(live=True)
        publisher.send(tills.close())
    log.info("%s: stopped, everything sent is acknowledged", run_id, extra={"run_id": run_id})
