"""What is added up of live stock: by store, by department, and how many pairs are low or out by the open alerts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest, nsmallest
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.sql_templates import statements
from tillstream.verify.bounds import Bounds, HotResult, Known, instant

Pair = tuple[str, str]
"""Store, product."""

#: So far back a product's department is looked for: what has been in another one may be counted there until it moves.
LATELY = timedelta(days=40)
#: Where a pair stands whose product the master did not know when it last moved.
UNKNOWN = "UNKNOWN"
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
    """The sums by department. Some pairs stand in none of them or in another, until they move: those of a product that has changed its
    department, and those that were counted before the master knew the product, which stand under UNKNOWN. They are counted."""
    result = HotResult("inventory:by_department")
    by_department: dict[str, list[Books]] = {}
    loose: list[Books] = []
    for (_, product), pair in books.items():
        if (department := masters.of.get(product)) is None or product in masters.reclassified:
            loose.append(pair)
        else:
            by_department.setdefault(department, []).append(pair)
    nothing = {"products": "0", "stock_units": "0", "stock_out": "0"}
    unknown = int(held.get(UNKNOWN, nothing)["products"])
    result.skipped = len(loose) + unknown
    if result.skipped > MOST_RECLASSIFIED * len(books):
        result.problems.append(
            f"{result.skipped:,} of {len(books):,} pairs have no department, or had another of late: too many to compare"
        )
    for name in sorted((held.keys() | by_department.keys()) - {UNKNOWN}):
        result.take(f"inventory:by_department:{name}", held.get(name, nothing), _known(by_department.get(name, []), loose, unknown))
    total = {figure: str(sum(int(fields[figure]) for fields in held.values())) for figure in nothing}
    settled = [pair for pairs in by_department.values() for pair in pairs]
    result.take("inventory:by_department, all of them", total, _known(settled, loose, 0))
    return result


def _known(pairs: list[Books], loose: list[Books], unknown: int) -> Known:
    """What a department can have: its pairs, but for so many as may stand under UNKNOWN, and of the loose ones any."""
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
