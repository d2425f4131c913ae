"""Send messages as other writers would, into the topics of the test platform. Each basket has its own store, by which tests find it."""

import copy
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from confluent_kafka import KafkaError, Message, Producer

from tests.fuzz.avro.decoder import framed
from tests.fuzz.avro.messages import basket, encoded, feedback, line
from tests.support.compose_platform import Platform
from tillstream.core.avro_encoding import micros, money
from tillstream.core.clients.registry import schema_id
from tillstream.core.contracts import contracts

SALES, VOICE, STOCK = "pos.transactions.v1", "voice.feedback.v1", "inventory.movements.v1"
#: Settings for a large message. Kafka limits the compressed size of a batch, and these batches have a few kilobytes when compressed.
LARGE = {"message.max.bytes": 8_000_000, "compression.type": "lz4"}
REFERRED = "tillstream.pos.v1.Line"


@dataclass
class Sent:
    """A message that Kafka has accepted, with its event and its partition and offset."""

    topic: str
    event_id: str = ""
    place: tuple[int, int] = (-1, -1)


@dataclass
class Strangers:
    """Registers schemas and sends messages."""

    platform: Platform
    sent: dict[str, Sent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._producer = Producer({"bootstrap.servers": self.platform.kafka, **LARGE})
        self._registry = httpx.Client(base_url=self.platform.registry, timeout=20)
        self._ids = {topic: schema_id(self._registry, contracts()[topic]) for topic in (SALES, VOICE)}

    def __enter__(self) -> "Strangers":
        return self

    def __exit__(self, *_: object) -> None:
        self._registry.close()

    def register(self, subject: str, schema: Any, **more: Any) -> int:
        """Register a schema under a subject, and return its id."""
        text = schema if isinstance(schema, str) else json.dumps(schema)
        answer = self._registry.post(f"/subjects/{subject}/versions", json={"schema": text, **more})
        answer.raise_for_status()
        return int(answer.json()["id"])

    def send(self, name: str, value: bytes | None, topic: str = SALES, event_id: str = "", partition: int = 0) -> None:
        """Send a message and keep it in `sent` under a name."""
        sent = self.sent[name] = Sent(topic, event_id)

        def taken(error: KafkaError | None, message: Message) -> None:
            assert error is None, f"{name}: {error}"
            sent.place = int(message.partition() or 0), int(message.offset() or 0)

        self._producer.produce(topic, value, key=b"stranger", partition=partition, on_delivery=taken)

    def basket(self, name: str, cents: int, store: str, numbers: tuple[int, ...] = (1,), **how: Any) -> None:
        """Send a basket with a line of this amount for each line number.

        Optional: another partition, the id and the schema of another writer, and the unscaled amount.
        """
        record = self._record(cents, store, numbers, how.get("unscaled"))
        document = how.get("schema", contracts()[SALES].document)
        self.send(
            name, framed(how.get("id", self._ids[SALES]), encoded(document, record)), SALES, record["event_id"], how.get("partition", 0)
        )

    def aborted_basket(self, cents: int, store: str) -> None:
        """Begin a transaction with a basket and abort it."""
        producer = Producer({"bootstrap.servers": self.platform.kafka, "transactional.id": f"stranger-{uuid.uuid4()}"})
        producer.init_transactions(60)
        producer.begin_transaction()
        record = self._record(cents, store, (1,), None)
        producer.produce(SALES, framed(self._ids[SALES], encoded(contracts()[SALES].document, record)), key=b"stranger", partition=0)
        assert producer.flush(60) == 0
        producer.abort_transaction(60)

    def a_basket_a_day(self, days: int, store: str) -> None:
        """Send a basket of one dollar for each of the last days, at once."""
        now = datetime.now(tz=UTC)
        for day in range(days):
            record = self._record(100, store, (1,), None) | {"event_time": micros(now - timedelta(days=day))}
            value = framed(self._ids[SALES], encoded(contracts()[SALES].document, record))
            self._producer.produce(SALES, value, key=b"stranger", partition=day % 4)

    def text(self, name: str, text: bytes) -> None:
        """Send feedback whose text is these bytes."""
        mark = "#" * len(text)
        record = feedback(event_id=str(uuid.uuid4()), event_time=micros(datetime.now(tz=UTC)), text=mark)
        body = encoded(contracts()[VOICE].document, record).replace(mark.encode(), text)
        self.send(name, framed(self._ids[VOICE], body), VOICE, record["event_id"])

    def flush(self) -> None:
        """Wait until Kafka has accepted all messages."""
        assert self._producer.flush(60) == 0

    @staticmethod
    def _record(cents: int, store: str, numbers: tuple[int, ...], unscaled: int | None) -> dict[str, Any]:
        amount = money(cents if unscaled is None else unscaled)
        lines = [line(line_no=number, net_amount=amount) for number in numbers]
        total = money((cents if unscaled is None else unscaled) * len(numbers))
        moment = micros(datetime.now(tz=UTC))
        return basket(event_id=str(uuid.uuid4()), event_time=moment, source_time=moment, store_id=store, lines=lines, total_amount=total)


def of_scale_four(node: Any) -> Any:
    """Return a schema with four decimal places in every decimal."""
    if isinstance(node, dict):
        changed = {key: of_scale_four(value) for key, value in node.items()}
        return changed | {"precision": 14, "scale": 4} if node.get("logicalType") == "decimal" else changed
    return [of_scale_four(item) for item in node] if isinstance(node, list) else node


def with_a_reference() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the contract of baskets with a reference in place of its line, and the schema of the line."""
    document: dict[str, Any] = copy.deepcopy(contracts()[SALES].document)
    (lines,) = [found for found in document["fields"] if found["name"] == "lines"]
    of_line = lines["type"]["items"] | {"namespace": "tillstream.pos.v1"}
    lines["type"]["items"] = REFERRED
    return document, of_line
