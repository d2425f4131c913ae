"""Rename Redis keys that an earlier version wrote in another form, so that no figure shows twice after an upgrade."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flink_jobs.hot_store.keys import dimensions, time_of
from tillstream.core.contracts import Contract
from tillstream.core.hot_keys import key_of

if TYPE_CHECKING:
    import redis

#: The earlier version wrote a colon as an underscore and left all else as it is. A key without these characters has the same form in both.
_MAY_DIFFER = re.compile(r"[_%*?\[\]\\]|[^ -~]")
#: Hashes are read in portions of this many; 10,000 take about a second.
PORTION = 1000


def rename_old_keys(hot: "redis.Redis", contracts: Iterable[Contract]) -> int:
    """Rename the keys that have another form now and return how many there were. A hash has the fields of its key, so its new key is known.

    A hash that many records share does not have them and keeps its key. If a store's id has such characters, `make rebuild-hot` fills Redis
    again.
    """
    renamed = 0
    for contract in contracts:
        if contract.redis_prefix and not contract.redis_field:
            keys = [
                text for key in hot.scan_iter(f"{contract.redis_prefix}:*", count=PORTION) if may_differ(contract, text := key.decode())
            ]
            for old, new in _moves(hot, contract, keys):
                # If the new key exists already, it has the newer figure.
                if not hot.renamenx(old, new):
                    hot.delete(old)
                renamed += 1
    return renamed


def may_differ(contract: Contract, key: str) -> bool:
    """Return whether an earlier version may have written the key in another form."""
    dimensions_of_key = key.removeprefix(f"{contract.redis_prefix}:")
    return dimensions_of_key.count(":") != len(contract.keys) - 1 or bool(_MAY_DIFFER.search(dimensions_of_key))


def present_key(contract: Contract, fields: dict[str, str]) -> str | None:
    """Return the present key of a hash with these fields, or None if a key field is missing or is no valid time."""
    if not all(name in fields for name in contract.keys):
        return None
    try:
        return key_of(str(contract.redis_prefix), dimensions(contract, fields), time_of(fields)[1])
    except ValueError:
        return None  # none of our jobs wrote that time: leave the hash until it expires


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
