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

from tillstream.core.clients.redis import hashes, records
from tillstream.core.clients.trino import Trino
from tillstream.core.hot_keys import parts_of
from tillstream.core.sql_templates import statements
from tillstream.verify.bounds import SETTLE_AFTER, SETTLE_BEFORE, HotResult, instant
from tillstream.verify.stock_sums import (
    Books,
    OpenAlerts,
    Pair,
    compare_alerts,
    compare_departments,
    compare_stores,
    departments,
    open_alerts,
)

#: Trino adds up so many pairs' books in about 150 MB.
PAIRS_A_QUERY = 200_000
READINGS = 3


@dataclass
class StockResults:
    """One comparison of live stock: a row of the table each, and what is wrong by pair."""

    pairs: HotResult
    sums: list[HotResult]
    problems: dict[Pair, str]

    @property
    def hold(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and not any(result.problems for result in self.sums)


class StockReading:
    """What Redis said at a moment. The lake is asked once it has all that Kafka had then; of alerts, before too."""

    def __init__(self, trino: Trino) -> None:
        self._alerts: dict[str, OpenAlerts] = open_alerts(trino)
        self._now = datetime.now(tz=UTC)
        found = records(hashes("inventory:stock:*"))
        self._pairs = {(parts_of(key)[0], fields["product_id"]): int(fields["stock_units"]) for key, fields in found}
        self._stores = {parts_of(key)[0]: fields for key, fields in hashes("inventory:by_store:*").items()}
        self._departments = {parts_of(key)[0]: fields for key, fields in hashes("inventory:by_department:*").items()}
        self._read_at = datetime.now(tz=UTC)

    def compare(self, trino: Trino) -> StockResults:
        """The pairs, and the sums by store, by department and of open alerts."""
        books = books_by_the_lake(trino, self._now - SETTLE_BEFORE, self._read_at + SETTLE_AFTER)
        pairs, problems = compare_pairs(self._pairs, books)
        sums = [
            compare_stores(self._stores, books),
            compare_departments(self._departments, books, departments(trino, self._now)),
            compare_alerts(self._stores, self._alerts, open_alerts(trino)),
        ]
        return StockResults(pairs, sums, problems)


def compare_stock(trino: Trino, reading: StockReading, wait_for_lake: Callable[[], None]) -> list[HotResult]:
    """Every pair that was ever counted, the sums by store and department, and the open alerts.

    Args:
        trino: where the lake is asked.
        reading: a first one, which the lake has come up to.
        wait_for_lake: returns when all that is in Kafka now, and all alerts raised by now, are in the lake.
    """
    found = reading.compare(trino)
    problems = found.problems
    for _ in range(1, READINGS):
        if found.hold:
            break
        reading = StockReading(trino)
        wait_for_lake()
        found = reading.compare(trino)
        problems = {pair: text for pair, text in found.problems.items() if pair in problems}
        found.problems = problems
    found.pairs.problems = list(problems.values())
    return [found.pairs, *found.sums]


def books_by_the_lake(trino: Trino, before: datetime, after: datetime) -> dict[Pair, Books]:
    """Each pair's books."""
    counted = trino.scalar("SELECT count(DISTINCT (store_id, product_id)) FROM lake.inventory.stock_counts")
    slices = 1 + counted // PAIRS_A_QUERY
    found: dict[Pair, Books] = {}
    for number in range(slices):
        (query,) = statements(
            Path(__file__).parent / "stock.sql",
            before=instant(before),
            after=instant(after),
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
    result = HotResult("inventory:stock", len(held.keys() | books.keys()))
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
