"""How the parts of a Redis key are written: whatever they hold, each has one way, and no two have the same."""

import re
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flink_jobs.hot_store.keys import to_write
from flink_jobs.hot_store.renaming import may_differ, present_key, rename_old_keys
from tillstream.core.contracts import contracts
from tillstream.core.hot_keys import escaped, key_of, parts_of, unescaped
from tillstream.verify.stock import Books, parse_books

#: Mostly what could break a key, a pattern, a shell or a page, among any other text of a contract's length.
AWKWARD = st.text(st.sampled_from(list(":_%*?[]\\^-/.,'\"`$;&|<> \t\n\r\0\u00a0\u200b\u202e\u0301\ufeff\U0001f9c03Aa5éE")), max_size=64)
IDS = AWKWARD | st.text(max_size=64)
STORES = contracts()["hot.sales_by_store.v1"]


@given(IDS)
def test_a_part_is_read_back_as_it_was(part: str) -> None:
    assert unescaped(escaped(part)) == part


@given(IDS, IDS)
def test_two_parts_are_written_alike_only_where_they_are_equal(one: str, other: str) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@given(IDS)
def test_a_part_has_nothing_that_ends_a_part_or_a_line_or_is_a_pattern(part: str) -> None:
    written = escaped(part)
    assert written
    assert written.isprintable()
    assert not set(written) & set(":*?[]\\")


@given(st.lists(IDS, min_size=1, max_size=4), st.lists(IDS, min_size=1, max_size=4))
def test_two_keys_are_equal_only_where_all_their_parts_are(one: list[str], other: list[str]) -> None:
    keys = [key_of("sales:by_store", parts, "20261122") for parts in (one, other)]
    assert (keys[0] == keys[1]) == (one == other)
    assert parts_of(keys[0]) == [*one, "20261122"]


@given(IDS, IDS)
def test_a_key_used_as_a_pattern_finds_itself_alone(one: str, other: str) -> None:
    pattern, key = key_of("sales:by_store", [one]), key_of("sales:by_store", [other])
    assert fnmatchcase(key, pattern) == (one == other)


@pytest.mark.parametrize(
    "part",
    ["367", "STORE", "995242", "DRUG GM", "MEAT-PCKGD", "pos.transactions.v1", "ben & jerry's", "COFFEE/TEA", "4f2a_9c", "crème brûlée"],
)
def test_an_ordinary_part_is_written_as_it_always_was(part: str) -> None:
    assert escaped(part) == part


@given(st.text("0123456789", min_size=1, max_size=9), st.sampled_from(["STORE", "WEB"]))
def test_an_ordinary_stores_key_is_the_one_it_had_before(store: str, channel: str) -> None:
    key = {"day": "2026-11-22", "store_id": store, "channel": channel}
    assert to_write(STORES, key, None).key == f"sales:by_store:{store}:{channel}:20261122"


class OldRedis:
    """What an earlier version has left in Redis, with the few commands that renaming needs."""

    def __init__(self, held: dict[str, dict[str, str]]) -> None:
        self.held = held

    def scan_iter(self, pattern: str, count: int) -> list[bytes]:
        assert count
        return [key.encode() for key in self.held if fnmatchcase(key, pattern)]

    def pipeline(self, *, transaction: bool) -> "OldRedis":
        assert not transaction
        self.asked: list[str] = []
        return self

    def hgetall(self, key: str) -> None:
        self.asked.append(key)

    def execute(self) -> list[dict[bytes, bytes]]:
        return [{name.encode(): value.encode() for name, value in self.held[key].items()} for key in self.asked]

    def renamenx(self, old: str, new: str) -> bool:
        if new in self.held:
            return False
        self.held[new] = self.held.pop(old)
        return True

    def delete(self, key: str) -> None:
        del self.held[key]


def _fields(store: str, **more: str) -> dict[str, str]:
    return {"day": "2026-11-22", "store_id": store, "channel": "STORE", **more}


def test_a_key_of_an_earlier_version_gets_the_name_it_has_now() -> None:
    colon, underscore, plain = (
        "sales:by_store:EU_12:STORE:20261122",
        "sales:by_store:EU_13:STORE:20261122",
        "sales:by_store:7:STORE:20261122",
    )
    redis: Any = OldRedis({colon: _fields("EU:12"), underscore: _fields("EU_13"), plain: _fields("7")})
    assert rename_old_keys(redis, contracts().values()) == 1
    assert redis.held == {"sales:by_store:EU%3A12:STORE:20261122": _fields("EU:12"), underscore: _fields("EU_13"), plain: _fields("7")}


def test_a_key_of_an_earlier_version_goes_where_a_newer_figure_has_the_new_name() -> None:
    new = "sales:by_store:EU%3A12:STORE:20261122"
    redis: Any = OldRedis({"sales:by_store:EU_12:STORE:20261122": _fields("EU:12", lines="3"), new: _fields("EU:12", lines="4")})
    rename_old_keys(redis, contracts().values())
    assert redis.held == {new: _fields("EU:12", lines="4")}


@given(IDS)
def test_whatever_key_an_earlier_version_wrote_otherwise_is_looked_at(store: str) -> None:
    old = ":".join(part for part in ("sales:by_store", store.replace(":", "_"), "STORE", "20261122") if part)
    assert may_differ(STORES, old) or present_key(STORES, _fields(store)) == old


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), st.integers(-9, 9), min_size=1, max_size=5))
def test_a_product_of_any_name_is_read_from_the_lakes_books(units: dict[str, int]) -> None:
    def url_encoded(text: str) -> str:
        """As Trino's url_encode does it."""
        kept = re.compile(r"[A-Za-z0-9.*_-]")
        return "".join(c if kept.match(c) else "+" if c == " " else "".join(f"%{b:02X}" for b in c.encode()) for c in text)

    row = " ".join(f"{url_encoded(product)}:{held}:0:0" for product, held in units.items())
    assert dict(parse_books(row)) == {product: Books(held, 0, 0) for product, held in units.items()}


def test_a_hash_with_a_time_that_is_none_stays_where_it_is() -> None:
    assert present_key(STORES, _fields("EU:12") | {"day": "no day"}) is None
