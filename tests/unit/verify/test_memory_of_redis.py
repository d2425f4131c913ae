"""Verify reports how full Redis is."""

from tests.support.compose_platform import ROOT
from tillstream.verify.hot import compare_memory

MOST = 512 * 2**20


def test_a_redis_that_is_nearly_full_is_a_problem_and_one_with_room_is_none() -> None:
    (problem,) = compare_memory(int(MOST * 0.81), MOST).problems
    assert problem == "memory of Redis: 435 MB of 537 MB are used: raise maxmemory in images/redis/redis.conf"
    assert compare_memory(int(MOST * 0.79), MOST).problems == []


def test_redis_is_bounded_and_its_reader_may_ask_how_full_it_is() -> None:
    def text(name: str) -> str:
        return (ROOT / "images" / "redis" / name).read_text(encoding="utf-8")

    assert "maxmemory 512mb" in text("redis.conf")
    (reader,) = [line for line in text("entrypoint.sh").splitlines() if "user reader" in line]
    assert reader.index("-@dangerous") < reader.index("+info"), "the last rule holds"
