"""Keys that an earlier version wrote get the names that they have now."""

from fnmatch import fnmatchcase
from typing import Any

from hypothesis import given

from flink_jobs.hot_store.renaming import may_differ, present_key, rename_old_keys
from tests.support.odd_ids import IDS
from tillstream.core.contracts import contracts

STORES = contracts()["hot.sales_by_store.v1"]


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


def test_a_hash_with_a_time_that_is_none_stays_where_it_is() -> None:
    assert present_key(STORES, _fields("EU:12") | {"day": "no day"}) is None
