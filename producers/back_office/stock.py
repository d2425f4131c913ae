"""The stock system: what each store counted, ordered and received, so that stock = last count + deliveries - sales + returns.

Its own state is in SQLite beside the trade log: the last count of each pair of store and product, and every order. Sales come from the
trade log.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from producers.source_dataset import NOT_STOCKED, SourceDataset

SUPPLIERS_A_DEPARTMENT = 3
#: Every pair of store and product is counted once in this many days.
COUNT_EVERY_DAYS = 30
#: An order covers this many days of sales.
ORDER_DAYS = 14

_SCHEMA = """
CREATE TABLE IF NOT EXISTS counts (store_id INTEGER, product_id INTEGER, day TEXT NOT NULL, units INTEGER NOT NULL, PRIMARY KEY (store_id, product_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS orders (
  order_id TEXT, line_no INTEGER, supplier_id TEXT, store_id INTEGER, product_id INTEGER, units INTEGER, cents INTEGER,
  ordered_on TEXT, expected_on TEXT, delivered_on TEXT, delivered INTEGER,   -- delivered_on is when the lorry will come; known to the simulation alone
  PRIMARY KEY (order_id, line_no)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deliveries ON orders (delivered_on);
CREATE TABLE IF NOT EXISTS stock_days (day TEXT PRIMARY KEY);
"""


class Stock:
    """The stock system of some stores."""

    def __init__(self, dataset: SourceDataset, db: sqlite3.Connection, seed: int, daily_share: float, stores: int = 0) -> None:
        """Create the stock system.

        Args:
            dataset: the source dataset.
            db: database of the trade log.
            seed: seed of all random draws.
            daily_share: share of the source year's units that a live day sells.
            stores: number of stores, the first ones by id; 0 means all.
        """
        self._dataset = dataset
        self._db = db
        self._seed = seed
        self._db.executescript(_SCHEMA)
        self._store, self._product, units = self._pairs(stores)
        self._rate = units * daily_share
        self._index = {pair: i for i, pair in enumerate(zip(self._store.tolist(), self._product.tolist(), strict=True))}

    def _pairs(self, stores: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return the store, the product and the units in the source year of each pair that was ever sold. Each is an array of shape (pairs,)."""
        store, product, quantity = self._dataset.sold_lines()
        stocked = np.array(sorted(int(p[0] or 0) for p in self._dataset.products() if p[2] not in NOT_STOCKED))
        chosen = np.unique(store)[: stores or None]
        keep = np.isin(product, stocked) & np.isin(store, chosen) & (quantity > 0) & (quantity < 100)
        pairs, inverse = np.unique(np.stack([store[keep], product[keep]]), axis=1, return_inverse=True)
        return pairs[0], pairs[1], np.bincount(inverse.ravel(), quantity[keep]).astype(np.int64)

    def _random(self, *parts: object) -> np.random.Generator:
        """Return a generator that gives the same numbers for the same parts."""
        return np.random.default_rng(
            int.from_bytes(hashlib.blake2b(":".join(map(str, (self._seed, *parts))).encode(), digest_size=8).digest(), "big")
        )

    @cached_property
    def suppliers(self) -> list[dict[str, Any]]:
        """Three suppliers for each department."""
        departments = sorted({str(p[1]) for p in self._dataset.products() if p[1]})
        suppliers = []
        for number in range(len(departments) * SUPPLIERS_A_DEPARTMENT):
            department = departments[number // SUPPLIERS_A_DEPARTMENT]
            draw = self._random("supplier", number)
            suppliers.append(
                {
                    "supplier_id": f"S{number + 1:03d}",
                    "supplier_name": f"{department.title()} {('Wholesale', 'Farms & Sons', 'Logistics')[number % 3]}",
                    "department": department,
                    "email": f"orders{number + 1}@supplier{number + 1}.com",
                    "phone": f"+1{draw.integers(201, 290)}5550{draw.integers(100, 200)}",
                    "country": "US",
                    "currency": "USD",
                    "lead_time_days": int(draw.integers(1, 7)),
                }
            )
        return suppliers

    @cached_property
    def _supplier_of(self) -> npt.NDArray[np.int64]:
        """For each pair, the index of its product's supplier; shape (pairs,)."""
        departments = sorted({str(p[1]) for p in self._dataset.products() if p[1]})
        place = {int(p[0] or 0): departments.index(str(p[1])) for p in self._dataset.products() if p[1]}
        department = np.array([place.get(int(p), 0) for p in self._product])
        return department * SUPPLIERS_A_DEPARTMENT + self._product % SUPPLIERS_A_DEPARTMENT

    def close_day(self, day: date) -> None:
        """Simulate a day in the stores: deliveries arrive, shelves are counted, orders are sent. Does nothing if the day is done."""
        if self._db.execute("SELECT 1 FROM stock_days WHERE day = ?", (str(day),)).fetchone():
            return
        first = not self._db.execute("SELECT 1 FROM stock_days").fetchone()
        draw = self._random("day", day)
        if first:
            cover = draw.uniform(1, ORDER_DAYS, len(self._store))
            book, counted = np.ceil(self._rate * cover).astype(np.int64) + 1, np.ones(len(self._store), bool)
        else:
            book = self.book(day)
            counted = (self._store * 7 + self._product) % COUNT_EVERY_DAYS == day.toordinal() % COUNT_EVERY_DAYS
            # Units that were stolen, broken or lost since the last count.
            book = np.maximum(0, book - np.where(counted, draw.random(len(book)) < 0.03, False))
        supplier = self._supplier_of
        lead = np.array([s["lead_time_days"] for s in self.suppliers])[supplier]
        ordered = (book < self._rate * lead) & (self._rate >= 1) & ~self._open_orders(day)
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?)",
            zip(
                self._store[counted].tolist(),
                self._product[counted].tolist(),
                [str(day)] * int(counted.sum()),
                book[counted].tolist(),
                strict=True,
            ),
        )
        self._db.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._orders(day, np.flatnonzero(ordered), draw)
        )
        self._db.execute("INSERT INTO stock_days VALUES (?)", (str(day),))
        self._db.execute("COMMIT")

    def _orders(self, day: date, pairs: npt.NDArray[np.int64], draw: np.random.Generator) -> Iterator[tuple[Any, ...]]:
        """Yield order lines: an order for each store and supplier, a line for each product. One delivery in ten is late, one in twenty is short."""
        lines: dict[str, int] = {}
        for i in pairs.tolist():
            supplier = self.suppliers[int(self._supplier_of[i])]
            order = f"{day:%y%m%d}-{self._store[i]}-{supplier['supplier_id']}"
            lines[order] = lines.get(order, 0) + 1
            units = int(np.ceil(self._rate[i] * ORDER_DAYS))
            expected = day + timedelta(days=supplier["lead_time_days"])
            late = int(draw.integers(1, 4)) if draw.random() < 0.1 else 0
            arrived = units if draw.random() < 0.95 else int(units * draw.random())
            cents = 50 + int(self._product[i]) % 900
            yield (
                order, lines[order], supplier["supplier_id"], int(self._store[i]), int(self._product[i]), units, cents,
                str(day), str(expected), str(expected + timedelta(days=late)), arrived,
            )  # fmt: skip

    def _open_orders(self, day: date) -> npt.NDArray[np.bool_]:
        """Return which pairs have an open order; boolean, shape (pairs,)."""
        under_way = np.zeros(len(self._store), bool)
        for pair in self._db.execute("SELECT store_id, product_id FROM orders WHERE delivered_on > ?", (str(day),)):
            under_way[self._index[pair]] = True
        return under_way

    def book(self, day: date) -> npt.NDArray[np.int64]:
        """Return the units of each pair at the end of a day, from its last count and the deliveries and sales since; shape (pairs,)."""
        units = np.zeros(len(self._store), np.int64)
        query = """
            SELECT store_id, product_id, units FROM counts
            UNION ALL SELECT o.store_id, o.product_id, o.delivered FROM orders o JOIN counts c USING (store_id, product_id)
              WHERE o.delivered_on > c.day AND o.delivered_on <= :day
            UNION ALL SELECT s.store_id, s.product_id, -s.units FROM sold s JOIN counts c USING (store_id, product_id)
              WHERE s.day > c.day AND s.day <= :day
        """
        for store, product, change in self._db.execute(query, {"day": str(day)}):
            if (place := self._index.get((store, product))) is not None:
                units[place] += change
        return units

    def counts(self, day: date) -> Iterator[dict[str, Any]]:
        """Yield the day's counts, taken after closing."""
        closing = datetime(day.year, day.month, day.day, 23, 59, 59, 999_000, tzinfo=UTC)
        for store, product, units in self._db.execute("SELECT store_id, product_id, units FROM counts WHERE day = ?", (str(day),)):
            yield {"store_id": str(store), "product_id": str(product), "counted_at": closing, "quantity": units}

    def restocks(self, day: date) -> Iterator[dict[str, Any]]:
        """Yield the day's orders, and the day's deliveries of earlier orders."""
        columns = "order_id, line_no, supplier_id, store_id, product_id, units, cents, ordered_on, expected_on, delivered_on, delivered"
        rows = self._db.execute(f"SELECT {columns} FROM orders WHERE ordered_on = :day OR delivered_on = :day", {"day": str(day)})
        for order, line, supplier, store, product, units, cents, ordered_on, expected_on, delivered_on, delivered in rows:
            came = delivered_on == str(day)
            yield {
                "order_id": order,
                "line_no": line,
                "supplier_id": supplier,
                "store_id": str(store),
                "product_id": str(product),
                "status": "DELIVERED" if came else "ORDERED",
                "ordered_quantity": units,
                "delivered_quantity": delivered if came else None,
                "unit_cost": f"{cents / 100:.2f}",
                "currency": "USD",
                "ordered_at": datetime.fromisoformat(f"{ordered_on}T20:00:00+00:00"),
                "expected_on": date.fromisoformat(expected_on),
                "delivered_at": datetime.fromisoformat(f"{delivered_on}T05:30:00+00:00") if came else None,
            }
