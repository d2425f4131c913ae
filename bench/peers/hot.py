"""Write a peer's figures to Redis: the same hashes as the hot-store job, under a prefix of the peer's own.

A peer adds to the values in Redis, so the sums survive its crash. Spark numbers its batches: a repeated batch adds nothing.
"""

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import redis

from bench.peers.figures import Record, Sum, day_text
from bench.peers.reference import Reference
from bench.peers.settings import PeerSettings
from flink_jobs.hot_store.keys import dimensions, time_of
from tillstream.core.contracts import contracts
from tillstream.core.hot_keys import escaped, key_of
from tillstream.core.rules import NO_DEPARTMENT
from tillstream.core.topology import TOP_PRODUCTS, redis_prefix

LUA = Path(__file__).parent / "lua"
#: Figures in one call of the script, which blocks Redis.
PORTION = 500
#: Products in one call of the script.
PRODUCTS = 20_000


def prefix(peer: str, topic: str) -> str:
    """Return the start of a figure's keys. The hot store's reader may read keys that begin with `sales:`."""
    figure = redis_prefix(topic).split(":")[1]
    return f"sales:peer_{peer}:{figure}"


class HotWriter:
    """A writer to Redis in pipelines. It raises if Redis is away, and the peer ends then."""

    def __init__(self, settings: PeerSettings, reference: Reference) -> None:
        self._peer = settings.name
        self._products = reference.products
        self._redis = redis.Redis(
            host=settings.redis_host, username="writer", password=settings.redis_password.get_secret_value(), socket_timeout=60
        )
        self._add, self._rank, self._name, self._progress = (
            self._redis.register_script((LUA / f"{name}.lua").read_text(encoding="utf-8")) for name in ("add", "rank", "name", "progress")
        )

    def add(self, records: Iterable[Record], batch: int = -1, lines: int = 0) -> None:
        """Add to figures, and add `lines` to the count of processed lines. Expired figures are not written."""
        added: dict[str, dict[str, Any]] = {}
        for record in records:
            self._merge(record, added)
        keys, additions = list(added), [json.dumps(more) for more in added.values()]
        pipeline = self._redis.pipeline(transaction=False)
        for start in range(0, len(keys), PORTION):
            self._add(keys[start : start + PORTION], [batch, *additions[start : start + PORTION]], client=pipeline)
        if lines:
            self._progress([f"sales:peer_{self._peer}:lines", f"sales:peer_{self._peer}:progress"], [lines], client=pipeline)
        if len(pipeline):
            pipeline.execute()

    def _merge(self, record: Record, added: dict[str, dict[str, Any]]) -> None:
        """Merge a record into the additions. Each key needs a single call: a second call of the same batch would look like a repeated batch."""
        contract = contracts()[record.topic]
        when, stamp, kept = time_of(record.key)
        expires = int((when + kept).timestamp() * 1000)
        if expires <= time.time_ns() // 1_000_000:
            return
        texts = {name: text for name, text in (record.key | (record.texts or {})).items() if text is not None}
        key = key_of(prefix(self._peer, record.topic), dimensions(contract, record.key), stamp)
        more = added.setdefault(key, {"counts": {}, "texts": texts, "expires": expires})
        for name, count in record.counts.items():
            more["counts"][name] = more["counts"].get(name, 0) + count
        if record.cents is not None:
            more["cents"] = more.get("cents", 0) + record.cents

    def rank(self, products: dict[int, dict[str, Sum]], batch: int = -1) -> None:
        """Add to the sums of products by day since the epoch, and write the top fifty of each day."""
        for day, sums in products.items():
            items = list(sums.items())
            when, stamp, kept = time_of({"day": day_text(day)})
            expires = int((when + kept).timestamp() * 1000)
            if expires <= time.time_ns() // 1_000_000:
                continue
            for start in range(0, len(items), PRODUCTS):
                # If a batch needs several calls, each has its own number.
                number = batch if batch < 0 else batch * 1000 + start // PRODUCTS
                self._rank_part(day_text(day), stamp, expires, items[start : start + PRODUCTS], number)

    def _rank_part(self, day: str, stamp: str, expires: int, items: list[tuple[str, Sum]], batch: int) -> None:
        start = prefix(self._peer, TOP_PRODUCTS)
        keys = [f"sales:peer_{self._peer}:sums_of_products:{what}:{stamp}" for what in ("cents", "lines", "units", "shown", "batch")]
        sums = [value for ident, part in items for value in (ident, part.lines, part.units, part.cents)]
        new = self._rank(keys, [batch, expires, f"{start}:", f":{stamp}", day, *sums])
        pipeline = self._redis.pipeline(transaction=False)
        for ident in (item.decode() for item in new):
            product = self._products.get(ident)
            texts = ["department", product.department if product else NO_DEPARTMENT]
            if product and product.category is not None:
                texts += ["category", product.category]
            self._name([f"{start}:{escaped(ident)}:{stamp}"], texts, client=pipeline)
        if len(pipeline):
            pipeline.execute()
