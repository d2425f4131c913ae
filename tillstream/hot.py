"""Reads the hot store."""

import redis

from tillstream.errors import RetryableError
from tillstream.settings import RedisSettings


def hashes(pattern: str) -> dict[str, dict[str, str]]:
    """The hashes whose keys match, with their fields.

    Raises:
        RetryableError: Redis does not answer.
    """
    settings = RedisSettings()
    client = redis.Redis(
        host=settings.host, username="reader", password=settings.password.get_secret_value(), decode_responses=True, socket_timeout=20
    )
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
