"""What the tiers' measurement computes: percentiles, ranges of time, comparisons, and the tables."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bench.tiers import lake
from bench.tiers.answers import InexactValueError, canonical, difference, differences, profile, text
from bench.tiers.lake import NoHistoryError
from bench.tiers.measure import Measured, chosen
from bench.tiers.parameters import SEASON, seasons, weekday
from bench.tiers.questions import questions
from bench.tiers.report import lost, record_figures, report
from bench.tiers.timing import ENOUGH_FOR_P99, LEAST, MOST, Timing, ask, percentile
from tests.unit.bench import tier_rows

QUESTIONS = questions()
BASKET, TOP = QUESTIONS["basket_by_id"], QUESTIONS["top_products_of_season"]


class Clock:
    """A clock that each question moves on."""

    def __init__(self, step: float) -> None:
        self.now, self.step, self.numbers = 0.0, step, list[int]()

    def __call__(self) -> float:
        return self.now

    def once(self, number: int) -> None:
        self.numbers.append(number)
        self.now += self.step


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]
    assert percentile([7.0], 0.99) == 7


def test_a_fast_question_is_asked_two_hundred_times_and_a_slow_one_at_least_ten_times() -> None:
    fast, slow = Clock(0.001), Clock(20.0)
    assert len(ask(fast.once, 30, fast).seconds) == MOST
    assert len(ask(slow.once, 30, slow).seconds) == LEAST
    assert slow.numbers == [0, *range(LEAST)]


def test_fewer_than_a_hundred_askings_have_a_maximum_and_no_p99() -> None:
    few, many = (Timing(1.0, [0.001] * count).summary() for count in (ENOUGH_FOR_P99 - 1, ENOUGH_FOR_P99))
    assert "p99_ms" not in few
    assert many["p99_ms"] == many["max_ms"] == few["max_ms"] == 1.0


def test_equal_values_of_different_clients_have_the_same_text() -> None:
    assert {text(value) for value in (10, Decimal(10), Decimal("10.00"), Decimal("1E+1"))} == {"10"}
    assert text(Decimal("10.50")) == "10.5"
    moment = datetime(2026, 11, 28, 20, 30, tzinfo=UTC)
    assert text(moment) == text(moment.replace(tzinfo=None)) == "2026-11-28T20:30:00.000000"


def test_a_floating_point_number_is_no_answer() -> None:
    with pytest.raises(InexactValueError, match=r"0\.1 of type float"):
        text(0.1)


def test_the_order_of_rows_counts_only_where_it_is_a_part_of_the_answer() -> None:
    rows = [("p1", 1), ("p2", 2)]
    assert canonical(BASKET, rows) == canonical(BASKET, rows[::-1])
    assert canonical(TOP, rows) != canonical(TOP, rows[::-1])


def test_a_difference_names_the_first_row_that_differs() -> None:
    assert difference(BASKET, [("1", "a")], [("1", "a")]) == ""
    assert difference(BASKET, [("1", "a"), ("2", "b")], [("1", "a"), ("2", "c")]) == "('2', 'b') against ('2', 'c')"
    assert difference(BASKET, [("1", "a")], []) == "('1', 'a') against no row"
    assert difference(BASKET, [("1", "a"), ("1", "a")], [("1", "a")]) == "2 rows against 1"
    assert difference(TOP, [("1", "a"), ("2", "b")], [("2", "b"), ("1", "a")]).startswith("row 1: ")


def test_answers_are_compared_where_two_stores_were_asked_the_same() -> None:
    mine = {"basket_by_id": {"x": [("1",)], "y": [("1",)]}}
    assert differences(QUESTIONS, {"redis": mine, "postgres": {"basket_by_id": {"x": [("1",)]}}}) == []
    (told,) = differences(QUESTIONS, {"redis": mine, "postgres": {"basket_by_id": {"y": [("2",)]}}})
    assert told.startswith("basket_by_id y: redis against postgres: ")
    (told,) = differences(QUESTIONS, {"redis": mine, "postgres": {"basket_by_id": {"z": [("1",)]}}})
    assert told == "basket_by_id: redis and postgres were not asked the same"


def test_the_favourite_department_is_the_one_with_the_highest_spend_and_the_first_name() -> None:
    early, late = datetime(2026, 1, 1), datetime(2026, 2, 1)  # noqa: DTZ001 - as a store without time zones has them
    rows = [("MEAT", 1, 2, Decimal(5), late), ("BREAD", 0, 1, Decimal(5), early), ("FISH", 2, 1, Decimal(1), early)]
    assert profile(rows) == [(3, 4, Decimal(11), late, "BREAD")]


def test_ranges_cover_all_days_and_split_a_day_with_many_lines() -> None:
    first = date(2026, 11, 1)
    counts = {first + timedelta(days=n): 1000 for n in range(27)} | {date(2026, 11, 28): 2 * lake.LINES_AT_ONCE}
    spans = lake.ranges(counts, tier_rows.UNTIL)
    assert [end - start for start, end in spans[:2]] == [timedelta(days=14), timedelta(days=13)]
    assert [span[0] for span in spans[1:]] == [span[1] for span in spans[:-1]]
    assert (spans[0][0], spans[-1][1], len(spans)) == (lake.midnight(first), tier_rows.UNTIL, 4)


def test_a_range_never_has_more_days_or_lines_than_a_query_takes() -> None:
    counts = {date(2026, 1, 1) + timedelta(days=n): 60_000 for n in range(10)}
    assert {end - start for start, end in lake.ranges(counts, tier_rows.UNTIL)} == {timedelta(days=2)}


def test_the_same_weekday_is_about_a_year_ago_and_has_lines() -> None:
    today = date(2026, 11, 28)
    year_ago, week_later = today - timedelta(weeks=52), today - timedelta(weeks=51)
    lines = {today - timedelta(days=number): 100 for number in range(400)}
    assert weekday(lines, today) == year_ago
    assert weekday(lines | {year_ago: 3}, today) == week_later
    assert weekday(lines | {year_ago: 50}, today) == year_ago
    with pytest.raises(NoHistoryError, match="a year of history"):
        weekday({today: 100}, today)


def test_seasons_lie_within_the_days_and_there_is_always_one() -> None:
    today = date(2026, 11, 28)
    many = seasons(date(2025, 11, 28), today)
    assert len(many) == MOST
    assert all(span["end"] - span["start"] == SEASON and span["end"] <= lake.midnight(today + timedelta(days=1)) for span in many)
    assert len(seasons(date(2026, 11, 20), today)) == 1


def measured(store: str, **drill: Any) -> Measured:
    times = {name: {"n": 12, "first_ms": 9.0, "p50_ms": 1.0, "max_ms": 3.0} for name in QUESTIONS}
    load = {"seconds": 2.0, "lines": 1000, "bytes": 5e6, "cpu_seconds": 0.01}
    return Measured(store, load, times, 100.0, {"acknowledged": 50, "seconds": 5.0, "written": 40, "loaded": 1000, **drill})


def test_the_report_has_a_row_for_each_question_and_tells_a_maximum_from_a_p99() -> None:
    text_ = report([measured("redis", answers_after_seconds=2.0), Measured("duckdb", {}, measured("redis").times, 10.0)])
    assert all(question.text in text_ for question in QUESTIONS.values())
    assert "| 1 · max 3 (12) |" in text_
    assert "50, 10" in text_


def test_what_a_crash_lost_is_what_was_acknowledged_and_is_gone() -> None:
    assert lost(measured("redis")) == 10


def test_the_figures_of_a_store_are_recorded_in_place_of_all_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr("bench.tiers.report.remove", lambda prefix: kept.append(f"removed {prefix}"))
    monkeypatch.setattr("bench.tiers.report.record", lambda name, *_: kept.append(name))
    record_figures([measured("redis", answers_after_seconds=2.0)], "1,000 lines")
    assert kept[0] == "removed tiers.redis."
    assert {"tiers.redis.basket_by_id.p50_ms", "tiers.redis.restart.lost_rows", "tiers.redis.restart.answers_after_s"} <= set(kept)


def test_only_known_stores_are_measured_and_in_their_order() -> None:
    assert chosen("postgres,redis") == ["redis", "postgres"]
    with pytest.raises(SystemExit, match="no store mongo"):
        chosen("mongo")
