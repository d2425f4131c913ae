"""The keys and values that the hot-store job writes to Redis for a record."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from flink_jobs.hot_store.keys import to_write
from tillstream.core.clients.redis import hash_records
from tillstream.core.contracts import contracts

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


def test_what_is_unknown_is_left_out_of_a_hash() -> None:
    value = {"day": "2026-11-22", "store_id": "367", "channel": "WEB", "region": None, "lines": 4}
    write = to_write(contracts()["hot.sales_by_store.v1"], {"day": "2026-11-22", "store_id": "367", "channel": "WEB"}, value)
    assert write.fields == {"day": "2026-11-22", "store_id": "367", "channel": "WEB", "lines": "4"}
    assert write.version == 4


def test_two_stores_whose_ids_differ_by_a_colon_have_two_keys() -> None:
    def key(store: str) -> str:
        return to_write(contracts()["hot.sales_by_store.v1"], {"day": "2026-11-22", "store_id": store, "channel": "STORE"}, None).key

    assert key("EU:12") == "sales:by_store:EU%3A12:STORE:20261122"
    assert key("EU_12") == "sales:by_store:EU_12:STORE:20261122"


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


def test_a_product_of_any_name_is_a_field_of_its_own_in_its_stores_hash() -> None:
    names = ["a:b", "a_b", "", "%", "a\nb", "50% off", "é", "e\u0301", "\U0001f9c0" * 64]
    writes = [
        to_write(contracts()["hot.stock.v1"], key, {**key, "version": 7, "stock_units": -2})
        for key in ({"store_id": "EU:12", "product_id": name} for name in names)
    ]
    assert len({write.field for write in writes}) == len(names)
    assert {write.key for write in writes} == {"inventory:stock:EU%3A12"}
    told = [fields for write in writes for _, fields in hash_records({write.key: write.fields or {}})]
    assert told == [{"product_id": name, "version": "7", "stock_units": "-2"} for name in names]


@given(st.text("0123456789", min_size=1, max_size=9), st.sampled_from(["STORE", "WEB"]))
def test_an_ordinary_stores_key_is_the_one_it_had_before(store: str, channel: str) -> None:
    key = {"day": "2026-11-22", "store_id": store, "channel": channel}
    assert to_write(contracts()["hot.sales_by_store.v1"], key, None).key == f"sales:by_store:{store}:{channel}:20261122"
