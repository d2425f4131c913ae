"""Read the hot store."""

from collections.abc import Iterator
from typing import Any

import redis

from tillstream.core.contracts import contracts
from tillstream.core.errors import RetryableError
from tillstream.core.hot_keys import unescaped
from tillstream.core.settings import RedisSettings


def reader() -> redis.Redis:
    """Return a read-only connection to the hot store. Keys and values are strings."""
    settings = RedisSettings()
    return redis.Redis(
        host=settings.host, username="reader", password=settings.password.get_secret_value(), decode_responses=True, socket_timeout=20
    )


def read_hashes(pattern: str) -> dict[str, dict[str, str]]:
    """Return the hashes whose keys match a pattern: their fields, by key.

    Raises:
        RetryableError: Redis does not answer.
    """
    client = reader()
    try:
        keys = list(client.scan_iter(pattern, count=1000))
        hashes: dict[str, dict[str, str]] = {}
        for start in range(0, len(keys), 1000):
            batch = keys[start : start + 1000]
            pipeline = client.pipeline(transaction=False)
            for key in batch:
                pipeline.hgetall(key)
            hashes.update(zip(batch, pipeline.execute(), strict=True))
    except redis.RedisError as error:
        raise RetryableError(f"Redis does not answer: {error}") from error
    finally:
        client.close()
    return {key: fields for key, fields in hashes.items() if fields}


def memory_usage() -> tuple[int, int]:
    """Return how many bytes Redis uses, and how many it may use.

    Raises:
        RetryableError: Redis does not answer.
    """
    client = reader()
    try:
        usage: Any = client.info("memory")
    except redis.RedisError as error:
        raise RetryableError(f"Redis does not answer: {error}") from error
    finally:
        client.close()
    return int(usage["used_memory"]), int(usage["maxmemory"])


def hash_records(hashes: dict[str, dict[str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each record of the hashes with its key.

    A hash is one record. Where a contract's records share a hash (`redis_field`), each field of the hash is one record.
    """
    shared = {contract.redis_prefix: contract for contract in contracts().values() if contract.redis_field}
    for key, fields in sorted(hashes.items()):
        contract = shared.get(":".join(key.split(":")[:2]))
        if contract is None:
            yield key, {name: value for name, value in fields.items() if not name.startswith("_")}
            continue
        names = [f["name"] for f in contract.document["fields"] if f["name"] not in contract.keys]
        for field, packed in sorted(fields.items()):
            values = {name: unescaped(item) for name, item in zip(names, packed.split(":"), strict=True) if item}
            yield key, {str(contract.redis_field): unescaped(field), **values}
