"""Reads the hot store."""

from collections.abc import Iterator
from typing import Any

import redis

from tillstream.core.contracts import contracts
from tillstream.core.errors import RetryableError
from tillstream.core.hot_keys import unescaped
from tillstream.core.settings import RedisSettings


def reader() -> redis.Redis:
    """A connection that reads the hot store as texts."""
    settings = RedisSettings()
    return redis.Redis(
        host=settings.host, username="reader", password=settings.password.get_secret_value(), decode_responses=True, socket_timeout=20
    )


def hashes(pattern: str) -> dict[str, dict[str, str]]:
    """The hashes whose keys match, with their fields.

    Raises:
        RetryableError: Redis does not answer.
    """
    client = reader()
    try:
        keys = list(client.scan_iter(pattern, count=1000))
        found: dict[str, dict[str, str]] = {}
        for start in range(0, len(keys), 1000):
            part = keys[start : start + 1000]
            pipeline = client.pipeline(transaction=False)
            for key in part:
                pipeline.hgetall(key)
            found.update(zip(part, pipeline.execute(), strict=True))
    except redis.RedisError as error:
        raise RetryableError(f"Redis does not answer: {error}") from error
    finally:
        client.close()
    return {key: fields for key, fields in found.items() if fields}


def memory() -> tuple[int, int]:
    """How many bytes Redis uses, and how many it may use.

    Raises:
        RetryableError: Redis does not answer.
    """
    client = reader()
    try:
        told: Any = client.info("memory")
    except redis.RedisError as error:
        raise RetryableError(f"Redis does not answer: {error}") from error
    finally:
        client.close()
    return int(told["used_memory"]), int(told["maxmemory"])


def records(found: dict[str, dict[str, str]]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each record of the hashes with its key: a hash is one, but where a contract's records share a hash each of its fields is one."""
    sharing = {contract.redis_prefix: contract for contract in contracts().values() if contract.redis_field}
    for key, fields in sorted(found.items()):
        contract = sharing.get(":".join(key.split(":")[:2]))
        if contract is None:
            yield key, {name: value for name, value in fields.items() if not name.startswith("_")}
            continue
        names = [f["name"] for f in contract.document["fields"] if f["name"] not in contract.keys]
        for field, packed in sorted(fields.items()):
            told = {name: unescaped(item) for name, item in zip(names, packed.split(":"), strict=True) if item}
            yield key, {str(contract.redis_field): unescaped(field), **told}
