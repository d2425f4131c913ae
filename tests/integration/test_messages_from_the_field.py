"""Messages that have stopped or misled other systems, sent to the running platform: each is counted rightly or set aside, and the next sale is read."""

import copy
import json
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from confluent_kafka import KafkaError, Message, Producer

from producers.codec import micros, money
from tests.fuzz.avro.decoder import framed
from tests.fuzz.avro.messages import basket, encoded, line
from tests.platform import Platform, eventually
from tillstream.contracts import contracts
from tillstream.deploy.schemas import schema_id

TILLS = contracts()["pos.transactions.v1"]
#: Some value that no other message of the tests has.
AMOUNT_ABORTED = 777_77


class Sender:
    """Sends messages to the tills' topic, all to one partition, and keeps where they came to lie."""

    def __init__(self, platform: Platform) -> None:
        self._producer = Producer({"bootstrap.servers": platform.kafka, "message.max.bytes": 30_000_000, "compression.type": "lz4"})
        self.places: dict[str, int] = {}

    def send(self, name: str, value: bytes | None) -> None:
        def delivered(error: KafkaError | None, message: Message) -> None:
            assert error is None, error
            self.places[name] = message.offset()

        self._producer.produce(TILLS.topic, value, partition=0, on_delivery=delivered)
        assert self._producer.flush(30) == 0


def sale(cents: int, **changed: Any) -> dict[str, Any]:
    """A basket of now, with an id of its own."""
    now = micros(datetime.now(tz=UTC))
    return basket(
        event_id=str(uuid.uuid4()), run_id="field", event_time=now, source_time=now, total_amount=money(cents), lines=[line(net_amount=money(cents))], **changed
    )  # fmt: skip


class Sent:
    """What was sent, by its name."""

    def __init__(self, platform: Platform) -> None:
        self.sender = Sender(platform)
        self.sales: dict[str, dict[str, Any]] = {}
        with httpx.Client(base_url=platform.registry, timeout=30) as registry:
            self._own = schema_id(registry, TILLS)
            self._send_other_kinds(registry)
            self._send_other_writers(registry)
        self._abort(platform)
        self.sender.send("tombstone", None)
        self._basket("a store of 600 KB", sale(100, store_id="s" * 600_000))
        self.sender.send("five megabytes", b"\x01" * 5_000_000)
        self._basket("a store that is not UTF-8", sale(100), broken=True)
        self._basket("the next sale", sale(4321))

    def _basket(self, name: str, record: dict[str, Any], *, broken: bool = False) -> None:
        self.sales[name] = record
        body = encoded(TILLS.document, record)
        self.sender.send(name, framed(self._own, body.replace(b"\x06367", b"\x06\xe967") if broken else body))

    def _send_other_kinds(self, registry: httpx.Client) -> None:
        kinds = {
            "a JSON Schema": {"schema": '{"type":"object","properties":{"till":{"type":"string"}}}', "schemaType": "JSON"},
            "Protobuf": {"schema": 'syntax = "proto3"; message Till { string id = 1; }', "schemaType": "PROTOBUF"},
        }
        for name, body in kinds.items():
            ident = registered(registry, name, body)
            self.sender.send(name, framed(ident, encoded(TILLS.document, sale(100))))

    def _send_other_writers(self, registry: httpx.Client) -> None:
        document = copy.deepcopy(TILLS.document)
        (lines,) = [field for field in document["fields"] if field["name"] == "lines"]
        refers = [{"name": "tillstream.pos.v1.Line", "subject": "field-line-value", "version": 1}]
        registered(registry, "line", {"schema": json.dumps(lines["type"]["items"] | {"namespace": "tillstream.pos.v1"})})
        lines["type"]["items"] = "tillstream.pos.v1.Line"
        self.sales["of references"] = sale(1111)
        ident = registered(registry, "of references", {"schema": json.dumps(document), "references": refers})
        self.sender.send("of references", framed(ident, encoded(TILLS.document, self.sales["of references"])))

        scaled = copy.deepcopy(TILLS.document)
        amounts = [
            field["type"]
            for field in (*scaled["fields"], *next(f for f in scaled["fields"] if f["name"] == "lines")["type"]["items"]["fields"])
        ]
        for kind in (kind for kind in amounts if isinstance(kind, dict) and kind.get("logicalType") == "decimal"):
            kind.update(precision=14, scale=4)
        ident = registered(registry, "scaled", {"schema": json.dumps(scaled)})
        self.sales["of scale 4"] = sale(123_400)
        self.sender.send("of scale 4", framed(ident, encoded(scaled, self.sales["of scale 4"])))

    def _abort(self, platform: Platform) -> None:
        self.sales["aborted"] = sale(AMOUNT_ABORTED)
        producer = Producer({"bootstrap.servers": platform.kafka, "transactional.id": f"field-{uuid.uuid4()}"})
        producer.init_transactions(30)
        producer.begin_transaction()
        producer.produce(TILLS.topic, framed(self._own, encoded(TILLS.document, self.sales["aborted"])), partition=0)
        assert producer.flush(30) == 0
        producer.abort_transaction(30)


def registered(registry: httpx.Client, name: str, body: dict[str, Any]) -> int:
    """The id of a schema in a subject of the tests' own."""
    answer = registry.post(f"/subjects/field-{name.replace(' ', '-')}-value/versions", json=body).raise_for_status()
    return int(answer.json()["id"])


@pytest.fixture(scope="module")
def sent(platform: Platform) -> Sent:
    """All of them in one partition, the good sale last, and awaited in the lake."""
    found = Sent(platform)
    eventually("the sale behind them all in the lake", lambda: amount(platform, found.sales["the next sale"]), 120, every=2)
    return found


def amount(platform: Platform, record: dict[str, Any]) -> Any:
    """What the lake has of a basket; None where it has none."""
    return platform.sql(f"SELECT sum(net_amount) AS amount FROM lake.sales.lines WHERE event_id = '{record['event_id']}'")[0]["amount"]


@pytest.mark.parametrize(("name", "cents"), [("of references", "11.11"), ("of scale 4", "12.34"), ("the next sale", "43.21")])
def test_a_basket_is_in_the_lake_to_the_cent_whatever_schema_wrote_it(platform: Platform, sent: Sent, name: str, cents: str) -> None:
    assert str(amount(platform, sent.sales[name])) == cents


def test_an_aborted_basket_is_counted_nowhere(platform: Platform, sent: Sent) -> None:
    assert amount(platform, sent.sales["aborted"]) is None
    place = f'"partition" = 0 AND topic = \'{TILLS.topic}\' AND "offset" > {sent.sender.places["of scale 4"]} AND "offset" < {sent.sender.places["tombstone"]}'
    assert platform.sql(f"SELECT count(*) AS n FROM lake.quality.dead_letters WHERE {place}")[0]["n"] == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a JSON Schema", "WRONG_SCHEMA"),
        ("Protobuf", "WRONG_SCHEMA"),
        ("tombstone", "TOMBSTONE"),
        ("a store of 600 KB", "IMPOSSIBLE_VALUE"),
        ("five megabytes", "UNFRAMED"),
        ("a store that is not UTF-8", "IMPOSSIBLE_VALUE"),
    ],
)
def test_what_cannot_be_a_sale_is_one_dead_letter_of_its_kind(platform: Platform, sent: Sent, name: str, kind: str) -> None:
    query = (
        "SELECT kind, length(raw) AS kept FROM lake.quality.dead_letters "
        f'WHERE topic = \'{TILLS.topic}\' AND "partition" = 0 AND "offset" = {sent.sender.places[name]}'
    )
    rows = eventually(f"{name} in the dead letters", lambda: platform.sql(query), 60, every=2)
    assert [row["kind"] for row in rows] == [kind]
    assert rows[0]["kept"] <= 2**20


def test_every_job_still_runs(platform: Platform, sent: Sent) -> None:  # noqa: ARG001 - after what was sent
    jobs = httpx.get(f"{platform.flink}/jobs/overview", timeout=20).json()["jobs"]
    assert {job["name"].split(" ")[0] for job in jobs if job["state"] == "RUNNING"} >= {
        "sales",
        "behaviour",
        "inventory",
        "voice",
        "hot_store",
    }
