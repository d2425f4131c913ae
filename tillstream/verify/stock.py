"""Live stock in Redis against the books as the lake has them, while trade and loads go on.

Redis is read once, and the lake is asked for each pair's books by what Kafka had some seconds before, and for what was sold and brought back
from then until just after: the figure lies between. A file that is loaded at this very moment is in one and not yet in the other, so a pair
that is wrong is looked at again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_plus

from tillstream.hot import hashes, records
from tillstream.hot_keys import parts_of
from tillstream.queries import Trino
from tillstream.sql_files import statements
from tillstream.verify.hot import SETTLE_AFTER, SETTLE_BEFORE, HotResult

#: Trino adds up so many pairs' books in about 150 MB.
PAIRS_A_QUERY = 200_000
READINGS = 3

Pair = tuple[str, str]
"""Store, product."""


@dataclass(frozen=True, slots=True)
class Books:
    """A pair's units by the lake: before the moment of reading, and what went out and came back around it."""

    units: int
    sold: int
    returned: int

    def allow(self, units: int) -> bool:
        """Whether this many can have been right at the moment of reading."""
        return self.units - self.sold <= units <= self.units + self.returned


class StockReading:
    """What Redis said at a moment. The lake is asked once it has all that Kafka had then."""

    def __init__(self) -> None:
        self._now = datetime.now(tz=UTC)
        found = records(hashes("inventory:stock:*"))
        self._pairs = {(parts_of(key)[0], fields["product_id"]): int(fields["stock_units"]) for key, fields in found}
        self._stores = {parts_of(key)[0]: fields for key, fields in hashes("inventory:by_store:*").items()}
        self._read_at = datetime.now(tz=UTC)

    def compare(self, trino: Trino) -> tuple[HotResult, HotResult, dict[Pair, str]]:
        """The pairs, the sums by store, and what is wrong by pair."""
        books = books_by_the_lake(trino, self._now - SETTLE_BEFORE, self._read_at + SETTLE_AFTER)
        result, problems = compare_pairs(self._pairs, books)
        return result, compare_stores(self._stores, books), problems


def compare_stock(trino: Trino, reading: StockReading, wait_for_lake: Callable[[], None]) -> list[HotResult]:
    """Every pair that was ever counted, and the sums by store.

    Args:
        trino: where the lake is asked.
        reading: a first one, which the lake has come up to.
        wait_for_lake: returns when all that is in Kafka now is in the lake.
    """
    pairs, stores, problems = reading.compare(trino)
    for _ in range(1, READINGS):
        if not problems and not stores.problems:
            break
        reading = StockReading()
        wait_for_lake()
        pairs, stores, again = reading.compare(trino)
        problems = {pair: text for pair, text in again.items() if pair in problems}
    pairs.problems = list(problems.values())
    return [pairs, stores]


def books_by_the_lake(trino: Trino, before: datetime, after: datetime) -> dict[Pair, Books]:
    """Each pair's books."""
    counted = trino.scalar("SELECT count(DISTINCT (store_id, product_id)) FROM lake.inventory.stock_counts")
    slices = 1 + counted // PAIRS_A_QUERY
    found: dict[Pair, Books] = {}
    for number in range(slices):
        (query,) = statements(
            Path(__file__).parent / "stock.sql",
            before=f"TIMESTAMP '{before:%Y-%m-%d %H:%M:%S.%f} UTC'",
            after=f"TIMESTAMP '{after:%Y-%m-%d %H:%M:%S.%f} UTC'",
            slices=str(slices),
            number=str(number),
        )
        for store, texts in trino.rows(query):
            found.update(((store, product), books) for product, books in unpacked(texts))
    return found


def unpacked(texts: str) -> Iterator[tuple[str, Books]]:
    """The products of a store and their books, from the row that stock.sql makes of them."""
    for text in texts.split(" "):
        product, units, sold, returned = text.split(":")
        yield unquote_plus(product), Books(int(units), int(sold), int(returned))


def compare_pairs(held: dict[Pair, int], books: dict[Pair, Books]) -> tuple[HotResult, dict[Pair, str]]:
    """Figures and what is wrong, by pair."""
    result = HotResult("inventory:stock", len(held.keys() | books.keys()), 0, 0, [])
    problems = {}
    for pair in held.keys() | books.keys():
        name = f"inventory:stock:{pair[0]} {pair[1]}"
        if pair not in held:
            problems[pair] = f"{name}: counted, not in Redis"
        elif pair not in books:
            problems[pair] = f"{name}: in Redis, never counted"
        elif not books[pair].allow(held[pair]):
            problems[pair] = f"{name}: {held[pair]} units; the lake has {books[pair]}"
        elif books[pair].sold or books[pair].returned:
            result.moving += 1
        else:
            result.exact += 1
    return result, problems


def compare_stores(held: dict[str, dict[str, str]], books: dict[Pair, Books]) -> HotResult:
    """The sums by store: how many pairs, how many units, and where nothing moved how many are out."""
    by_store: dict[str, list[Books]] = {}
    for (store, _), pair in books.items():
        by_store.setdefault(store, []).append(pair)
    result = HotResult("inventory:by_store", len(held.keys() | by_store.keys()), 0, 0, [])
    for store in sorted(held.keys() | by_store.keys()):
        pairs, fields = by_store.get(store, []), held.get(store, {"products": "0", "stock_units": "0", "stock_out": "0"})
        total = Books(sum(p.units for p in pairs), sum(p.sold for p in pairs), sum(p.returned for p in pairs))
        out = sum(p.units <= 0 for p in pairs)
        still = not (total.sold or total.returned)
        if int(fields["products"]) != len(pairs):
            result.problems.append(f"inventory:by_store:{store}: {fields['products']} products, {len(pairs)} were counted")
        elif not total.allow(int(fields["stock_units"])):
            result.problems.append(f"inventory:by_store:{store}: {fields['stock_units']} units; the lake has {total}")
        elif still and int(fields["stock_out"]) != out:
            result.problems.append(f"inventory:by_store:{store}: {fields['stock_out']} out, {out} are by the lake")
        else:
            result.exact += still
            result.moving += not still
    return result
