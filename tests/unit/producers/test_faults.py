"""Faults occur at the configured rates, and each has the effect that its name says."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from producers.faults import BIGGEST_JUNK, LATEST, FaultInjector
from producers.source_dataset import Line
from producers.trade import Event, lines_of
from tillstream.core.avro_encoding import Encoder, money
from tillstream.core.contracts import contracts
from tillstream.core.settings import FaultSettings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RATES = {
    "duplicate": 0.1,
    "late": 0.08,
    "out_of_order": 0.06,
    "future": 0.05,
    "wrong_schema": 0.04,
    "truncated": 0.03,
    "junk": 0.02,
    "impossible": 0.07,
}


def encoder(topic: str, ident: int) -> Encoder:
    return Encoder(contracts()[topic], ident)


def event(number: int = 0) -> Event:
    lines = lines_of((Line(1, 42, 1, 199, 0, 0, 0), Line(2, 43, 2, 300, 10, 0, 0)))
    record = {
        "event_id": f"00000000-0000-4000-8000-{number:012d}", "run_id": "r", "transaction_id": "1", "transaction_type": "SALE", "original_event_id": None, "store_id": "7",
        "terminal_id": "7-01", "customer_id": None, "event_time": int(NOW.timestamp() * 1e6), "source_time": int(NOW.timestamp() * 1e6), "currency": "USD",
        "payment_method": "CARD", "coupon_id": None, "total_amount": money(499), "lines": lines,
    }  # fmt: skip
    return Event(record, 2, 499, NOW)


def injector(**rates: float) -> FaultInjector:
    return FaultInjector(
        FaultSettings(**{f"FAULT_{name.upper()}": rate for name, rate in rates.items()}), encoder("web.events.v1", 9), seed=1
    )


def test_each_fault_occurs_at_its_rate() -> None:
    made, chosen, total = injector(**RATES), encoder("pos.transactions.v1", 8), 20_000
    kinds: Counter[str] = Counter()
    for number in range(total):
        kinds.update(out.entry.kind for out in made.messages(event(number), chosen, NOW.timestamp()))
    kinds.update(out.entry.kind for out in made.due(float("inf")))
    for kind, rate in RATES.items():
        # "out_of_order" is drawn only for events that are not late. The limit is four standard deviations.
        expected = total * rate * (1 - RATES["late"] if kind == "out_of_order" else 1)
        assert abs(kinds[kind] - expected) < 4 * expected**0.5, kind
    assert kinds["good"] + kinds["late"] + kinds["out_of_order"] == total, "no fault costs a sale"


def test_with_all_rates_at_zero_there_is_only_the_event() -> None:
    out = injector().messages(event(), encoder("pos.transactions.v1", 8), NOW.timestamp())
    assert [o.entry.kind for o in out] == ["good"]


def test_a_late_event_is_late_by_up_to_three_days() -> None:
    (out,) = injector(late=1.0).messages(event(), encoder("pos.transactions.v1", 8), NOW.timestamp())
    minutes = int(NOW.timestamp()) // 60 - out.entry.minute
    assert timedelta(minutes=4) <= timedelta(minutes=minutes) <= LATEST + timedelta(minutes=1)


def test_a_future_event_is_in_the_future_even_where_the_event_was_late() -> None:
    made = injector(late=1.0, future=1.0)
    for _ in range(100):
        _, future = made.messages(event(), encoder("pos.transactions.v1", 8), NOW.timestamp())
        assert future.entry.kind == "future"
        assert future.entry.minute >= int(NOW.timestamp()) // 60 + 59


def test_a_duplicate_is_the_same_bytes() -> None:
    good, copy = injector(duplicate=1.0).messages(event(), encoder("pos.transactions.v1", 8), NOW.timestamp())
    assert good.value == copy.value
    assert (good.entry.kind, copy.entry.kind) == ("good", "duplicate")


def test_an_event_out_of_order_is_held_back_and_then_sent() -> None:
    made = injector(out_of_order=1.0)
    assert made.messages(event(), encoder("pos.transactions.v1", 8), 100.0) == []
    assert made.due(101.0) == []
    assert [o.entry.kind for o in made.due(121.0)] == ["out_of_order"]
    assert made.due(float("inf")) == []


@pytest.mark.parametrize("kind", ["future", "wrong_schema", "truncated", "junk", "impossible"])
def test_a_bad_message_has_an_id_of_its_own_and_differs_from_the_good_one(kind: str) -> None:
    made, chosen = injector(), encoder("pos.transactions.v1", 8)
    good = event().outgoing(chosen)
    for _ in range(200):
        bad = made.bad_message(kind, event(), chosen, NOW.timestamp())
        assert bad.value != good.value
        assert bad.entry.event_id != good.entry.event_id
        assert (bad.entry.lines, bad.entry.cents) == (0, 0)
        assert len(bad.value) <= BIGGEST_JUNK


def test_an_impossible_event_breaks_a_limit_that_its_contract_states() -> None:
    stated = json.dumps(contracts()["pos.transactions.v1"].document)
    for word in ("minimum", "maximum", "allowed", "minLength", "minItems", "maxAheadSeconds"):
        assert word in stated


@pytest.mark.parametrize("cents", [0, 1, -1, 127, 128, -128, -129, 99_999, -10_000_000_00])
def test_money_is_the_shortest_twos_complement(cents: int) -> None:
    assert int.from_bytes(money(cents), "big", signed=True) == cents
