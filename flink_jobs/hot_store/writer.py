"""The operator that gathers hot records and writes them to Redis in pipelines."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import redis
from pyflink.common import Types
from pyflink.datastream import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ListStateDescriptor

from flink_jobs.hot_store.records import HotRecords
from flink_jobs.hot_store.renaming import rename_old_keys
from tillstream.core.contracts import contracts
from tillstream.core.logging import configure_logging
from tillstream.core.settings import JobSettings

#: How long records are gathered before they are written. Redis takes about 5 ms for a pipeline of 500 hashes.
GATHER_MS = 40

#: Writes one hash, or one field of a shared hash, unless a newer version is there: after a recovery older records come again, and a figure must
#: not step back. KEYS[1] is the key. ARGV has the version, the expiry in ms, the shared hash's field (or an empty text), then fields and values
#: in turn. Without fields it is a tombstone and deletes the key or the shared hash's field.
WRITE_SCRIPT = """
local shared = ARGV[3] ~= ''
if #ARGV == 3 then
  if shared then return redis.call('HDEL', KEYS[1], ARGV[3]) end
  return redis.call('DEL', KEYS[1])
end
local held = redis.call('HGET', KEYS[1], shared and ARGV[3] or '_version') or '-1'
if tonumber(ARGV[1]) < tonumber(string.match(held, '^[^:]+')) then return 0 end
if shared then return redis.call('HSET', KEYS[1], unpack(ARGV, 4)) end
redis.call('HSET', KEYS[1], '_version', ARGV[1], unpack(ARGV, 4))
if ARGV[2] ~= '0' then redis.call('PEXPIREAT', KEYS[1], ARGV[2]) end
return 1
"""


class RedisWriter(KeyedProcessFunction):
    """An operator that gathers (topic, key, value) rows, and writes them when a timer fires.

    Flink calls it in one subtask. If Redis does not answer, on_timer raises and the job restarts from its last checkpoint, with growing pauses.
    No other job stops, and no record is lost.
    """

    def open(self, runtime_context: RuntimeContext) -> None:
        """Create the clients. They connect when they are first used, since Redis may be down now."""
        configure_logging("hot_store")
        settings = JobSettings()
        self._redis = redis.Redis(
            host=settings.redis_host,
            username="writer",
            password=settings.redis_password.get_secret_value(),
            socket_timeout=10,
            socket_connect_timeout=5,
        )
        self._script = self._redis.register_script(WRITE_SCRIPT)
        self._registry = httpx.Client(base_url=settings.registry_url, timeout=10)
        self._contracts = contracts()
        self._records = HotRecords(self._registry, self._contracts)
        self._waiting = runtime_context.get_list_state(
            ListStateDescriptor("waiting", Types.TUPLE([Types.STRING(), Types.PICKLED_BYTE_ARRAY(), Types.PICKLED_BYTE_ARRAY()]))
        )
        self._timer_set = False
        self._renamed = False

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()
        self._registry.close()

    def process_element(self, value: Any, ctx: KeyedProcessFunction.Context) -> Iterator[int]:
        """Keep the record in state and set a timer, unless one is set."""
        self._waiting.add((value[0], bytes(value[1] or b""), None if value[2] is None else bytes(value[2])))
        if not self._timer_set:
            self._timer_set = True
            timers = ctx.timer_service()
            timers.register_processing_time_timer(timers.current_processing_time() + GATHER_MS)
        yield from ()

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext) -> Iterator[int]:  # noqa: ARG002 - Flink's signature
        """Write the last value of each gathered key in one pipeline, and clear the state.

        Raises:
            redis.RedisError: Redis does not take the pipeline.
            httpx.HTTPError: the schema registry does not answer.
        """
        self._timer_set = False
        if not self._renamed:
            rename_old_keys(self._redis, self._contracts.values())
            self._renamed = True
        # Decode only the last record of each key: under a backlog a key changes several times between two timers.
        latest = {(topic, key): value for topic, key, value in self._waiting.get()}
        now_ms = datetime.now(tz=UTC).timestamp() * 1000
        pipeline = self._redis.pipeline(transaction=False)
        for (topic, key), value in latest.items():
            write = self._records.write(topic, key, value)
            if write and (write.expires_ms == 0 or write.expires_ms > now_ms):
                fields = [part for item in (write.fields or {}).items() for part in item]
                self._script(keys=[write.key], args=[write.version, write.expires_ms, write.field, *fields], client=pipeline)
        if len(pipeline):
            pipeline.execute()
        self._waiting.clear()
        yield len(latest)
