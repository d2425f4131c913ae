"""Compare live stock in Redis with the books in the lake, while events and dumps arrive.

A pair is a store and a product. Redis is read once. The lake gives each pair's units some seconds before that moment, and what was sold and
returned from then until just after it: the figure in Redis lies between. A dump that is loaded at this moment may be in one and not yet in the
other: tillstream.verify.hot reads again what is wrong.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_plus

from tillstream.core.clients.redis import hash_records, read_hashes
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import dump_contracts
from tillstream.core.hot_keys import parts_of
from tillstream.core.sql_templates import statements
from tillstream.core.topology import STOCK, STOCK_COUNTS, redis_prefix
from tillstream.verify.bounds import SETTLE_AFTER, SETTLE_BEFORE, HotResult, instant
from tillstream.verify.stock_sums import (
    BY_DEPARTMENT,
    BY_STORE,
    Books,
    OpenAlerts,
    Pair,
    compare_alerts,
    compare_departments,
    compare_stores,
    departments,
    open_alerts,
)

#: The start of the Redis keys of the pairs.
PAIRS = redis_prefix(STOCK)
#: Trino needs about 150 MB to calculate the books of this many pairs.
PAIRS_A_QUERY = 200_000


class StockReading:
    """Live stock in Redis at one moment. Compare it when the lake has all that Kafka had then. The open alerts are also read before Redis."""

    def __init__(self, trino: Trino) -> None:
        self._alerts: dict[str, OpenAlerts] = open_alerts(trino)
        self._now = datetime.now(tz=UTC)
        records = hash_records(read_hashes(f"{PAIRS}:*"))
        self._pairs = {(parts_of(key)[0], fields["product_id"]): int(fields["stock_units"]) for key, fields in records}
        self._stores = {parts_of(key)[0]: fields for key, fields in read_hashes(f"{BY_STORE}:*").items()}
        self._departments = {parts_of(key)[0]: fields for key, fields in read_hashes(f"{BY_DEPARTMENT}:*").items()}
        self._read_at = datetime.now(tz=UTC)

    def compare(self, trino: Trino) -> list[HotResult]:
        """Compare every pair that was ever counted, the sums by store and by department, and the open alerts."""
        books = lake_books(trino, self._now - SETTLE_BEFORE, self._read_at + SETTLE_AFTER)
        return [
            compare_pairs(self._pairs, books),
            compare_stores(self._stores, books),
            compare_departments(self._departments, books, departments(trino, self._now)),
            compare_alerts(self._stores, self._alerts, open_alerts(trino)),
        ]


def lake_books(trino: Trino, before: datetime, after: datetime) -> dict[Pair, Books]:
    """Return each pair's books: its units at `before`, and what was sold and returned between `before` and `after`."""
    pairs = trino.scalar(f"SELECT count(DISTINCT (store_id, product_id)) FROM {dump_contracts()[STOCK_COUNTS].table}")
    slices = 1 + pairs // PAIRS_A_QUERY
    books_by_pair: dict[Pair, Books] = {}
    for number in range(slices):
        (query,) = statements(
            Path(__file__).parent / "stock.sql",
            before=instant(before),
            after=instant(after),
            slices=str(slices),
            number=str(number),
        )
        for store, texts in trino.rows(query):
            books_by_pair.update(((store, product), books) for product, books in parse_books(texts))
    return books_by_pair


def parse_books(texts: str) -> Iterator[tuple[str, Books]]:
    """Yield the products of a store and their books, from a row of stock.sql."""
    for text in texts.split(" "):
        product, units, sold, returned = text.split(":")
        yield unquote_plus(product), Books(int(units), int(sold), int(returned))


def compare_pairs(held: dict[Pair, int], books: dict[Pair, Books]) -> HotResult:
    """Compare the pairs."""
    result = HotResult(PAIRS, len(held.keys() | books.keys()))
    for pair in held.keys() | books.keys():
        name = f"{PAIRS}:{pair[0]} {pair[1]}"
        if pair not in held:
            result.wrong[name] = "counted, not in Redis"
        elif pair not in books:
            result.wrong[name] = "in Redis, never counted"
        elif not books[pair].allow(held[pair]):
            result.wrong[name] = f"{held[pair]} units; the lake has {books[pair]}"
        elif books[pair].sold or books[pair].returned:
            result.moving += 1
        else:
            result.exact += 1
    return result
