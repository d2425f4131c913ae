"""What is added up of live stock: by store, by department, and how many pairs are low or out by the open alerts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tillstream.queries import Trino
from tillstream.sql_files import statements
from tillstream.verify.bounds import Bounds, HotResult, Known, instant

Pair = tuple[str, str]
"""Store, product."""

#: So far back a product's department is looked for: what has been in another one may be counted there until it moves.
LATELY = timedelta(days=40)
#: A master that has reclassified more of the pairs than this is not one whose products have changed: then the sums say nothing.
MOST_RECLASSIFIED = 0.05


@dataclass(frozen=True, slots=True)
class Books:
    """A pair's units by the lake: before the moment of reading, and what went out and came back around it."""

    units: int
    sold: int
    returned: int

    def allow(self, units: int) -> bool:
        """Whether this many can have been right at the moment of reading."""
        return self.units - self.sold <= units <= self.units + self.returned


@dataclass
class Sums:
    """Pairs added up: the least and the most that their figures can have been."""

    products: int = 0
    least: int = 0
    most: int = 0
    out_least: int = 0
    out_most: int = 0
    moving: int = 0

    def add(self, books: Books) -> None:
        """Adds a pair."""
        self.products += 1
        self.least += books.units - books.sold
        self.most += books.units + books.returned
        self.out_least += books.units + books.returned <= 0
        self.out_most += books.units - books.sold <= 0
        self.moving += bool(books.sold or books.returned)

    def known(self, elsewhere: Iterable[Books] = ()) -> Known:
        """What Redis can have, where these pairs may be counted here or not."""
        products, least, most, out = self.products, self.least, self.most, self.out_most
        for books in elsewhere:
            products += 1
            least += min(0, books.units - books.sold)
            most += max(0, books.units + books.returned)
            out += books.units - books.sold <= 0
        bounds: Bounds = {"products": (self.products, products), "stock_units": (least, most), "stock_out": (self.out_least, out)}
        return Known(self.products, self.moving + products - self.products, bounds)


def compare_stores(held: Mapping[str, Mapping[str, str]], books: Mapping[Pair, Books]) -> HotResult:
    """The sums by store: how many pairs, how many units, and how many are out."""
    by_store: dict[str, Sums] = {}
    for (store, _), pair in books.items():
        by_store.setdefault(store, Sums()).add(pair)
    result = HotResult("inventory:by_store")
    nothing = {"products": "0", "stock_units": "0", "stock_out": "0"}
    for store in sorted(held.keys() | by_store.keys()):
        result.take(f"inventory:by_store:{store}", held.get(store, nothing), by_store.get(store, Sums()).known())
    return result


@dataclass
class Departments:
    """The department of each product that is kept on shelves, and those that have been in another one of late."""

    of: dict[str, str] = field(default_factory=dict)
    reclassified: set[str] = field(default_factory=set)


def departments(trino: Trino, now: datetime) -> Departments:
    """What the catalogue says now."""
    (query,) = statements(Path(__file__).parent / "departments.sql", since=instant(now - LATELY))
    found = Departments()
    for product, department, reclassified in trino.rows(query):
        found.of[product] = department
        if reclassified:
            found.reclassified.add(product)
    return found


def compare_departments(held: Mapping[str, Mapping[str, str]], books: Mapping[Pair, Books], masters: Departments) -> HotResult:
    """The sums by department. A pair whose product has changed its department may stand in either until it moves; those are counted."""
    sums: dict[str, Sums] = {}
    loose: list[Books] = []
    counted = 0
    for (_, product), pair in books.items():
        department = masters.of.get(product)
        if department is None:
            continue
        counted += 1
        if product in masters.reclassified:
            loose.append(pair)
        else:
            sums.setdefault(department, Sums()).add(pair)
    result = HotResult("inventory:by_department", skipped=len(loose))
    if len(loose) > MOST_RECLASSIFIED * counted:
        result.problems.append(
            f"{len(loose):,} of {counted:,} pairs are of products that were in two departments of late: too many to compare"
        )
    nothing = {"products": "0", "stock_units": "0", "stock_out": "0"}
    for name in sorted(held.keys() | sums.keys()):
        result.take(f"inventory:by_department:{name}", held.get(name, nothing), sums.get(name, Sums()).known(loose))
    return result


@dataclass(frozen=True)
class OpenAlerts:
    """Of a store: pairs that are low and out by its alerts, and how many alerts it has had."""

    low: int = 0
    out: int = 0
    alerts: int = 0


def open_alerts(trino: Trino) -> dict[str, OpenAlerts]:
    """What the lake shows now, by store."""
    (query,) = statements(Path(__file__).parent / "alerts.sql")
    return {store: OpenAlerts(*map(int, counts)) for store, *counts in trino.rows(query)}


def compare_alerts(held: Mapping[str, Mapping[str, str]], before: Mapping[str, OpenAlerts], after: Mapping[str, OpenAlerts]) -> HotResult:
    """How many pairs of each store are low and out: in Redis, and by the alerts that are open.

    An alert raised between the two looks at the lake moves each number by one at most; without one the numbers are equal.

    Args:
        held: Redis's sums by store.
        before: the lake before Redis was read.
        after: the lake when it had all that was raised until then.
    """
    result = HotResult("inventory:open_alerts")
    for store in sorted(held.keys() | after.keys()):
        then = after.get(store, OpenAlerts())
        raised = then.alerts - before.get(store, OpenAlerts()).alerts
        bounds = {
            "low": (max(0, then.low - raised), then.low + raised),
            "stock_out": (max(0, then.out - raised), then.out + raised),
        }
        result.take(
            f"inventory:open_alerts:{store}", held.get(store, {"low": "0", "stock_out": "0"}), Known(then.low + then.out, raised, bounds)
        )
    return result
