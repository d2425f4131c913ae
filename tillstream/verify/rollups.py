"""The rollups: their keys in Redis, and the queries that calculate the same figures from the lake."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tillstream.core import rules
from tillstream.core.clients.trino import Trino
from tillstream.core.hot_keys import key_of
from tillstream.core.topology import (
    CALLS,
    CALLS_BY_MINUTE,
    CLICKS,
    CUSTOMER_PROFILE,
    DEAD_LETTERS,
    DEAD_LETTERS_BY_MINUTE,
    FEEDBACK,
    RETURNS_BY_MINUTE,
    SALES_BY_DEPARTMENT,
    SALES_BY_MINUTE,
    SALES_BY_STORE,
    TILLS,
    TOP_PRODUCTS,
    VOICE_BY_MINUTE,
    WEB_FUNNEL_BY_MINUTE,
    redis_prefix,
    table_of,
)
from tillstream.verify.bounds import Figure, Known, different, earliest, instant, latest, rows_where, total

_UNITS = "CASE WHEN flags LIKE '%THOUSANDTHS%' THEN sign(quantity) ELSE quantity END"
_BASKET = "coalesce(line_position, line_no) = 1 AND transaction_type = 'SALE'"
# Truncate to the minute first: format_datetime rounds to milliseconds, and would count an event at 59.9996 s in the next minute.
_MINUTE = "format_datetime(date_trunc('minute', {} AT TIME ZONE 'UTC'), 'yyyyMMddHHmm')"
_DAY = "format_datetime(date_trunc('day', event_time AT TIME ZONE 'UTC'), 'yyyyMMdd')"
#: How many hours of minutes are compared: one less than Redis keeps a minute.
HOURS = rules.MINUTE_HOURS_KEPT - 1


@dataclass(frozen=True)
class Rollup:
    """One rollup: its keys in Redis, and how to calculate its figures from the lake.

    Attributes:
        prefix: the start of its Redis keys.
        dimensions: the columns of the lake that form the key.
        stamp: the SQL expression of the key's minute or day; empty where the key has none.
        figures: its figures, by name.
        scope: the FROM and WHERE clauses of the query.
        clock: the column with the time at which Kafka had the row.
    """

    prefix: str
    dimensions: tuple[str, ...]
    stamp: str
    figures: dict[str, Figure]
    scope: str
    clock: str = "ingested_at"

    def from_lake(self, trino: Trino, settled_at: datetime, until: datetime) -> dict[str, Known]:
        """Return the bounds of each key's figures.

        Args:
            trino: the connection to the lake.
            settled_at: Redis had everything that Kafka had at this time.
            until: Redis had nothing that Kafka received after this time.
        """
        settled = f"({self.clock} <= {instant(settled_at)})"
        keys = [*self.dimensions, *([self.stamp] if self.stamp else [])]
        columns = [text.format(settled=settled) for figure in self.figures.values() for text in (figure.least, figure.most)]
        selected = ", ".join([*keys, f"count_if({settled})", f"count_if(NOT {settled})", *columns])
        groups = ", ".join(str(number + 1) for number in range(len(keys)))
        known = {}
        for row in trino.rows(f"SELECT {selected} {self.scope} AND {self.clock} <= {instant(until)} GROUP BY {groups}"):
            key, rest = key_of(self.prefix, row[: len(keys)]), row[len(keys) :]
            bounds = dict(zip(self.figures, zip(rest[2::2], rest[3::2], strict=True), strict=True))
            known[key] = Known(rest[0], rest[1], bounds)
        return known


def _sales_figures() -> dict[str, Figure]:
    return {"baskets": rows_where(_BASKET), "lines": rows_where(), "units": total(_UNITS), "net_amount": total("net_amount")}


def _steps() -> dict[str, Figure]:
    kinds = {"searched": "SEARCH", "viewed": "VIEW", "added": "ADD", "checked_out": "CHECKOUT", "paid": "PAY"}
    return {name: different("session_id", f"event_type = '{kind}'") for name, kind in kinds.items()}


def since_minute(now: datetime) -> str:
    """Return the first minute that is compared, as a SQL literal."""
    return f"TIMESTAMP '{now - timedelta(hours=HOURS):%Y-%m-%d %H:%M}:00 UTC'"


def rollups(now: datetime) -> list[Rollup]:
    """Return the rollups that can be calculated from the lake, with their minutes of the last 23 hours or their days from today on."""
    minutes, minute = f"event_time >= {since_minute(now)}", _MINUTE.format("event_time")
    today = f"event_time >= TIMESTAMP '{now:%Y-%m-%d} 00:00:00 UTC'"
    lines = f"FROM {table_of(TILLS)} WHERE"
    return [
        Rollup(redis_prefix(SALES_BY_MINUTE), ("channel",), minute, _sales_figures(), f"{lines} {minutes}"),
        Rollup(redis_prefix(SALES_BY_STORE), ("store_id", "channel"), _DAY, _sales_figures(), f"{lines} {today}"),
        Rollup(redis_prefix(SALES_BY_DEPARTMENT), ("department", "channel"), _DAY, _sales_figures(), f"{lines} {today}"),
        Rollup(
            redis_prefix(RETURNS_BY_MINUTE),
            ("channel", "transaction_type"),
            minute,
            {"lines": rows_where(), "net_amount": total("-net_amount")},
            f"{lines} transaction_type <> 'SALE' AND {minutes}",
        ),
        Rollup(
            redis_prefix(DEAD_LETTERS_BY_MINUTE),
            ("topic", "kind"),
            _MINUTE.format("produced_at"),
            {"messages": rows_where()},
            f"FROM {table_of(DEAD_LETTERS)} WHERE produced_at >= {since_minute(now)}",
            clock="produced_at",
        ),
        Rollup(
            redis_prefix(WEB_FUNNEL_BY_MINUTE),
            ("device",),
            minute,
            {"events": rows_where(), "visits": different("session_id"), **_steps()},
            f"FROM {table_of(CLICKS)} WHERE event_type <> 'DELIVERED' AND {minutes}",
        ),
        Rollup(
            redis_prefix(VOICE_BY_MINUTE),
            ("topic",),
            minute,
            {
                "texts": rows_where(),
                "negative": rows_where(f"felt < {rules.SQL['unhappy_thousandths']}"),
                "positive": rows_where(f"felt > {rules.SQL['happy_thousandths']}"),
                "sentiment_thousandths": total("felt"),
            },
            "FROM (SELECT event_time, ingested_at, CAST(round(sentiment * 1000) AS bigint) AS felt, topics || 'ALL' AS topics "
            f"FROM {table_of(FEEDBACK)}) "
            f"CROSS JOIN UNNEST(topics) AS t (topic) WHERE {minutes}",
        ),
        Rollup(
            redis_prefix(CALLS_BY_MINUTE),
            ("queue",),
            minute,
            {
                "calls": rows_where(),
                "resolved": rows_where("resolved"),
                "negative": rows_where(f"round(sentiment * 1000) < {rules.SQL['unhappy_thousandths']}"),
                "sentiment_thousandths": total("CAST(round(sentiment * 1000) AS bigint)"),
                "duration_ms": total("duration_ms"),
                "hold_ms": total("hold_ms"),
                "transfers": total("transfers"),
            },
            f"FROM {table_of(CALLS)} WHERE {minutes}",
        ),
        Rollup(
            redis_prefix(CUSTOMER_PROFILE),
            ("customer_id",),
            "",
            {
                **{name: _sales_figures()[name] for name in ("baskets", "lines", "net_amount")},
                "first_at": earliest("event_time"),
                "last_at": latest("event_time"),
            },
            f"{lines} customer_id IS NOT NULL",
        ),
    ]


def products_of_a_day(day: str, next_day: str) -> Rollup:
    """Return the rollup of what was sold of each product on a day, without returns. The ranking has the same figures."""
    return Rollup(
        redis_prefix(TOP_PRODUCTS),
        ("product_id",),
        "",
        {"lines": rows_where(), "units": total(_UNITS), "net_amount": total("net_amount")},
        f"FROM {table_of(TILLS)} WHERE net_amount >= 0 AND event_time >= TIMESTAMP '{day} 00:00:00 UTC' AND event_time < TIMESTAMP '{next_day} 00:00:00 UTC'",
    )
