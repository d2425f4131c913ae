"""Compute the live figures basket by basket, like LiveFigures.java of the sales job."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bench.peers.reference import Product, Reference
from tillstream.core.rules import LIVE_DAYS, NO_DEPARTMENT
from tillstream.core.topology import DEAD_LETTERS_BY_MINUTE, RETURNS_BY_MINUTE, SALES_BY_DEPARTMENT, SALES_BY_MINUTE, SALES_BY_STORE

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
#: A figure of a day is kept for two days at most, in microseconds.
SHOWN = LIVE_DAYS * DAY
_NONE = Product(NO_DEPARTMENT, None, fuel=False)


@dataclass(frozen=True)
class Record:
    """An addition to one figure.

    Attributes:
        topic: topic of the sales job's own figure.
        key: key of the figure.
        counts: numbers to add.
        cents: cents to add.
        texts: texts to set.
    """

    topic: str
    key: dict[str, str]
    counts: dict[str, int]
    cents: int | None = None
    texts: dict[str, str | None] | None = None


class Sum:
    """A sum of baskets, lines, units and cents."""

    __slots__ = ("baskets", "cents", "lines", "units")

    def __init__(self) -> None:
        self.baskets = self.lines = self.units = self.cents = 0

    def add(self, baskets: int, lines: int, units: int, cents: int) -> None:
        """Add to each sum."""
        self.baskets += baskets
        self.lines += lines
        self.units += units
        self.cents += cents


class Figures:
    """The figures since the last call of `take`."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.lines = 0
        self._minutes: dict[tuple[int, str, str], Sum] = {}
        self._stores: dict[tuple[int, str, str], Sum] = {}
        self._departments: dict[tuple[int, str, str], Sum] = {}
        self._dead: dict[tuple[int, str, str], int] = {}
        self.products: dict[int, dict[str, Sum]] = {}

    def add_basket(self, basket: dict[str, Any], channel: str) -> None:
        """Add a basket with amounts in cents and times in microseconds."""
        at, lines = basket["event_time"], basket["lines"]
        self.lines += len(lines)
        # A peer without a lake has no row for the customer, but the look-up is part of the work.
        self._reference.customers.get(basket["customer_id"])
        if at <= time.time_ns() // 1000 - SHOWN:
            return
        day, kind = at // DAY, basket["transaction_type"]
        sold = 1 if kind == "SALE" else 0
        units, cents = self._add_lines(lines, day, channel, sold)
        for sums, key in ((self._minutes, (at // MINUTE, channel, kind)), (self._stores, (day, basket["store_id"], channel))):
            _sum(sums, key).add(sold, len(lines), units, cents)

    def _add_lines(self, lines: list[dict[str, Any]], day: int, channel: str, sold: int) -> tuple[int, int]:
        """Add a basket's lines to departments and products; return its units and cents. The basket counts in the department of its first line."""
        known, of_day = self._reference.products, self.products.setdefault(day, {})
        all_units = all_cents = 0
        for line in lines:
            ident, cents, units = line["product_id"], line["net_amount"], line["quantity"]
            product = known.get(ident, _NONE)
            if product.fuel:
                units = (units > 0) - (units < 0)
            all_units += units
            all_cents += cents
            _sum(self._departments, (day, product.department, channel)).add(sold, 1, units, cents)
            sold = 0
            if cents >= 0:
                (of_day.get(ident) or of_day.setdefault(ident, Sum())).add(0, 1, units, cents)
        return all_units, all_cents

    def add_dead_letter(self, kafka_ms: int, topic: str, kind: str) -> None:
        """Add a dead letter."""
        key = (kafka_ms // 60_000, topic, kind)
        self._dead[key] = self._dead.get(key, 0) + 1

    def take(self) -> Iterator[Record]:
        """Yield all figures except the products, and reset them."""
        for (minute, channel, kind), part in self._minutes.items():
            yield from of_minute(minute, channel, kind, part)
        for (day, store, channel), part in self._stores.items():
            yield of_store(day, store, channel, self._reference.regions.get(store), part)
        for (day, department, channel), part in self._departments.items():
            yield of_department(day, department, channel, part)
        for (minute, topic, kind), messages in self._dead.items():
            yield of_dead_letters(minute, topic, kind, messages)
        for sums in (self._minutes, self._stores, self._departments, self._dead):
            sums.clear()
        self.lines = 0


def _sum(sums: dict[tuple[int, str, str], Sum], key: tuple[int, str, str]) -> Sum:
    part = sums.get(key)
    if part is None:
        part = sums[key] = Sum()
    return part


def _counts(part: Sum) -> dict[str, int]:
    return {"baskets": part.baskets, "lines": part.lines, "units": part.units}


def minute_text(minute: int) -> str:
    """Return a minute since the epoch as ISO 8601."""
    return f"{datetime.fromtimestamp(minute * 60, tz=UTC):%Y-%m-%dT%H:%M:%SZ}"


def day_text(day: int) -> str:
    """Return a day since the epoch as YYYY-MM-DD."""
    return f"{datetime.fromtimestamp(day * 86_400, tz=UTC):%Y-%m-%d}"


def of_minute(minute: int, channel: str, kind: str, part: Sum) -> Iterator[Record]:
    """Yield the figure of a minute, and for returns and voids also that of the amount taken back, which is positive."""
    key = {"minute": minute_text(minute), "channel": channel}
    yield Record(SALES_BY_MINUTE, key, _counts(part), part.cents)
    if kind != "SALE":
        yield Record(RETURNS_BY_MINUTE, key | {"transaction_type": kind}, {"lines": part.lines}, -part.cents)


def of_store(day: int, store: str, channel: str, region: str | None, part: Sum) -> Record:
    """Return a store's figure of a day."""
    key = {"day": day_text(day), "store_id": store, "channel": channel}
    return Record(SALES_BY_STORE, key, _counts(part), part.cents, {"region": region})


def of_department(day: int, department: str, channel: str, part: Sum) -> Record:
    """Return a department's figure of a day."""
    return Record(SALES_BY_DEPARTMENT, {"day": day_text(day), "department": department, "channel": channel}, _counts(part), part.cents)


def of_dead_letters(minute: int, topic: str, kind: str, messages: int) -> Record:
    """Return the figure of dead letters."""
    return Record(DEAD_LETTERS_BY_MINUTE, {"minute": minute_text(minute), "topic": topic, "kind": kind}, {"messages": messages})
