"""Send trade of the source year: the whole year, moved so that it ends yesterday, or one day again."""

import heapq
import logging
import random
import time
from datetime import UTC, date, datetime, timedelta

from producers.publisher import Outgoing, Publisher
from producers.running import Stop, beat
from producers.source_dataset import SourceDataset
from producers.trade import Event, event_id, sale, taken_back
from tillstream.core.avro_encoding import Encoder
from tillstream.core.errors import SourceDayError
from tillstream.core.ledger import Ledger
from tillstream.core.settings import TradeSettings

log = logging.getLogger(__name__)

RUN_ID = "history"
BATCH = 500
_REPORT_SECONDS = 5.0


class History:
    """The source year moved by whole weeks so that it ends yesterday, with returns and voids but without faults."""

    def __init__(self, dataset: SourceDataset, encoder: Encoder, settings: TradeSettings, today: date) -> None:
        self._dataset = dataset
        self._encoder = encoder
        self._settings = settings
        self._today = today
        self._end = datetime(today.year, today.month, today.day, tzinfo=UTC)
        self._taken_back: list[tuple[datetime, int, Event]] = []

    def baskets(self) -> range:
        """Return the indices of the baskets to send: of the whole year, or of the source days moved to the last HISTORY_DAYS days before today."""
        days = self._settings.history_days
        if days >= 365:
            return range(len(self._dataset))
        # The source's last days are moved to a year ago, unless the source ends on the weekday of yesterday.
        last = self._today - timedelta(days=1) - self._dataset.history_shift(self._dataset.first_day, self._today)
        end = self._dataset.day(last).stop
        return range(self._dataset.day(last - timedelta(days=days - 1)).start if days else end, end)

    def send(self, publisher: Publisher, ledger: Ledger, stop: Stop) -> bool:
        """Send what was not sent yet; return whether the history is complete."""
        baskets = self.baskets()
        position = max(ledger.start_run(RUN_ID, "history"), baskets.start)
        started, told, lines = time.monotonic(), time.monotonic(), 0
        while position < baskets.stop and not stop.asked:
            end = min(position + BATCH, baskets.stop)
            batch: list[Outgoing] = []
            for index in range(position, end):
                for event in self._events(index):
                    lines += event.lines
                    batch.append(event.outgoing(self._encoder))
            publisher.send(batch, (RUN_ID, end))
            position = end
            beat(live=False)
            if time.monotonic() - told >= _REPORT_SECONDS:
                told = time.monotonic()
                sent, rate = f"{position - baskets.start:,} of {len(baskets):,}", f"{lines / (told - started):,.0f}"
                log.info("history: %s baskets, %s lines/s", sent, rate)
        if position < baskets.stop:
            return False
        publisher.send([event.outgoing(self._encoder) for _, _, event in sorted(self._taken_back, key=lambda held: held[:2])])
        publisher.flush()
        ledger.finish_run(RUN_ID)
        log.info("history: complete, %s lines in %.0f s", f"{lines:,}", time.monotonic() - started)
        return True

    def _events(self, index: int) -> list[Event]:
        """Return the sale at an index, and the returns and voids that are due by then. They depend on the seed only, not on when they are sent."""
        basket = self._dataset.basket(index)
        source_day = basket.source_time.date()
        when = basket.source_time + self._dataset.history_shift(source_day, self._today)
        event = sale(self._dataset, basket, RUN_ID, event_id(RUN_ID, self._settings.seed, basket.basket_id), when)
        chance = random.Random(self._settings.seed * 1_000_003 + basket.basket_id)  # noqa: S311 - a simulation, repeatable by its seed
        draw = chance.random()
        if draw < self._settings.void_rate:
            self._take_back(event, "VOID", basket.lines, when + timedelta(seconds=chance.uniform(20, 120)), index)
        elif draw < self._settings.void_rate + self._settings.return_rate:
            lines = tuple(line for line in basket.lines if chance.random() < 0.3) or basket.lines[:1]
            self._take_back(event, "RETURN", lines, when + timedelta(hours=chance.uniform(2, 240)), index)
        due = []
        while self._taken_back and self._taken_back[0][0] <= when:
            due.append(heapq.heappop(self._taken_back)[2])
        return [event, *due]

    def _take_back(self, event: Event, kind: str, lines: tuple[object, ...], when: datetime, index: int) -> None:
        if when < self._end:
            ident = event_id(RUN_ID, self._settings.seed, kind, event.record["transaction_id"])
            heapq.heappush(self._taken_back, (when, index, taken_back(event, kind, lines, ident, when)))  # type: ignore[arg-type]


def replay(dataset: SourceDataset, day: date, encoder: Encoder, publisher: Publisher, ledger: Ledger, today: date) -> tuple[str, int, int]:
    """Send one source day again, without faults and returns; return the run's id, and the numbers of events and lines.

    Raises:
        SourceDayError: the source has no trade on that day.
    """
    baskets = dataset.day(day)
    if not baskets:
        raise SourceDayError(
            f"the source has no trade on {day}; it runs from {dataset.first_day} to {dataset.last_day}, without Christmas Day"
        )
    run_id = f"replay-{day}-{datetime.now(tz=UTC):%Y%m%dT%H%M%S%f}"
    ledger.start_run(run_id, "replay")
    shift = dataset.history_shift(day, today)
    lines = 0
    for start in range(baskets.start, baskets.stop, BATCH):
        batch = []
        for index in range(start, min(start + BATCH, baskets.stop)):
            basket = dataset.basket(index)
            event = sale(dataset, basket, run_id, event_id(run_id, basket.basket_id), basket.source_time + shift)
            lines += event.lines
            batch.append(event.outgoing(encoder))
        publisher.send(batch, (run_id, start))
    publisher.flush()
    ledger.finish_run(run_id)
    return run_id, len(baskets), lines
