"""Moves hashes whose keys an earlier version has written to the keys that they have now, so that no figure shows twice after an upgrade."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flink_jobs.hot_store.keys import dimensions, time_of
from tillstream.core.contracts import Contract
from tillstream.core.hot_keys import key_of

if TYPE_CHECKING:
    import redis

#: An earlier version wrote a colon as an underscore, and anything else as it is: a key without these is written now as it was then.
_MAY_DIFFER = re.compile(r"[_%*?\[\]\\]|[^ -~]")
#: Keys are asked for in portions: 10,000 hashes take about a second.
PORTION = 1000


def rename_old_keys(hot: "redis.Redis", contracts: Iterable[Contract]) -> int:
    """Renames what is to be renamed; gives how many. A hash tells its key itself: the fields of the key are among its own.

    A hash that many records share does not tell its key, and stays: where a store's id has such characters, `make rebuild-hot` fills
    the hot store afresh.
    """
    renamed = 0
    for contract in contracts:
        if contract.redis_prefix and not contract.redis_field:
            keys = [
                text for key in hot.scan_iter(f"{contract.redis_prefix}:*", count=PORTION) if may_differ(contract, text := key.decode())
            ]
            for old, new in _moves(hot, contract, keys):
                # Where the new key is there already, it has what came last.
                if not hot.renamenx(old, new):
                    hot.delete(old)
                renamed += 1
    return renamed


def may_differ(contract: Contract, key: str) -> bool:
    """Whether an earlier version may have written the key in another way than it is now."""
    dimensions_of_key = key.removeprefix(f"{contract.redis_prefix}:")
    return dimensions_of_key.count(":") != len(contract.keys) - 1 or bool(_MAY_DIFFER.search(dimensions_of_key))


def present_key(contract: Contract, fields: dict[str, str]) -> str | None:
    """The key that a hash of these fields has now; None where they do not tell, or tell a time that is none."""
    if not all(name in fields for name in contract.keys):
        return None
    try:
        return key_of(str(contract.redis_prefix), dimensions(contract, fields), time_of(fields)[1])
    except ValueError:
        return None  # no job of ours wrote that time: it stays as it is, until it expires


def _moves(hot: "redis.Redis", contract: Contract, keys: list[str]) -> Iterator[tuple[str, str]]:
    for start in range(0, len(keys), PORTION):
        part = keys[start : start + PORTION]
        pipeline = hot.pipeline(transaction=False)
        for key in part:
            pipeline.hgetall(key)
        for old, held in zip(part, pipeline.execute(), strict=True):
            new = present_key(contract, {name.decode(): value.decode() for name, value in held.items()})
            if new is not None and new != old:
                yield old, new
