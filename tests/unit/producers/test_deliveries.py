"""A web shop that is killed at any moment sends each delivery of an order exactly once."""

import itertools
import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from producers import publisher
from producers.deliveries import bad_day, delivered_at
from producers.faults import FaultInjector
from producers.publisher import Publisher
from producers.trade import Event
from producers.web import DELIVERED, ON_ITS_WAY, LiveShop, trade
from tillstream.core.ledger import Ledger, Sent, read_ledgers
from tillstream.core.settings import FaultSettings, KafkaSettings
from tillstream.core.topology import CLICKS, WEB_ORDERS

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
VISITS = 2
#: Many faults that leave an event valid, so that orders and deliveries are held back or sent twice when the shop is killed.
FAULTS = FaultSettings(FAULT_DUPLICATE=0.4, FAULT_LATE=0.3, FAULT_OUT_OF_ORDER=0.4)


class KilledError(BaseException):
    """The process was killed. It runs no more code, as after SIGKILL."""


class Killer:
    """Kills the process at a given step. There is a step before and after each lasting effect."""

    def __init__(self, at: int = 0) -> None:
        self._at, self._steps = at, 0

    def step(self) -> None:
        self._steps += 1
        if self._steps == self._at:
            raise KilledError


class Kafka:
    """Stand-in for Kafka with the messages of all processes."""

    def __init__(self) -> None:
        self.arrived: list[dict[str, Any]] = []


class Producer:
    """Producer whose queue is lost with its process."""

    def __init__(self, kafka: Kafka, killer: Killer) -> None:
        self._kafka, self._killer = kafka, killer
        self._queue: list[tuple[bytes, Callable[..., None]]] = []

    def produce(self, _topic: str, *, value: bytes, on_delivery: Callable[..., None], **_: Any) -> None:
        self._killer.step()
        self._queue.append((value, on_delivery))

    def poll(self, _seconds: float) -> None:
        while self._queue:
            value, on_delivery = self._queue.pop(0)
            self._killer.step()
            self._kafka.arrived.append(json.loads(value))
            self._killer.step()
            offset = len(self._kafka.arrived) - 1
            on_delivery(None, SimpleNamespace(partition=lambda: 0, offset=lambda offset=offset: offset))


class KilledLedger(Ledger):
    """Ledger whose process can be killed before or after a write."""

    def __init__(self, path: Path, killer: Killer) -> None:
        super().__init__(path)
        # Only the process is killed, not the machine, so data need not be on the disk. This makes each kill a matter of milliseconds.
        self._db.execute("PRAGMA synchronous=OFF")
        self._killer = killer

    def intend(self, *arguments: Any, **named: Any) -> list[int]:
        self._killer.step()
        ids = super().intend(*arguments, **named)
        self._killer.step()
        return ids

    def acknowledge(self, *arguments: Any) -> None:
        self._killer.step()
        super().acknowledge(*arguments)
        self._killer.step()


class Encoder:
    """Encoder of messages that a test can read."""

    header = b""

    def __init__(self, topic: str) -> None:
        self.topic = topic

    def encode(self, record: dict[str, Any]) -> bytes:
        return json.dumps(record).encode()


class Shop:
    """Shop with this many visits, each with an order that is delivered half a minute later. No order is held back as long as that."""

    def __init__(self, visits: int) -> None:
        self._left = visits

    def visit(self, start: datetime) -> Iterator[tuple[str, Event]]:
        if self._left:
            number, self._left = f"W{self._left}", self._left - 1
            for topic, kind, seconds in ((CLICKS, "PAY", 1), (WEB_ORDERS, "", 1), (CLICKS, DELIVERED, 30)):
                when = start + timedelta(seconds=seconds)
                record = {
                    "event_id": f"{kind or 'ORDER'} {number}",
                    "run_id": "web",
                    "session_id": number,
                    "event_time": int(when.timestamp() * 1e6),
                }
                record |= {"event_type": kind, "order_id": number} if kind else {"transaction_id": number}
                yield topic, Event(record, 0, 0, when)


def run(path: Path, kafka: Kafka, visits: int, start: datetime, killer: Killer, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Run one process: it continues from the ledger, and trades until no message is held back."""
    monkeypatch.setattr(publisher, "Producer", lambda _: Producer(kafka, killer))
    monkeypatch.setattr(publisher, "_MARK_EVERY_SECONDS", 0)
    made = {topic: Encoder(topic) for topic in (WEB_ORDERS, CLICKS)}
    ledger = KilledLedger(path, killer)
    try:
        live = LiveShop(Shop(visits), SimpleNamespace(share=lambda _: 1.0), ZoneInfo("UTC"), 60)  # type: ignore[arg-type]
        live.goes_on_with(json.loads(record) for record in ledger.open_notes(ON_ITS_WAY))
        injector, sender = FaultInjector(FAULTS, made[WEB_ORDERS], seed), Publisher(ledger, KafkaSettings())  # type: ignore[arg-type]
        for second in range(4, 90, 4):
            trade(live, injector, made, sender, start + timedelta(seconds=second), 4.0)  # type: ignore[arg-type]
    finally:
        ledger.close()


def sent(path: Path, event: str) -> list[Sent]:
    return [entry for entry in read_ledgers(path.parent) if entry.event_id.startswith(event)]


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_any_step_neither_loses_nor_doubles_a_delivery(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in itertools.count(1):
        path, kafka, killed = tmp_path / str(step) / "web.sqlite", Kafka(), False
        try:
            run(path, kafka, VISITS, NOON, Killer(step), monkeypatch, seed)
        except KilledError:
            killed = True
        acknowledged = {entry.event_id for entry in sent(path, DELIVERED) if entry.offset is not None}
        before = len(kafka.arrived)
        run(path, kafka, 0, NOON + timedelta(hours=1), Killer(), monkeypatch, seed + 100)
        ordered = {record["transaction_id"] for record in kafka.arrived if "transaction_id" in record}
        delivered = [record for record in kafka.arrived if record.get("event_type") == DELIVERED]
        assert ordered <= {record["order_id"] for record in delivered}, f"step {step}: an order that was sent is never delivered"
        assert {record["order_id"] for record in delivered} <= {entry.event_id.split()[1] for entry in sent(path, "ORDER")}
        # A copy is the same event byte for byte: the jobs take the first one, and the ledger has each.
        assert len({json.dumps(record) for record in delivered}) == len({record["order_id"] for record in delivered})
        assert len(delivered) <= len(sent(path, DELIVERED))
        assert not acknowledged & {record["event_id"] for record in kafka.arrived[before:]}, f"step {step}: sent again without need"
        ledger = Ledger(path)
        assert ledger.open_notes(ON_ITS_WAY) == []
        ledger.close()
        if not killed:
            assert len(ordered) == VISITS
            return


def test_a_shop_that_is_stopped_leaves_its_deliveries_to_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, kafka = tmp_path / "web.sqlite", Kafka()
    monkeypatch.setattr("tests.unit.producers.test_deliveries.FAULTS", FaultSettings())
    monkeypatch.setattr(publisher, "Producer", lambda _: Producer(kafka, Killer()))
    made, ledger = {topic: Encoder(topic) for topic in (WEB_ORDERS, CLICKS)}, Ledger(path)
    live = LiveShop(Shop(1), SimpleNamespace(share=lambda _: 1.0), ZoneInfo("UTC"), 60)  # type: ignore[arg-type]
    injector, sender = FaultInjector(FaultSettings(), made[WEB_ORDERS], 1), Publisher(ledger, KafkaSettings())  # type: ignore[arg-type]
    for second in range(3):
        trade(live, injector, made, sender, NOON + timedelta(seconds=second), 1.0)  # type: ignore[arg-type]
    ledger.close()
    assert [record.get("event_type", "ORDER") for record in kafka.arrived] == ["PAY", "ORDER"]
    run(path, kafka, 0, NOON + timedelta(hours=1), Killer(), monkeypatch, 2)
    assert [record["event_type"] for record in kafka.arrived[2:]] == [DELIVERED]


def test_orders_are_late_on_a_stores_bad_days() -> None:
    draw, promised = random.Random("seed"), timedelta(minutes=45)  # noqa: S311 - the same each time
    days = [NOON + timedelta(days=n) for n in range(400)]
    late = {True: [0, 0], False: [0, 0]}
    for day in days:
        counted = late[bad_day("367", day)]
        counted[delivered_at("367", day, promised, draw) > day + promised] += 1
    assert 0.05 < sum(late[True]) / len(days) < 0.15
    assert late[True][1] > late[True][0]
    assert late[False][1] < late[False][0] / 10
