"""The source systems of the back office: the rows of each dump for a business day, without untidy values."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from producers.back_office.members import Member, Members
from producers.back_office.stock import Stock
from producers.source_dataset import SourceDataset
from tillstream.core.topology import CAMPAIGNS, MEMBERS, POINTS, PRODUCTS, REDEMPTIONS, RESTOCKS, STOCK_COUNTS, STORES, SUPPLIERS

#: A member takes a reward at this number of points.
REWARD_POINTS = 1_000

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS rewards (member_id TEXT, day TEXT, seconds INTEGER NOT NULL, PRIMARY KEY (member_id, day)) WITHOUT ROWID"
)


class BackOffice:
    """The loyalty, stock and master data systems of the company."""

    def __init__(self, dataset: SourceDataset, db: sqlite3.Connection, members: Members, stock: Stock) -> None:
        self._dataset = dataset
        self._db = db
        self._members = members
        self._stock = stock
        self._db.execute(_SCHEMA)

    def close_day(self, day: date) -> None:
        """Book a day: all known baskets that no day has booked yet, rewards, and stock. Can be run again for the same day."""
        end = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + 86_400
        self._db.execute("UPDATE baskets SET booked_on = ? WHERE booked_on IS NULL AND seconds < ?", (str(day), end))
        balances = self._db.execute(
            "SELECT customer_id, sum(cents / 100) FROM baskets WHERE booked_on IS NOT NULL AND customer_id IS NOT NULL GROUP BY 1"
        ).fetchall()
        taken = dict(self._db.execute("SELECT member_id, count(*) FROM rewards GROUP BY 1"))
        for customer, points in balances:
            member = self._members.by_customer.get(customer)
            if member and points - REWARD_POINTS * taken.get(member.member_id, 0) >= REWARD_POINTS:
                self._db.execute("INSERT OR IGNORE INTO rewards VALUES (?, ?, ?)", (member.member_id, str(day), end - 3_600))
        self._stock.close_day(day)

    def rows(self, dump: str, day: date) -> Iterable[dict[str, Any]]:
        """Return the rows of a dump for a closed business day."""
        of_day: dict[str, Callable[[date], Iterable[dict[str, Any]]]] = {
            MEMBERS: self._member_records,
            POINTS: self._points,
            REDEMPTIONS: self._redemptions,
            CAMPAIGNS: self._campaigns,
            SUPPLIERS: lambda _: self._stock.suppliers,
            STOCK_COUNTS: self._stock.counts,
            RESTOCKS: self._stock.restocks,
            PRODUCTS: lambda _: self._products(),
            STORES: lambda _: self._stores(),
        }
        return of_day[dump](day)

    def _member_records(self, day: date) -> Iterator[dict[str, Any]]:
        return (self._members.record(member, day) for member in self._members.all)

    def _stores(self) -> Iterator[dict[str, Any]]:
        for store, name, region in self._dataset.stores():
            yield {"store_id": store, "store_name": name, "region": region, "country": "US"}

    def _booked(self, day: date) -> Iterator[tuple[Member, tuple[Any, ...]]]:
        """Yield the members' baskets that were booked on a day."""
        columns = "customer_id, event_id, kind, coupon_id, seconds, cents"
        for row in self._db.execute(f"SELECT {columns} FROM baskets WHERE booked_on = ? ORDER BY seconds, event_id", (str(day),)):
            if member := self._members.by_customer.get(row[0]):
                yield member, row

    def _rewards(self, day: date) -> Iterator[tuple[str, datetime]]:
        for member_id, seconds in self._db.execute("SELECT member_id, seconds FROM rewards WHERE day = ? ORDER BY member_id", (str(day),)):
            yield member_id, datetime.fromtimestamp(seconds, tz=UTC)

    def _points(self, day: date) -> Iterator[dict[str, Any]]:
        """Yield one point for each whole dollar. A return or a void takes the points back."""
        for member, (_, event_id, kind, _, seconds, cents) in self._booked(day):
            points = int(cents / 100)
            if points:
                yield {
                    "entry_id": f"p-{event_id}",
                    "member_id": member.member_id,
                    "event_id": event_id,
                    "kind": "EARN" if kind == "SALE" else "REVERSE",
                    "points": points,
                    "booked_at": datetime.fromtimestamp(seconds, tz=UTC),
                }
        for member_id, at in self._rewards(day):
            yield {
                "entry_id": f"r-{member_id}-{day:%Y%m%d}",
                "member_id": member_id,
                "event_id": None,
                "kind": "SPEND",
                "points": -REWARD_POINTS,
                "booked_at": at,
            }

    def _redemptions(self, day: date) -> Iterator[dict[str, Any]]:
        campaigns = self._dataset.campaign_of_coupon
        for member, (_, event_id, kind, coupon, seconds, _) in self._booked(day):
            if kind == "SALE" and coupon:
                yield {
                    "redemption_id": f"c-{event_id}",
                    "member_id": member.member_id,
                    "kind": "COUPON",
                    "campaign_id": campaigns.get(coupon),
                    "coupon_id": coupon,
                    "points_spent": 0,
                    "redeemed_at": datetime.fromtimestamp(seconds, tz=UTC),
                }
        for member_id, at in self._rewards(day):
            yield {
                "redemption_id": f"r-{member_id}-{day:%Y%m%d}",
                "member_id": member_id,
                "kind": "REWARD",
                "campaign_id": None,
                "coupon_id": None,
                "points_spent": REWARD_POINTS,
                "redeemed_at": at,
            }

    def _campaigns(self, day: date) -> Iterator[dict[str, Any]]:
        """Yield the campaigns of the source year, moved like the year's trade."""
        for campaign, kind, starts, ends, coupons, households in self._dataset.campaigns():
            shift = self._dataset.history_shift(starts, day + timedelta(days=1))
            yield {
                "campaign_id": campaign,
                "campaign_type": kind,
                "starts_on": starts + shift,
                "ends_on": ends + shift,
                "coupons": coupons,
                "households": households,
            }

    def _products(self) -> Iterator[dict[str, Any]]:
        sizes = self._dataset.package_sizes
        for product, department, category, kind, brand in self._dataset.products():
            yield {
                "product_id": product,
                "department": department,
                "category": category,
                "product_type": kind,
                "brand": brand,
                "package_size": sizes.get(str(product)),
            }
