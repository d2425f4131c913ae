"""Redis against the lake, while trade goes on.

Redis is read once. The lake is asked for each key twice over: what Kafka had some seconds before that moment, and what it had just after.
A key that did not change in between must be equal in every figure; one that did must lie between the two.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tillstream.hot import hashes
from tillstream.hot_keys import key_of, parts_of
from tillstream.queries import Trino

#: An event is in Redis 0.4 s after it was sent, as a rule (p99 1 s); while two cores are busy with everything else, later.
SETTLE_BEFORE = timedelta(seconds=20)
SETTLE_AFTER = timedelta(seconds=1)

_UNITS = "CASE WHEN flags LIKE '%THOUSANDTHS%' THEN sign(quantity) ELSE quantity END"
# Cut to the minute first: format_datetime alone rounds to milliseconds, and an event of 59.9996 s would be counted in the next minute.
_MINUTE = "format_datetime(date_trunc('minute', event_time AT TIME ZONE 'UTC'), 'yyyyMMddHHmm')"
_DAY = "format_datetime(date_trunc('day', event_time AT TIME ZONE 'UTC'), 'yyyyMMdd')"
#: The ranking's length.
PLACES = 50


@dataclass(frozen=True)
class Rollup:
    """One rollup: its keys in Redis, by their dimensions and their minute or day, and how the lake says the same."""

    prefix: str
    dimensions: tuple[str, ...]
    stamp: str
    columns: dict[str, str]
    scope: str
    count: str = "lines"


def _sales_columns() -> dict[str, str]:
    return {
        "baskets": "count_if(coalesce(line_position, line_no) = 1 AND transaction_type = 'SALE')",
        "lines": "count(*)",
        "units": f"sum({_UNITS})",
        "net_amount": "sum(net_amount)",
    }


def rollups(now: datetime) -> list[Rollup]:
    """The rollups whose keys the lake can be asked for; minutes of the last 23 hours, days from yesterday on."""
    minutes = f"event_time >= TIMESTAMP '{now - timedelta(hours=23):%Y-%m-%d %H:%M}:00 UTC'"
    today = f"event_time >= TIMESTAMP '{now:%Y-%m-%d} 00:00:00 UTC'"
    return [
        Rollup("sales:by_minute", ("channel",), _MINUTE, _sales_columns(), f"FROM lake.sales.lines WHERE {minutes}"),
        Rollup("sales:by_store", ("store_id", "channel"), _DAY, _sales_columns(), f"FROM lake.sales.lines WHERE {today}"),
        Rollup(
            "sales:by_department",
            ("department", "channel"),
            _DAY,
            _sales_columns(),
            f"FROM lake.sales.lines WHERE {today}",
        ),
        Rollup(
            "sales:returns_by_minute",
            ("channel", "transaction_type"),
            _MINUTE,
            {"lines": "count(*)", "net_amount": "-sum(net_amount)"},
            f"FROM lake.sales.lines WHERE transaction_type <> 'SALE' AND {minutes}",
        ),
        Rollup(
            "quality:dead_letters_by_minute",
            ("topic", "kind"),
            _MINUTE.replace("event_time", "produced_at"),
            {"messages": "count(*)"},
            f"FROM lake.quality.dead_letters WHERE {minutes.replace('event_time', 'produced_at')}",
            count="messages",
        ),
        Rollup(
            "web:funnel_by_minute",
            ("device",),
            _MINUTE,
            {
                "events": "count(*)",
                "visits": "count(DISTINCT session_id)",
                **{
                    name: f"count(DISTINCT session_id) FILTER (WHERE event_type = '{kind}')"
                    for name, kind in (
                        ("searched", "SEARCH"),
                        ("viewed", "VIEW"),
                        ("added", "ADD"),
                        ("checked_out", "CHECKOUT"),
                        ("paid", "PAY"),
                    )
                },
            },
            f"FROM lake.web.events WHERE event_type <> 'DELIVERED' AND {minutes}",
            count="events",
        ),
        Rollup(
            "voice:by_minute",
            ("topic",),
            _MINUTE,
            {
                "texts": "count(*)",
                "negative": "count_if(felt < -200)",
                "positive": "count_if(felt > 200)",
                "sentiment_thousandths": "sum(felt)",
            },
            "FROM (SELECT event_time, ingested_at, CAST(round(sentiment * 1000) AS bigint) AS felt, topics || 'ALL' AS topics FROM lake.voice.feedback) "
            f"CROSS JOIN UNNEST(topics) AS t (topic) WHERE {minutes}",
            count="texts",
        ),
        Rollup(
            "voice:calls_by_minute",
            ("queue",),
            _MINUTE,
            {
                "calls": "count(*)",
                "resolved": "count_if(resolved)",
                "negative": "count_if(round(sentiment * 1000) < -200)",
                "sentiment_thousandths": "CAST(sum(round(sentiment * 1000)) AS bigint)",
                "duration_ms": "sum(duration_ms)",
                "hold_ms": "sum(hold_ms)",
                "transfers": "sum(transfers)",
            },
            f"FROM lake.voice.calls WHERE {minutes}",
            count="calls",
        ),
        Rollup(
            "customers:profile",
            ("customer_id",),
            "",
            {name: _sales_columns()[name] for name in ("baskets", "lines", "net_amount")},
            "FROM lake.sales.lines WHERE customer_id IS NOT NULL",
        ),
    ]


@dataclass
class HotResult:
    """One rollup's row in the table."""

    prefix: str
    keys: int
    exact: int
    moving: int
    problems: list[str]


class HotReading:
    """What Redis said at a moment. The lake is asked once it has all that Kafka had then."""

    def __init__(self) -> None:
        self._now = datetime.now(tz=UTC)
        self._rollups = rollups(self._now)
        self._held = {rollup.prefix: hashes(f"{rollup.prefix}:*") for rollup in self._rollups}
        self._top = hashes("sales:top_products:*")
        self._read_at = datetime.now(tz=UTC)

    def compare(self, trino: Trino) -> list[HotResult]:
        """Every key with what the lake says."""
        now, before, after = self._now, self._now - SETTLE_BEFORE, self._read_at + SETTLE_AFTER
        results = [
            _compare_rollup(rollup, self._held[rollup.prefix], _from_lake(trino, rollup, before), _from_lake(trino, rollup, after), now)
            for rollup in self._rollups
        ]
        return [*results, compare_top(self._top, _products(trino, now, before), _products(trino, now, after), now)]


def _from_lake(trino: Trino, rollup: Rollup, until: datetime) -> dict[str, dict[str, Any]]:
    clock = "produced_at" if rollup.count == "messages" else "ingested_at"
    keys = [*rollup.dimensions, *([rollup.stamp] if rollup.stamp else [])]
    selected, grouped = ", ".join([*keys, *rollup.columns.values()]), ", ".join(str(number + 1) for number in range(len(keys)))
    rows = trino.rows(f"SELECT {selected} {rollup.scope} AND {clock} <= TIMESTAMP '{until:%Y-%m-%d %H:%M:%S.%f} UTC' GROUP BY {grouped}")
    return {key_of(rollup.prefix, row[: len(keys)]): dict(zip(rollup.columns, row[len(keys) :], strict=True)) for row in rows}


def _compare_rollup(
    rollup: Rollup, held: dict[str, dict[str, str]], before: dict[str, Any], after: dict[str, Any], now: datetime
) -> HotResult:
    oldest = f"{now - timedelta(hours=23):%Y%m%d%H%M}" if "minute" in rollup.prefix else f"{now:%Y%m%d}"
    result = HotResult(rollup.prefix, 0, 0, 0, [])
    for key in sorted(held.keys() | after.keys()):
        if rollup.stamp and key.rsplit(":", 1)[1] < oldest:
            continue
        result.keys += 1
        low, high, here = before.get(key), after.get(key), held.get(key)
        if high is None:
            result.problems.append(f"{key}: in Redis, not in the lake")
        elif here is None:
            if low is not None:
                result.problems.append(f"{key}: in the lake, not in Redis")
        elif low == high:
            wrong = [
                f"{name} {here.get(name)} is not {high[name]}"
                for name in rollup.columns
                if Decimal(here.get(name, "NaN")) != Decimal(high[name])
            ]
            result.exact += not wrong
            if wrong:
                result.problems.append(f"{key}: " + ", ".join(wrong))
        else:
            result.moving += 1
            least = low[rollup.count] if low else 0
            if not least <= int(here[rollup.count]) <= high[rollup.count]:
                result.problems.append(f"{key}: {rollup.count} {here[rollup.count]} is not from {least} to {high[rollup.count]}")
    return result


def _products(trino: Trino, now: datetime, until: datetime) -> dict[str, tuple[int, Decimal]]:
    rows = trino.rows(
        f"SELECT product_id, count(*), sum(net_amount) FROM lake.sales.lines WHERE net_amount >= 0 AND event_time >= TIMESTAMP '{now:%Y-%m-%d} 00:00:00 UTC' "
        f"AND event_time < TIMESTAMP '{now + timedelta(days=1):%Y-%m-%d} 00:00:00 UTC' AND ingested_at <= TIMESTAMP '{until:%Y-%m-%d %H:%M:%S.%f} UTC' GROUP BY 1"
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def compare_top(
    held: dict[str, dict[str, str]], before: dict[str, tuple[int, Decimal]], after: dict[str, tuple[int, Decimal]], now: datetime
) -> HotResult:
    """The best-sellers: as many as there should be, each with its figures, and none left out that stood above the last throughout.

    Beyond the best fifty may be what a recovery has left over (docs/decisions/0005): its figures stand still, below the last's.
    """
    ranked = {parts_of(key)[0]: fields for key, fields in held.items() if key.endswith(f"{now:%Y%m%d}")}
    best = sorted(ranked, key=lambda product: Decimal(ranked[product]["net_amount"]), reverse=True)
    today, left_over = {product: ranked[product] for product in best[:PLACES]}, best[PLACES:]
    result = HotResult("sales:top_products", len(ranked), 0, 0, [])
    result.problems.extend(
        f"{product}: left over with {ranked[product]['net_amount']}, more than was sold of it"
        for product in left_over
        if product not in after or Decimal(ranked[product]["net_amount"]) > after[product][1]
    )
    # One that drops out while Redis is read may be missing for a moment.
    if abs(len(today) - min(PLACES, len(after))) > 1:
        result.problems.append(f"{len(today)} products are held, {min(PLACES, len(after))} should be")
    for product, fields in today.items():
        low, high = before.get(product), after.get(product)
        if high is None:
            result.problems.append(f"{product}: in Redis, not in the lake")
        elif low == high:
            equal = int(fields["lines"]) == high[0] and Decimal(fields["net_amount"]) == high[1]
            result.exact += equal
            if not equal:
                result.problems.append(f"{product}: {fields['lines']} lines, {fields['net_amount']}; the lake has {high[0]}, {high[1]}")
        else:
            result.moving += 1
            if not (low[0] if low else 0) <= int(fields["lines"]) <= high[0]:
                result.problems.append(f"{product}: lines {fields['lines']} is not from {low[0] if low else 0} to {high[0]}")
    last = min((Decimal(fields["net_amount"]) for fields in today.values()), default=Decimal(0))
    result.problems.extend(
        f"{product}: left out, though {figures[1]} is above the last"
        for product, figures in before.items()
        if product not in today and figures == after[product] and figures[1] > last and len(today) < PLACES
    )
    return result
