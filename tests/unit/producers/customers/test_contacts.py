"""What customers write and say: as the ledger says it; and what is told of it without a model."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from flink_jobs.voice.text.entity_linking import Catalogue
from flink_jobs.voice.text.near_duplicates import fingerprints
from producers.customers.calls import CallCentre
from producers.customers.feedback import FeedbackPage, Noted
from producers.customers.history import CALLS_A_DAY, TEXTS_A_DAY, VoiceHistory
from producers.customers.malformed_contacts import KINDS, MalformedContacts
from producers.customers.trade_feed import TradeMemory
from producers.customers.writing import Purchase, TradeEvent, Writer, name_of, phrases
from producers.deliveries import bad_day, delivered_at
from producers.source_dataset import load_source_dataset
from tests.fuzz.avro.messages import basket, encoded, line
from tillstream.core.avro_encoding import micros
from tillstream.core.contracts import contracts
from tillstream.core.settings import TradeSettings

ABOUT = Purchase("367", "W000000000123", None, "42", web=True)


@pytest.mark.parametrize("topic", phrases())
def test_every_topic_has_words_for_both_feelings_in_both_languages(topic: str) -> None:
    for feeling in ("negative", "positive"):
        for language in ("en", "es"):
            assert len(phrases()[topic][feeling][language]) >= 3


def test_a_text_has_the_personal_data_that_the_ledger_notes_and_is_the_same_for_the_same_seed() -> None:
    first, second = (Writer("seed", {"42": "white bread"}) for _ in range(2))
    texts = [first.write(ABOUT, "QUALITY", "negative") for _ in range(300)]
    assert texts == [second.write(ABOUT, "QUALITY", "negative") for _ in range(300)]
    planted = [(value, text.text) for text in texts for _, value in text.personal]
    assert len(planted) > 30
    assert [value for value, text in planted if value not in text] == []
    assert {text.language for text in texts} == {"en", "es"}
    assert {kind for text in texts for kind, _ in text.personal} == {"PERSON", "EMAIL", "PHONE", "CARD", "IBAN", "ADDRESS", "ORDER"}


@pytest.mark.parametrize(
    ("kind", "category", "name"), [("POTATO CHIPS", "SNACKS", "potato chips"), ("SFT DRNK BTL CARB (EX", None, "sft drnk btl carb"), (None, None, "item")]
)  # fmt: skip
def test_a_product_is_called_by_the_masters_words(kind: str | None, category: str | None, name: str) -> None:
    assert name_of(kind, category) == name


class SamePurchase:
    """Always the same purchase."""

    def draw(self, _: random.Random) -> TradeEvent:
        return TradeEvent(ABOUT)


def maker(kind: Any, rate: float = 0.0) -> Any:
    draw = random.Random("seed")  # noqa: S311 - the same each time
    return kind(SamePurchase(), Writer("seed", {"42": "white bread"}), "run", draw, MalformedContacts(rate, draw))


NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def sold(product_id: str, price: str, order: str = "1") -> dict[str, Any]:
    line = {"product_id": product_id, "quantity": 2, "net_amount": Decimal(price) * 2, "coupon_match_discount": Decimal(0)}
    return {
        "transaction_type": "SALE",
        "transaction_id": order,
        "store_id": "367",
        "customer_id": None,
        "event_time": NOON - timedelta(minutes=5),
        "lines": [line],
    }


def causes(memory: TradeMemory) -> dict[str | None, str]:
    """Return the causes of what customers speak of, each with its product."""
    draw = random.Random("seed")  # noqa: S311 - the same each time
    drawn = [found for _ in range(300) if (found := memory.draw(draw))]
    return {found.cause: found.about.product_id for found in drawn}


def test_customers_speak_of_what_happens_in_the_trade() -> None:
    memory = TradeMemory()
    assert memory.draw(random.Random("seed")) is None  # noqa: S311
    for price in ("1.00", "1.00", "1.20"):
        memory.add_event("pos.transactions.v1", sold("dearer", price), NOON)
    for price in ("1.00", "1.20", "1.50", "1.40"):
        memory.add_event("pos.transactions.v1", sold("weighed", price), NOON)
    told = causes(memory)
    assert told.keys() == {None, "DEARER"}
    assert told["DEARER"] == "dearer"
    memory.add_event("inventory.alerts.v1", {"level": "OUT", "store_id": "367", "product_id": "gone"}, NOON)
    for order, late in (("W1", 30), ("W2", -10), ("W3", 40)):
        memory.add_event("web.orders.v1", sold(order, "1.00", order), NOON)
        click = {"event_type": "DELIVERED", "order_id": order, "promised_at": NOON, "event_time": NOON + timedelta(minutes=late)}
        memory.add_event("web.events.v1", click, NOON + timedelta(minutes=late))
    told = causes(memory)
    assert told["EMPTY_SHELF"] == "gone"
    assert told["LATE_DELIVERY"] in ("W1", "W3")
    assert told["DELIVERED"] == "W2"
    assert {"LATE_DELIVERY", "DELIVERED"}.isdisjoint(causes(memory)), "who waited speaks of it once"


@pytest.mark.parametrize("store", ["367", "stranger:12", "s" * 64])
def test_customers_speak_of_a_basket_of_any_store_that_can_be(store: str) -> None:
    assert [purchase.store_id for purchase in remembered(basket(store_id=store, event_time=micros(NOON)))] == [store]


@pytest.mark.parametrize("changed", [{"store_id": "s" * 600_000}, {"currency": "XXX"}, {"lines": [line(line_no=0)]}])
def test_nobody_speaks_of_a_basket_that_cannot_be(changed: dict[str, Any]) -> None:
    assert remembered(basket(event_time=micros(NOON), **changed)) == []


def remembered(record: dict[str, Any]) -> list[Purchase]:
    """Return what customers remember after one message of a till."""
    memory = TradeMemory()
    memory.add_message("pos.transactions.v1", b"\0\0\0\0\1" + encoded(contracts()["pos.transactions.v1"].document, record), NOON)
    return list(memory.purchases)


def test_nobody_complains_of_shelves_prices_or_deliveries_without_a_cause() -> None:
    page, draw = maker(FeedbackPage), random.Random("seed")  # noqa: S311 - the same each time
    said = [noted for _, noted in (page.text(NOON) for _ in range(1000))]
    unhappy = {value for noted in said if ("FEELING", "negative") in noted for kind, value in noted if kind == "TOPIC"}
    assert unhappy.isdisjoint({"STOCK", "PRICE", "DELIVERY"})
    assert len(unhappy) == len(phrases()) - 3
    assert {TradeEvent(ABOUT, cause).topic_and_feeling(draw, 0.0) for cause in ("LATE_DELIVERY", "DEARER", "EMPTY_SHELF")} == {
        ("DELIVERY", "negative"),
        ("PRICE", "negative"),
        ("STOCK", "negative"),
    }
    sarcastic = [noted for noted in said if ("SARCASM", "True") in noted]
    assert sarcastic
    assert all(("FEELING", "negative") in noted for noted in sarcastic)


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


def test_what_was_said_before_the_first_start_is_of_the_last_weeks_and_the_same_when_it_is_sent_again() -> None:
    dataset = load_source_dataset("key of a test", last=timedelta(days=35))

    def sent() -> list[tuple[str, dict[str, Any], Noted]]:
        history = VoiceHistory(TradeSettings(HISTORY_DAYS=10), NOON.date(), {})
        return [(topic, event.record, noted) for day in history.days for topic, (event, noted) in history.of_day(dataset, day)]

    first = sent()
    assert first == sent()
    assert len({record["event_id"] for _, record, _ in first}) == len(first)
    times = [datetime.fromtimestamp(record["event_time"] / 1e6, tz=UTC) for _, record, _ in first]
    assert min(times) >= NOON.replace(hour=0) - timedelta(days=10)
    assert max(times) < NOON.replace(hour=0)
    spoken = {value for _, _, noted in first for kind, value in noted if kind == "CAUSE"}
    assert spoken == {"DEARER", "FAILURE"}
    # The source's year has no Christmas Day, wherever it is moved to.
    assert len(first) >= 9 * (TEXTS_A_DAY + CALLS_A_DAY) * 0.95


def calls(count: int) -> list[tuple[dict[str, Any], Noted]]:
    centre = maker(CallCentre)
    return [(event.record, noted) for event, noted in (centre.call(datetime.now(tz=UTC)) for _ in range(count))]


def test_a_call_has_the_personal_data_that_the_ledger_notes_and_turns_in_the_order_in_which_they_began() -> None:
    for record, noted in calls(100):
        said = " ".join(turn["text"] for turn in record["turns"])
        assert [value for kind, value in noted if kind in ("PERSON", "PHONE", "ORDER", "AGENT") and value not in said] == []
        starts = [turn["start_ms"] for turn in record["turns"]]
        assert starts == sorted(starts)
        assert all(turn["start_ms"] < turn["end_ms"] for turn in record["turns"])


def test_calls_are_of_every_kind() -> None:
    records = [record for record, _ in calls(300)]
    assert {record["transfers"] for record in records} == {0, 1}
    assert {record["hold_ms"] > 0 for record in records} == {True, False}
    assert any(b["start_ms"] < a["end_ms"] for record in records for a, b in zip(record["turns"], record["turns"][1:], strict=False))
    assert {record["queue"] for record in records} == {"ORDERS", "PRODUCTS", "STORES", "LOYALTY", "APP"}
    assert {value for _, noted in calls(300) for kind, value in noted if kind == "RESOLVED"} == {"True", "False"}


@pytest.mark.parametrize(("kind", "say"), [(CallCentre, "call"), (FeedbackPage, "text")])
def test_each_kind_of_what_nobody_can_analyse_occurs_with_an_id_of_its_own(kind: Any, say: str) -> None:
    made = maker(kind, rate=1.0)
    event, _ = getattr(made, say)(datetime.now(tz=UTC))
    spoilt = made.unreadable(event)
    assert [name for name, _ in spoilt] == list(KINDS)
    assert len({event.record["event_id"], *(bad.record["event_id"] for _, bad in spoilt)}) == len(KINDS) + 1


def test_a_text_that_nearly_repeats_another_is_told_and_one_that_does_not_is_not() -> None:
    page = maker(FeedbackPage)
    made = [page.text(datetime.now(tz=UTC)) for _ in range(3000)]
    marks = {event.record["event_id"]: fingerprints(event.record["text"]) for event, _ in made}
    pairs = [(marks[value], marks[event.record["event_id"]]) for event, noted in made for kind, value in noted if kind == "DUPLICATE"]
    told = [first is not None and second is not None and (first[0] == second[0] or first[1] == second[1]) for first, second in pairs]
    assert sum(told) / len(told) > 0.85
    # Of what people rated, which nobody wrote twice.
    known = [marks for text in SENTENCES if (marks := fingerprints(text))]
    alike = [a for i, a in enumerate(known) for b in known[:i] if a[0] == b[0] or a[1] == b[1]]
    assert alike == []


SENTENCES = (
    "The milk that I bought on Monday was sour by Tuesday morning.",
    "The milk that my neighbour bought was still fresh after a week.",
    "Nobody answered when I asked where the flour was.",
    "I asked where the flour was and a friendly man showed me.",
    "Your delivery came two hours too late and half of it was missing.",
    "My delivery came on time and nothing was missing this week.",
)
CATALOGUE = Catalogue(["FLUID MILK WHITE ONLY", "BANANAS", "FRESH", "BREAD:HEARTH", "WHITE BREAD", "MILK"], ["367", "12"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The fluid milk white only was sour, and the bananas were brown", ["FLUID MILK WHITE ONLY", "BANANAS"]),
        ("No white bread, no bread", ["WHITE BREAD", "BREAD:HEARTH"]),
        ("Everything was fresh", []),
        ("BANANAS! bananas?", ["BANANAS"]),
    ],
)
def test_the_longest_name_of_the_catalogue_is_found_and_a_word_that_is_mostly_another_is_not(text: str, named: list[str]) -> None:
    assert CATALOGUE.product_types(text) == named


@pytest.mark.parametrize(
    ("text", "store"), [("the queue in store 367 is long", "367"), ("la tienda 12 está sucia", "12"), ("store 999 is none of ours", None), ("12 eggs", None)]
)  # fmt: skip
def test_a_store_is_known_by_its_number(text: str, store: str | None) -> None:
    assert CATALOGUE.store(text) == store
