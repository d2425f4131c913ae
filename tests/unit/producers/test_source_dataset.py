"""The source year, and the trade that is made from it."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from producers.history import History
from producers.load import trade
from producers.pacing import DayCurve
from producers.publisher import Outgoing
from producers.source_dataset import SourceDataset, load_source_dataset
from producers.trade import sale, taken_back
from producers.web import LiveShop, WebShop
from tillstream.core.ledger import Entry
from tillstream.core.settings import TradeSettings
from tillstream.core.topology import TILLS, WEB_ORDERS


@pytest.fixture(scope="module")
def dataset() -> SourceDataset:
    return load_source_dataset("key of a test")


def test_the_dataset_has_the_sources_baskets_lines_and_stores(dataset: SourceDataset) -> None:
    assert len(dataset) == 155_848
    assert int(dataset.line_counts.sum()) == 1_469_307
    assert len(dataset.stores()) == 457
    assert len(dataset.products()) == 92_331
    assert len(dataset.customers()) == 2_469
    assert sum(band is not None for _, band, *_ in dataset.customers()) == 801


@pytest.mark.parametrize("today", [date(2026, 11, 22) + timedelta(days=d) for d in range(7)])
def test_history_is_moved_by_whole_weeks_and_ends_yesterday(dataset: SourceDataset, today: date) -> None:
    days = [dataset.first_day + timedelta(days=d) for d in range((dataset.last_day - dataset.first_day).days + 1)]
    moved = [day + dataset.history_shift(day, today) for day in days]
    assert all(dataset.history_shift(day, today).days % 7 == 0 for day in days)
    assert max(moved) == today - timedelta(days=1)
    assert len(set(moved)) == len(moved), "no two source days fall on one"
    assert min(moved) >= today - timedelta(days=372)


@pytest.mark.parametrize("today", [date(2026, 11, 22) + timedelta(days=d) for d in range(7)])
@pytest.mark.parametrize("days", [0, 1, 3, 30, 364])
def test_a_short_history_is_of_the_days_just_before_today(dataset: SourceDataset, today: date, days: int) -> None:
    settings = TradeSettings.model_validate({"HISTORY_DAYS": days})
    baskets = History(dataset, None, settings, today).baskets()  # type: ignore[arg-type]
    source_days = {datetime.fromtimestamp(int(seconds), tz=UTC).date() for seconds in dataset.seconds[baskets.start : baskets.stop]}
    asked = {today - timedelta(days=n) for n in range(1, days + 1)}
    moved = {day + dataset.history_shift(day, today) for day in source_days}
    assert moved <= asked
    assert len(asked - moved) <= 1 + max(0, days - 355), "Christmas Day has no trade; the source's last days lie a year back"


def test_a_pseudonym_is_stable_and_keyed(dataset: SourceDataset) -> None:
    assert dataset.pseudonym(900) == dataset.pseudonym(900) != dataset.pseudonym(901)
    other = SourceDataset.__new__(SourceDataset)
    other._key = b"another key"
    assert other.pseudonym(900) != dataset.pseudonym(900)


def test_the_fold_has_every_basket_once_and_the_stores_own_clock(dataset: SourceDataset) -> None:
    folded = np.concatenate(dataset.by_minute_of_day)
    assert len(np.unique(folded)) == len(dataset)
    by_hour = dataset.lines_by_minute_of_day.reshape(24, 60).sum(axis=1)
    assert by_hour.argmax() in (16, 17, 18), "people shop after work"
    assert by_hour.argmin() in (2, 3, 4)


def test_the_rate_has_the_asked_average_and_never_falls_below_its_floor(dataset: SourceDataset) -> None:
    curve = DayCurve(dataset, 20.0, 4.0)
    rates = [curve.rate(datetime(2026, 1, 1, h, m, tzinfo=UTC)) for h in range(24) for m in range(60)]
    assert min(rates) == 4.0
    assert 19.5 < sum(rates) / len(rates) < 23.5


def test_a_sale_and_its_void_cancel_out(dataset: SourceDataset) -> None:
    basket = dataset.basket(1000)
    event = sale(dataset, basket, "run", "id", basket.source_time)
    void = taken_back(event, "VOID", basket.lines, "other", basket.source_time)
    assert event.cents + void.cents == 0
    assert void.record["original_event_id"] == "id"
    assert [line["line_no"] for line in void.record["lines"]] == list(range(1, len(basket.lines) + 1))


def test_history_is_the_same_whenever_it_is_sent(dataset: SourceDataset) -> None:
    def events() -> list[dict]:
        history = History(dataset, None, TradeSettings(), date(2026, 11, 22))  # type: ignore[arg-type]
        return [event.record for index in range(2000) for event in history._events(index)]

    first = events()
    assert first == events()
    assert {record["transaction_type"] for record in first} == {"SALE", "RETURN", "VOID"}


def test_each_order_is_delivered_once_though_the_shop_was_stopped_before(dataset: SourceDataset) -> None:
    settings, now = TradeSettings(), datetime(2026, 11, 26, 12, tzinfo=UTC)
    # The second shop continues with the deliveries that the first one promised, and has no visitors of its own.
    first, second = (LiveShop(WebShop(dataset, settings, run), DayCurve(dataset, 20, 4), ZoneInfo("UTC"), 30) for run in ("web-1", "web-2"))
    acts = [act for past in range(0, 1800, 60) for act in first.acts(now + timedelta(seconds=past), 60)]
    done = {event.record["event_id"] for _, event in acts}
    notes = first.promises(Outgoing(Entry("good", topic, event.record["event_id"], "web-1", 0), b"", b"") for topic, event in acts)
    second.goes_on_with(json.loads(note) for event_id, [(_, note)] in notes.items() if event_id not in done)
    acts += second.acts(now + timedelta(days=1), 0)
    paid = [event.record["transaction_id"] for topic, event in acts if topic == WEB_ORDERS]
    delivered = [event.record["order_id"] for _, event in acts if event.record.get("event_type") == "DELIVERED"]
    assert len(paid) > 10
    assert sorted(delivered) == sorted(paid)


def test_a_measured_backlog_has_web_orders_returns_and_voids(dataset: SourceDataset) -> None:
    """Check that the backlog has every kind of trade, because each needs other state of the jobs, and that only sold baskets are taken back."""
    made = [one for number in range(2000) for one in trade(dataset, "load", number, datetime(2026, 11, 27, tzinfo=UTC))]
    kinds = Counter((topic, event.record["transaction_type"]) for topic, event in made)
    assert kinds == {(WEB_ORDERS, "SALE"): 200, (TILLS, "SALE"): 1800, (TILLS, "RETURN"): 30, (TILLS, "VOID"): 10}
    sold = {event.record["event_id"]: event for _, event in made if event.record["transaction_type"] == "SALE"}
    assert len({event.record["event_id"] for _, event in made}) == len(made)
    for _, event in made:
        if event.record["transaction_type"] == "VOID":
            assert event.cents == -sold[event.record["original_event_id"]].cents
