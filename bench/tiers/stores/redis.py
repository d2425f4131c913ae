"""Redis with the durability of the hot store: every figure is counted when a basket is written."""

from collections.abc import Iterable, Sequence
from typing import Any

import redis

from bench.tiers.questions import Parameters, Question
from bench.tiers.rows import Exchange
from bench.tiers.stores.redis_answers import ANSWERS
from bench.tiers.stores.redis_keys import commands
from bench.tiers.stores.store import BATCH, StoreAwayError
from tillstream.core.waiting import await_condition

#: Commands of a pipeline while loading.
AT_ONCE = 5000
#: Bound of the wait for the rewritten append-only file, in seconds.
REWRITE_SECONDS = 600


class Redis:
    """The store in Redis."""

    def __init__(self, address: str) -> None:
        host, port = address.split(":")
        self._redis: Any = redis.Redis(host=host, port=int(port), decode_responses=True, socket_timeout=60)

    def connect(self) -> None:
        """Wait for nothing: raise StoreAwayError while Redis starts or reads its append-only file."""
        try:
            self._redis.ping()
        except redis.RedisError as error:
            raise StoreAwayError(str(error)) from error

    def load(self, exchange: Exchange) -> None:
        """Write basket by basket, as the baskets would arrive, then the stock; then let Redis rewrite its append-only file."""
        until = exchange.exported().until
        pipeline = self._redis.pipeline(transaction=False)
        for lines in exchange.baskets():
            for command in commands(lines, until):
                pipeline.execute_command(*command)
            if len(pipeline) >= AT_ONCE:
                pipeline.execute()
        for product, store, units in exchange.pairs():
            pipeline.hset(f"stock:{product}", store, units)
            if len(pipeline) >= AT_ONCE:
                pipeline.execute()
        pipeline.execute()
        self._rewrite()

    def _rewrite(self) -> None:
        """Rewrite the append-only file, and wait for the end."""

        def busy() -> bool:
            state = self._redis.info("persistence")
            return bool(state["aof_rewrite_in_progress"] or state["aof_rewrite_scheduled"])

        if not busy():
            self._redis.bgrewriteaof()
        await_condition("Redis to rewrite its append-only file", lambda: not busy(), REWRITE_SECONDS, every=0.2)

    def loaded(self) -> int:
        """Return the number of lines, which is counted in the same pipeline as the baskets."""
        return int(self._redis.get("lines") or 0)

    def size(self) -> int:
        """Return the bytes of memory that Redis uses."""
        return int(self._redis.info("memory")["used_memory"])

    def answer(self, question: Question, parameters: Parameters) -> Iterable[Sequence[Any]]:
        """Read the figures of an answer."""
        return list(ANSWERS[question.name](self._redis, parameters))

    def write(self, first: int) -> None:
        """Write a batch as one transaction."""
        pipeline = self._redis.pipeline(transaction=True)
        for number in range(first, first + BATCH):
            pipeline.set(f"written:{number}", number)
        try:
            pipeline.execute()
        except redis.RedisError as error:
            raise StoreAwayError(str(error)) from error

    def written(self, below: int) -> int:
        """Count the keys of the batches."""
        return sum(int(key.split(":")[1]) < below for key in self._redis.scan_iter("written:*", count=10_000))
