"""Send batches of messages: record them in the ledger, send them to Kafka, then mark them as acknowledged."""

import time
from dataclasses import dataclass
from types import TracebackType

from confluent_kafka import KafkaError, Message, Producer

from tillstream.core.errors import DeliveryError
from tillstream.core.ledger import Entry, Ledger, Notes
from tillstream.core.settings import KafkaSettings

#: How often acknowledgements are written to the ledger. After a crash in between, messages are in doubt but not lost.
_MARK_EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send: ledger entry, key and value."""

    entry: Entry
    key: bytes
    value: bytes


class Publisher:
    """An idempotent producer with a ledger. It blocks while Kafka accepts no more, and raises DeliveryError after five minutes of refusal."""

    def __init__(self, ledger: Ledger, settings: KafkaSettings) -> None:
        self._ledger = ledger
        self._producer = Producer(settings.producer())
        self._places: list[tuple[int, int, int]] = []
        self._failed: KafkaError | None = None
        self._marked = time.monotonic()

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.flush()

    def send(self, batch: list[Outgoing], position: tuple[str, int] | None = None, notes: Notes | None = None) -> None:
        """Send a batch. `position` is how far its run has come with this batch; `notes` are stored in the ledger together with it."""
        ids = self._ledger.intend([out.entry for out in batch], position, notes)
        for message_id, out in zip(ids, batch, strict=True):
            self._hand_over(message_id, out)
        self._producer.poll(0)
        self._raise_failure()
        if time.monotonic() - self._marked >= _MARK_EVERY_SECONDS:
            self._mark()

    def flush(self) -> None:
        """Wait until Kafka has acknowledged all messages, and mark them in the ledger."""
        deadline = time.monotonic() + 300
        while self._producer.flush(1.0):
            self._mark()
            self._raise_failure()
            if time.monotonic() > deadline:
                raise DeliveryError(f"{len(self._producer)} messages are not acknowledged after 300 s")
        self._mark()
        self._raise_failure()

    def _hand_over(self, message_id: int, out: Outgoing) -> None:
        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                self._failed = error
            else:
                self._places.append((message_id, message.partition(), message.offset()))

        while True:
            try:
                self._producer.produce(out.entry.topic, value=out.value, key=out.key, on_delivery=delivered)
            except BufferError:
                # Backpressure: the local queue is full. Wait until Kafka has accepted some of it.
                self._producer.poll(0.05)
                self._raise_failure()
            else:
                return

    def _mark(self) -> None:
        self._marked = time.monotonic()
        places, self._places = self._places, []
        if places:
            self._ledger.acknowledge(places)

    def _raise_failure(self) -> None:
        if self._failed is not None:
            raise DeliveryError(f"Kafka did not take a message: {self._failed}")
