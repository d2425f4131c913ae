"""Run the simulated customers."""

import logging
import random
from datetime import UTC, datetime

from producers.customers import calls, feedback, photos
from producers.customers.history import RUN_ID, VoiceHistory
from producers.customers.malformed_contacts import MalformedContacts
from producers.customers.trade_feed import TradeFeed
from producers.customers.writing import Writer, name_of
from producers.faults import FaultInjector
from producers.publisher import Outgoing, Publisher
from producers.running import Stop, beat
from producers.source_dataset import product_types
from tillstream.core.avro_encoding import encoders
from tillstream.core.errors import RetryableError
from tillstream.core.ledger import Ledger
from tillstream.core.settings import FaultSettings, KafkaSettings, LedgerSettings, PageSettings, TradeSettings, VoiceSettings
from tillstream.core.topology import CALLS, CLICKS, FEEDBACK

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0


class Pace:
    """The number of contacts that are due at a rate a minute. A backlog of more than a minute is dropped."""

    def __init__(self, per_minute: float) -> None:
        self._per_minute, self._credit = per_minute, 0.0

    def pass_by(self, seconds: float) -> None:
        """Move the time forward."""
        self._credit = min(self._credit + self._per_minute / 60 * seconds, max(1.0, self._per_minute))

    def due(self) -> bool:
        """Return whether a contact is due, and take it from the count."""
        self._credit -= (is_due := self._credit >= 1)
        return is_due


def run() -> None:
    """Run until SIGTERM.

    The texts and calls of the last weeks are sent first, if they were not sent. Then texts, calls and photos about the trade are sent at the
    set rates.
    """
    settings, stop = VoiceSettings(), Stop()
    ledger = Ledger(LedgerSettings().directory / "voice.sqlite")
    by_topic = encoders(FEEDBACK, CALLS, CLICKS)
    started = datetime.now(tz=UTC)
    run_id = f"voice-{started:%Y%m%dT%H%M%S}"
    seed = f"{settings.seed}:{run_id}"
    draw = random.Random(seed)  # noqa: S311 - a simulation, repeatable by its seed
    feed, malformed = TradeFeed(KafkaSettings()), MalformedContacts(settings.unreadable, draw)
    names = {product_id: name_of(kind, category) for product_id, kind, category in product_types()}
    writer = Writer(seed, names)
    page = feedback.FeedbackPage(feed, writer, run_id, draw, malformed)
    centre = calls.CallCentre(feed, writer, run_id, draw, malformed)
    sources = (
        (Pace(settings.texts_per_minute), page.text, page.unreadable, by_topic[FEEDBACK]),
        (Pace(settings.calls_per_minute), centre.call, centre.unreadable, by_topic[CALLS]),
    )
    camera = photos.PhotoPage(feed, writer, run_id, draw, settings.unreadable, PageSettings())
    shots = Pace(settings.photos_per_minute)
    injector = FaultInjector(FaultSettings(), by_topic[CLICKS], settings.seed + int(started.timestamp()) + 2)
    with Publisher(ledger, KafkaSettings()) as publisher:
        if not ledger.finished(RUN_ID):
            VoiceHistory(TradeSettings(), started.date(), names).send(publisher, ledger, by_topic, stop)
        ledger.start_run(run_id, "live")
        log.info("%s: live", run_id, extra={"run_id": run_id})
        before = datetime.now(tz=UTC)
        while not stop.wait(TICK_SECONDS):
            now = datetime.now(tz=UTC)
            feed.poll()
            messages: list[Outgoing] = injector.due(now.timestamp())
            for pace, next_contact, unreadable, encoder in sources:
                pace.pass_by((now - before).total_seconds())
                while pace.due() and (contact := next_contact(now)):
                    event, noted = contact
                    ledger.note({str(event.record["event_id"]): noted})
                    messages += injector.messages(event, encoder, now.timestamp())
                    messages += [spoilt.outgoing(encoder, kind) for kind, spoilt in unreadable(event)]
            shots.pass_by((now - before).total_seconds())
            if shots.due():
                try:
                    camera.put(ledger, camera.photos(now))
                except RetryableError as error:
                    # Texts and calls continue. The photo stays in doubt.
                    log.warning("%s: %s", run_id, error, extra={"run_id": run_id})
            before = now
            publisher.send(messages)
            beat(live=True)
        publisher.send(injector.due(float("inf")))
    log.info("%s: stopped, everything sent is acknowledged", run_id, extra={"run_id": run_id})
