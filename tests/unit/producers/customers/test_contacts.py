"""Customers' texts and calls have the data that the ledger notes of them."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flink_jobs.voice.text.near_duplicates import fingerprints
from producers.customers.calls import CallCentre
from producers.customers.feedback import FeedbackPage, Noted
from producers.customers.history import CALLS_A_DAY, TEXTS_A_DAY, VoiceHistory
from producers.customers.malformed_contacts import KINDS, MalformedContacts
from producers.customers.writing import Purchase, TradeEvent, Writer, name_of, phrases
from producers.source_dataset import load_source_dataset
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
    """Source that always draws the same purchase."""

    def draw(self, _: random.Random) -> TradeEvent:
        return TradeEvent(ABOUT)


def maker(kind: Any, rate: float = 0.0) -> Any:
    draw = random.Random("seed")  # noqa: S311 - the same each time
    return kind(SamePurchase(), Writer("seed", {"42": "white bread"}), "run", draw, MalformedContacts(rate, draw))


NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


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
    # The source year has no Christmas Day, so one day of the history may have no texts.
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
    # None of these sentences repeats another.
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
