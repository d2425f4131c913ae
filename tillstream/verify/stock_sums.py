"""Compare the sums of live stock: by store, by department, and how many pairs are low or out of stock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest, nsmallest
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.rules import NO_DEPARTMENT, UNCOUNTED_DAYS
from tillstream.core.sql_templates import statements
from tillstream.core.topology import STOCK_BY_DEPARTMENT, STOCK_BY_STORE, redis_prefix
from tillstream.verify.bounds import Bounds, HotResult, Known, instant

Pair = tuple[str, str]
"""A store's id and a product's id."""

#: The starts of the Redis keys of the sums.
BY_STORE, BY_DEPARTMENT = redis_prefix(STOCK_BY_STORE), redis_prefix(STOCK_BY_DEPARTMENT)
#: How far back a product's earlier department is searched. Its pairs are counted there until their stock changes.
LATELY = timedelta(days=UNCOUNTED_DAYS)
#: The largest share of pairs with a changed department. Above it something else is wrong, and the sums cannot be compared.
MOST_RECLASSIFIED = 0.05


@dataclass(frozen=True, slots=True)
class Books:
    """A pair's units in the lake: before Redis was read, and what was sold and returned around that moment."""

    units: int
    sold: int
    returned: int

    def allow(self, units: int) -> bool:
        """Return whether this many units can have been right when Redis was read."""
        return self.units - self.sold <= units <= self.units + self.returned


@dataclass
class Sums:
    """The sums of some pairs: the least and the most that each can have been.

    Attributes:
        products: how many pairs.
        least: the least units.
        most: the most units.
        out_least: the least number of pairs that are out of stock.
        out_most: the most.
        moving: how many pairs were sold or returned around the moment of reading.
    """

    products: int = 0
    least: int = 0
    most: int = 0
    out_least: int = 0
    out_most: int = 0
    moving: int = 0

    def add(self, books: Books) -> None:
        """Add a pair."""
        self.products += 1
        self.least += books.units - books.sold
        self.most += books.units + books.returned
        self.out_least += books.units + books.returned <= 0
        self.out_most += books.units - books.sold <= 0
        self.moving += bool(books.sold or books.returned)

    def known(self, elsewhere: Iterable[Books] = ()) -> Known:
        """Return the bounds of the sums, where the pairs of `elsewhere` may be counted here or not."""
        products, least, most, out = self.products, self.least, self.most, self.out_most
        for books in elsewhere:
            products += 1
            least += min(0, books.units - books.sold)
            most += max(0, books.units + books.returned)
            out += books.units - books.sold <= 0
        bounds: Bounds = {"products": (self.products, products), "stock_units": (least, most), "stock_out": (self.out_least, out)}
        return Known(self.products, self.moving + products - self.products, bounds)


def compare_stores(held: Mapping[str, Mapping[str, str]], books: Mapping[Pair, Books]) -> HotResult:
    """Compare the sums of each store: how many pairs, how many units, and how many pairs are out of stock."""
    by_store: dict[str, Sums] = {}
    for (store, _), pair in books.items():
        by_store.setdefault(store, Sums()).add(pair)
    result = HotResult(BY_STORE)
    nothing = {"products": "0", "stock_units": "0", "stock_out": "0"}
    for store in sorted(held.keys() | by_store.keys()):
        result.take(f"{BY_STORE}:{store}", held.get(store, nothing), by_store.get(store, Sums()).known())
    return result


@dataclass
class Departments:
    """The department of each product that is kept on shelves, and the products whose department has changed lately."""

    of: dict[str, str] = field(default_factory=dict)
    reclassified: set[str] = field(default_factory=set)


def departments(trino: Trino, now: datetime) -> Departments:
    """Return the departments in the product master now."""
    (query,) = statements(Path(__file__).parent / "departments.sql", since=instant(now - LATELY))
    masters = Departments()
    for product, department, reclassified in trino.rows(query):
        masters.of[product] = department
        if reclassified:
            masters.reclassified.add(product)
    return masters


def compare_departments(held: Mapping[str, Mapping[str, str]], books: Mapping[Pair, Books], masters: Departments) -> HotResult:
    """Compare the sums of each department.

    Some pairs are counted in another department, or in none, until their stock changes: pairs of a product whose department has changed, and
    pairs that were counted before the product was in the master. The latter are under NO_DEPARTMENT. Both count as skipped.
    """
    result = HotResult(BY_DEPARTMENT)
    by_department: dict[str, list[Books]] = {}
    loose: list[Books] = []
    for (_, product), pair in books.items():
        if (department := masters.of.get(product)) is None or product in masters.reclassified:
            loose.append(pair)
        else:
            by_department.setdefault(department, []).append(pair)
    nothing = {"products": "0", "stock_units": "0", "stock_out": "0"}
    unknown = int(held.get(NO_DEPARTMENT, nothing)["products"])
    result.skipped = len(loose) + unknown
    if result.skipped > MOST_RECLASSIFIED * len(books):
        result.wrong[BY_DEPARTMENT] = (
            f"{result.skipped:,} of {len(books):,} pairs have no department, or had another one lately: too many to compare"
        )
    for name in sorted((held.keys() | by_department.keys()) - {NO_DEPARTMENT}):
        result.take(f"{BY_DEPARTMENT}:{name}", held.get(name, nothing), _known(by_department.get(name, []), loose, unknown))
    total = {figure: str(sum(int(fields[figure]) for fields in held.values())) for figure in nothing}
    settled = [pair for pairs in by_department.values() for pair in pairs]
    result.take(f"{BY_DEPARTMENT}, all of them", total, _known(settled, loose, 0))
    return result


def _known(pairs: list[Books], loose: list[Books], unknown: int) -> Known:
    """Return the bounds of a department's sums. Up to `unknown` of its pairs may be under NO_DEPARTMENT, and any of the loose pairs may be in it."""
    sums = Sums()
    for pair in pairs:
        sums.add(pair)
    known = sums.known(loose)
    if not unknown:
        return known
    away = (
        nlargest(unknown, pairs, key=lambda books: books.units + books.returned),
        nsmallest(unknown, pairs, key=lambda books: books.units - books.sold),
    )
    most, least = (sum(max(0, b.units + b.returned) for b in away[0]), sum(min(0, b.units - b.sold) for b in away[1]))
    (fewest, products), (low, high), (out_least, out_most) = (known.bounds[name] for name in ("products", "stock_units", "stock_out"))
    bounds: Bounds = {
        "products": (max(0, fewest - unknown), products),
        "stock_units": (low - most, high - least),
        "stock_out": (max(0, out_least - unknown), out_most),
    }
    return Known(known.settled, known.unsettled + unknown, bounds)


@dataclass(frozen=True)
class OpenAlerts:
    """The alerts of a store: how many pairs are low and how many out of stock, and how many alerts it has had."""

    low: int = 0
    out: int = 0
    alerts: int = 0


def open_alerts(trino: Trino) -> dict[str, OpenAlerts]:
    """Return the alerts in the lake now, by store."""
    (query,) = statements(Path(__file__).parent / "alerts.sql")
    return {store: OpenAlerts(*map(int, counts)) for store, *counts in trino.rows(query)}


def compare_alerts(held: Mapping[str, Mapping[str, str]], before: Mapping[str, OpenAlerts], after: Mapping[str, OpenAlerts]) -> HotResult:
    """Compare how many pairs of each store are low and how many are out of stock in Redis with the open alerts.

    An alert raised between the two readings of the lake changes each number by one at most. Without one the numbers must be equal.

    Args:
        held: the sums in Redis, by store.
        before: the alerts in the lake before Redis was read.
        after: the alerts when the lake had all that were raised until Redis was read.
    """
    result = HotResult("inventory:open_alerts")
    for store in sorted(held.keys() | after.keys()):
        alerts = after.get(store, OpenAlerts())
        raised = alerts.alerts - before.get(store, OpenAlerts()).alerts
        bounds = {
            "low": (max(0, alerts.low - raised), alerts.low + raised),
            "stock_out": (max(0, alerts.out - raised), alerts.out + raised),
        }
        known = Known(alerts.low + alerts.out, raised, bounds)
        result.take(f"inventory:open_alerts:{store}", held.get(store, {"low": "0", "stock_out": "0"}), known)
    return result
