"""Draw the parameters of the questions from the exported rows: customers, products and baskets that exist, the same in each run."""

import hashlib
import json
import random
import statistics
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.tiers.lake import NoHistoryError, midnight
from bench.tiers.questions import Parameters, as_json, from_json
from bench.tiers.rows import Exchange
from bench.tiers.timing import MOST

#: A minute that a store is asked for is one of so many newest ones.
MINUTES = 30
YEAR, SEASON, WEEKS_OF_A_YEAR = timedelta(days=365), timedelta(days=92), 52
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def draw(exchange: Exchange) -> dict[str, list[Parameters]]:
    """Return the parameters of each question."""
    today = exchange.exported().until.date()
    times = pq.read_table(exchange.lines, columns=["event_time"])["event_time"]
    minutes = sorted(pc.unique(pc.floor_temporal(times, unit="minute")).to_pylist(), reverse=True)[:MINUTES]
    days = pc.value_counts(pc.floor_temporal(times, unit="day")).to_pylist()
    lines = {found["values"].date(): found["counts"] for found in days}
    return {
        "sales_this_minute": [_span(minute.replace(tzinfo=UTC), MINUTE) for minute in minutes],
        "customer_profile": [{"customer": customer} for customer in _some(exchange.lines, "customer_id")],
        "stock_of_product": [{"product": product} for product in _some(exchange.stock, "product_id")],
        "today_by_store_and_department": [_span(midnight(today), DAY)],
        "same_weekday_last_year": [_span(midnight(weekday(lines, today)), DAY)],
        "year_by_category": [_span(midnight(today) + DAY - YEAR, YEAR)],
        "basket_by_id": [{"basket": basket} for basket in _some(exchange.lines, "event_id")],
        "top_products_of_season": seasons(min(lines), today),
    }


def _some(file: Path, column: str) -> list[str]:
    """Return some of the values of a column, chosen by their hash."""
    values: list[Any] = pc.unique(pq.read_table(file, columns=[column])[column]).to_pylist()
    return sorted((value for value in values if value), key=lambda value: hashlib.sha256(value.encode()).digest())[:MOST]


def _span(start: datetime, duration: timedelta) -> Parameters:
    return {"start": start, "end": start + duration}


def weekday(lines: Mapping[date, int], today: date) -> date:
    """Return the same weekday of about a year ago: of the weeks nearest to 52 weeks ago the first that has at least half the lines of a median day.

    The first days of a history may have few lines.

    Raises:
        NoHistoryError: no day before today has so many.
    """
    enough = statistics.median(lines.values()) / 2
    weeks = sorted(range(1, 60), key=lambda number: abs(number - WEEKS_OF_A_YEAR))
    found = (day for day in (today - timedelta(weeks=number) for number in weeks) if lines.get(day, 0) >= enough)
    if (day := next(found, None)) is None:
        raise NoHistoryError("the lake has no day with lines to compare with today: start the platform with a year of history")
    return day


def seasons(first: date, today: date) -> list[Parameters]:
    """Return seasons within the days from the first to today, in an order that is the same in each run; one where there are too few days."""
    starts = [first + timedelta(days=number) for number in range(max(1, (today + DAY - first - SEASON).days + 1))]
    random.Random(20).shuffle(starts)  # noqa: S311 - the same each time
    return [_span(midnight(start), SEASON) for start in starts[:MOST]]


def store(exchange: Exchange) -> None:
    """Draw the parameters and keep them for all stores."""
    document = {name: [as_json(parameters) for parameters in drawn] for name, drawn in draw(exchange).items()}
    exchange.parameters.write_text(json.dumps(document), encoding="utf-8")


def load(exchange: Exchange) -> dict[str, list[Parameters]]:
    """Return the stored parameters."""
    document = json.loads(exchange.parameters.read_text(encoding="utf-8"))
    return {name: [from_json(parameters) for parameters in drawn] for name, drawn in document.items()}
