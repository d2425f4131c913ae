"""What the hot-store job writes for a record."""

from datetime import UTC, datetime
from decimal import Decimal

from flink_jobs.hot_store.keys import to_write
from tillstream.contracts import contracts

MINUTE = datetime(2026, 11, 22, 14, 41, tzinfo=UTC)


def test_a_minutes_figures_are_a_hash_under_area_what_dimension_and_minute() -> None:
    value = {"minute": MINUTE, "channel": "WEB", "baskets": 3, "lines": 9, "units": 12, "net_amount": Decimal("41.10")}
    write = to_write(contracts()["hot.sales_by_minute.v1"], {"minute": "2026-11-22T14:41:00Z", "channel": "WEB"}, value)
    assert write.key == "sales:by_minute:WEB:202611221441"
    assert write.fields == {
        "minute": "2026-11-22T14:41:00Z",
        "channel": "WEB",
        "baskets": "3",
        "lines": "9",
        "units": "12",
        "net_amount": "41.10",
    }
    assert write.version == 9
    assert write.expires_ms == int(MINUTE.timestamp() + 86_400) * 1000


def test_a_days_figures_go_after_the_next_day() -> None:
    write = to_write(contracts()["hot.top_products.v1"], {"day": "2026-11-22", "product_id": "995242"}, None)
    assert (write.key, write.fields) == ("sales:top_products:995242:20261122", None)
    assert write.expires_ms == int(datetime(2026, 11, 24, tzinfo=UTC).timestamp() * 1000)


def test_what_is_unknown_is_left_out_and_a_colon_cannot_break_a_key() -> None:
    value = {"minute": MINUTE, "topic": "a:b", "kind": "UNFRAMED", "messages": 4}
    write = to_write(
        contracts()["hot.dead_letters_by_minute.v1"], {"minute": "2026-11-22 14:41:00Z", "topic": "a:b", "kind": "UNFRAMED"}, value
    )
    assert write.key == "quality:dead_letters_by_minute:a_b:UNFRAMED:202611221441"
    assert write.version == 4


def test_clicks_are_counted_by_their_number() -> None:
    counts = {"events": 9, "visits": 4, "searched": 1, "viewed": 4, "added": 2, "checked_out": 1, "paid": 1}
    write = to_write(
        contracts()["hot.web_funnel_by_minute.v1"],
        {"minute": "2026-11-22T14:41:00Z", "device": "PHONE"},
        {"minute": MINUTE, "device": "PHONE", **counts},
    )
    assert (write.key, write.version) == ("web:funnel_by_minute:PHONE:202611221441", 9)


def test_a_million_pairs_share_a_hash_a_store_and_are_kept() -> None:
    key = {"store_id": "367", "product_id": "995242"}
    write = to_write(contracts()["hot.stock.v1"], key, {**key, "version": 1_790_000_000_017, "stock_units": -2})
    assert (write.key, write.field, write.fields) == ("inventory:stock:367", "995242", {"995242": "1790000000017:-2"})
    assert (write.version, write.expires_ms) == (1_790_000_000_017, 0)
