"""Trade goes all the way from the tills to Trino, on the real services."""

from datetime import date
from typing import Any

import pyarrow.compute as pc
import pytest

from producers.source_dataset import read_table
from tests.support.compose_platform import Platform, eventually
from tillstream.core.ledger import BAD
from tillstream.verify.compare import KINDS_OF_FAULT

#: Faults of photos. Photos are few, so test_what_they_photograph awaits these faults, near the end of the run.
OF_PHOTOS = ("half", "bomb", "enormous")
REPLAYED = date(2017, 3, 4)


@pytest.fixture(scope="module")
def replayed(platform: Platform) -> str:
    """Replay one day and return its run id."""
    return platform.company("produce", "replay", REPLAYED.isoformat()).strip().rsplit("run_id=", 1)[1]


def test_a_replayed_day_gives_that_days_totals_to_the_cent_by_department(platform: Platform, replayed: str) -> None:
    trade = read_table("transactions", ["product_id", "sales_value", "transaction_timestamp"])
    day = trade.filter(pc.equal(pc.cast(trade["transaction_timestamp"], "date32"), REPLAYED))
    departments = dict(zip(*(column.to_pylist() for column in read_table("products", ["product_id", "department"]).columns), strict=True))
    cents: dict[str, int] = {}
    for product, value in zip(day["product_id"].to_pylist(), day["sales_value"].to_pylist(), strict=True):
        name = departments.get(product, "UNKNOWN")
        cents[name] = cents.get(name, 0) + round(value * 100)
    rows = platform.sql(
        f"SELECT department, sum(net_amount) AS amount, count(*) AS n FROM lake.sales.lines WHERE run_id = '{replayed}' GROUP BY 1"
    )
    assert {row["department"]: round(float(row["amount"]) * 100) for row in rows} == cents
    assert sum(row["n"] for row in rows) == len(day)


def test_a_line_keeps_the_sources_basket_product_and_time(platform: Platform, replayed: str) -> None:
    trade = read_table("transactions", ["basket_id", "product_id", "quantity", "transaction_timestamp"])
    day = trade.filter(pc.equal(pc.cast(trade["transaction_timestamp"], "date32"), REPLAYED))
    source = sorted(
        zip(
            map(str, day["basket_id"].to_pylist()),
            map(str, day["product_id"].to_pylist()),
            day["quantity"].to_pylist(),
            (t.strftime("%Y-%m-%d %H:%M:%S") for t in day["transaction_timestamp"].to_pylist()),
            strict=True,
        )
    )
    rows = platform.sql(
        f"SELECT transaction_id, product_id, quantity, format_datetime(source_time AT TIME ZONE 'UTC', 'yyyy-MM-dd HH:mm:ss') AS t FROM lake.sales.lines WHERE run_id = '{replayed}'"
    )
    assert sorted((r["transaction_id"], r["product_id"], r["quantity"], r["t"]) for r in rows) == source


def test_the_sources_oddities_are_kept_and_flagged(platform: Platform, replayed: str) -> None:
    rows = platform.sql(
        "SELECT count_if(flags LIKE '%ZERO_QUANTITY%') AS zero, count_if(quantity = 0) AS zeros, count_if(flags LIKE '%UNKNOWN_PRODUCT%') AS unknown, "
        f"count_if(department = 'UNKNOWN') AS unknowns, count_if(flags LIKE '%THOUSANDTHS%') AS fuel FROM lake.sales.lines WHERE run_id = '{replayed}'"
    )[0]
    assert rows["zero"] == rows["zeros"] > 0
    assert rows["unknown"] == rows["unknowns"] > 0
    assert rows["fuel"] > 0


def test_lines_are_enriched_with_product_store_and_household(platform: Platform) -> None:
    row = platform.sql(
        "SELECT count(*) AS n, count(region) AS stores, count(category) AS products, count(age_band) AS households FROM lake.sales.lines WHERE run_id = 'history'"
    )[0]
    assert row["stores"] == row["n"]
    assert row["products"] > 0.95 * row["n"]
    assert 0.3 * row["n"] < row["households"] < row["n"], "801 of 2,469 households have demographics"


@pytest.mark.parametrize("fault", [fault for fault in BAD if fault not in OF_PHOTOS])
def test_each_kind_of_bad_message_really_occurs_and_is_set_aside_with_its_reason(platform: Platform, fault: str) -> None:
    kinds = "', '".join(KINDS_OF_FAULT[fault])
    query = f"SELECT kind, reason, length(raw) AS bytes FROM lake.quality.dead_letters WHERE kind IN ('{kinds}') LIMIT 5"
    rows = eventually(f"a dead letter of {fault}", lambda: platform.sql(query), 120, every=3)
    assert all(row["reason"].startswith(row["kind"]) for row in rows)


def test_returns_and_voids_occur_and_name_the_sale_they_take_back(platform: Platform) -> None:
    query = (
        "SELECT r.transaction_type AS kind, count(*) AS n, count_if(s.event_id IS NOT NULL) AS known FROM (SELECT DISTINCT event_id, original_event_id, transaction_type FROM lake.sales.lines WHERE transaction_type <> 'SALE') r "
        "LEFT JOIN (SELECT DISTINCT event_id FROM lake.sales.lines) s ON s.event_id = r.original_event_id GROUP BY 1"
    )
    rows = eventually("returns and voids in the lake", lambda: found if len(found := platform.sql(query)) == 2 else None, 180, every=5)
    assert {row["kind"] for row in rows} == {"RETURN", "VOID"}
    assert all(row["known"] == row["n"] for row in rows)


def test_the_web_shop_sells_and_its_visitors_click(platform: Platform) -> None:
    query = "SELECT count(DISTINCT event_type) AS kinds, count(*) AS n FROM lake.web.events"
    row = eventually(
        "all kinds of clicks, and deliveries", lambda: rows[0] if (rows := platform.sql(query))[0]["kinds"] == 7 else None, 240, every=5
    )
    assert row["n"] > 0
    paid = "SELECT count(*) AS n FROM lake.web.events e JOIN lake.sales.lines l ON l.transaction_id = e.order_id AND l.channel = 'WEB'"
    # The order and the click that paid for it are committed with different checkpoints, so one can be in the lake before the other.
    eventually("an order beside the click that paid it", lambda: platform.sql(paid)[0]["n"], 120, every=3)


#: Sessions computed from the lake's clicks of the last two days: counts by device and by the minute of a session's last click.
SESSIONS_OF_THE_LAKE = """
SELECT "minute", device, count(*) AS sessions, count_if(came_to >= 1) AS viewed, count_if(came_to >= 2) AS added, count_if(came_to >= 3) AS checked_out,
  count_if(came_to >= 4) AS paid, count_if(basket) AS baskets
FROM (
  SELECT device, "minute", adds > removes AS basket, CASE WHEN pays > 0 THEN 4 WHEN checkouts > 0 THEN 3 WHEN adds > removes THEN 2 WHEN views > 0 THEN 1 ELSE 0 END AS came_to
  FROM (
    SELECT max(device) AS device, CAST(date_trunc('minute', max(event_time)) AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute",
      count_if(event_type = 'ADD') AS adds, count_if(event_type = 'REMOVE') AS removes, count_if(event_type = 'PAY') AS pays,
      count_if(event_type = 'CHECKOUT') AS checkouts, count_if(event_type = 'VIEW') AS views
    FROM (
      SELECT *, sum(begins) OVER (PARTITION BY session_id ORDER BY event_time, event_id) AS part
      FROM (
        SELECT *, IF(event_time > lag(event_time) OVER (PARTITION BY session_id ORDER BY event_time, event_id) + INTERVAL '30' MINUTE, 1, 0) AS begins
        FROM lake.web.events WHERE event_type <> 'DELIVERED' AND event_time > current_timestamp - INTERVAL '2' DAY
      )
    )
    GROUP BY session_id, part
  )
)
GROUP BY 1, 2
"""


def test_how_far_visits_come_is_hot_and_sessions_and_searches_are_told(platform: Platform) -> None:
    hot = "SELECT sum(visits) AS visits, sum(viewed) AS viewed, sum(paid) AS paid FROM lake.live.web_funnel_by_minute"
    row = eventually("visits that paid in the hot store", lambda: rows[0] if (rows := platform.sql(hot))[0]["paid"] else None, 120, every=3)
    assert row["visits"] >= row["viewed"] >= row["paid"] > 0

    def funnel() -> list[int] | None:
        rows = platform.sql("SELECT step, sum(sessions) AS sessions FROM lake.live.web_funnel_today GROUP BY 1 ORDER BY 1")
        return sessions if (sessions := [row["sessions"] for row in rows]) and sessions[-1] else None

    steps = eventually("a session that paid", funnel, 120, every=3)
    assert steps == sorted(steps, reverse=True)
    assert len(steps) == 4, "view, add, checkout, pay"
    searches = "SELECT sum(without_result) AS without, sum(searches) AS n FROM lake.live.searches_today"
    told = eventually(
        "a search without a result", lambda: rows[0] if (rows := platform.sql(searches))[0]["without"] else None, 120, every=3
    )
    assert told["without"] < told["n"]


@pytest.mark.usefixtures("day_with_time_left")
def test_sessions_and_searches_in_the_hot_store_are_those_of_the_lakes_clicks(platform: Platform) -> None:
    """Compute the sessions again from all clicks in the lake. Some of the clicks came late or twice."""
    quiet = "\"minute\" < CAST(date_trunc('minute', current_timestamp - INTERVAL '1' MINUTE) AT TIME ZONE 'UTC' AS timestamp(6))"
    figures = "sessions, viewed, added, checked_out, paid, baskets"
    hot = f'SELECT "minute", device, {figures} FROM lake.live.web_sessions_today WHERE {quiet}'
    lake = (
        f'SELECT "minute", device, {figures} FROM ({SESSIONS_OF_THE_LAKE}) WHERE {quiet} AND "minute" >= CAST(current_date AS timestamp(6))'
    )

    def minutes(query: str) -> set[tuple[Any, ...]]:
        return {(row["minute"], row["device"]) for row in platform.sql(query)}

    # A late click is in the hot store up to 13 s before it is in the lake, and late clicks keep coming. So each minute must agree once.
    to_agree = eventually("sessions of a minute that is over", lambda: minutes(hot), 180, every=5)

    def all_have_agreed() -> bool:
        nonlocal to_agree
        to_agree &= minutes(f"(({hot}) EXCEPT ({lake})) UNION ALL (({lake}) EXCEPT ({hot}))")
        return not to_agree

    eventually("the same sessions", all_have_agreed, 180, every=5)

    # Searches keep coming, and the lake is up to 13 s behind. So the lake must reach the hot store's earlier figure,
    # and then the hot store must have at least as much as the lake had.
    hot = "SELECT sum(searches) AS n, sum(without_result) AS without FROM lake.live.searches_today"
    lake = (
        "SELECT count(*) AS n, count_if(result_count = 0) AS without FROM lake.web.events "
        "WHERE event_type = 'SEARCH' AND event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC')"
    )
    before = platform.sql(hot)[0]

    def searches() -> dict[str, int] | None:
        found = platform.sql(lake)[0]
        return found if found["n"] >= before["n"] and found["without"] >= before["without"] else None

    reached = eventually("the searches that the hot store has told of", searches, 180, every=1)

    def told_of_them() -> bool:
        after = platform.sql(hot)[0]
        return bool(reached["n"] <= after["n"] and reached["without"] <= after["without"])

    eventually("the hot store to tell of all that the lake had", told_of_them, 30, every=1)


def test_the_view_that_joins_lake_and_hot_store_is_up_to_this_second(platform: Platform) -> None:
    age = "date_diff('second', max(\"minute\"), CAST(current_timestamp AT TIME ZONE 'UTC' AS timestamp(6)))"

    def both() -> bool:
        by_origin = {
            row["origin"]: row for row in platform.sql(f"SELECT origin, count(*) AS n, {age} AS age FROM lake.live.sales GROUP BY 1")
        }
        return bool(by_origin["hot"]["age"] < 65 and by_origin["lake"]["n"] > 100)

    eventually("this minute from the hot store, and the lake's", both, 60, every=2)


def test_a_bad_message_from_outside_any_ledger_is_set_aside_too(platform: Platform) -> None:
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": platform.kafka})
    producer.produce("pos.transactions.v1", b"not Avro at all, from a stranger")
    assert producer.flush(30) == 0
    query = "SELECT kind, reason FROM lake.quality.dead_letters WHERE raw = CAST('not Avro at all, from a stranger' AS varbinary)"
    row = eventually("the stranger's message in the dead letters", lambda: platform.sql(query), 60, every=2)[0]
    assert row["kind"] == "UNFRAMED"
