"""Starting a job while the object store or Redis is away is a retryable error of ours."""

from collections.abc import Callable
from typing import Any

import pytest
import redis
from minio.error import S3Error
from urllib3.exceptions import MaxRetryError

from flink_jobs.common.restore_points import Note, RestorePoints
from flink_jobs.common.submit import Submitter
from tillstream.core.errors import RetryableError

AWAY = MaxRetryError(None, "/flink", None)  # type: ignore[arg-type]


class Store:
    """An object store whose every call fails like this."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_object(self, *_: object, **__: object) -> None:
        raise self._error

    list_objects = put_object = get_object


def points(error: Exception) -> RestorePoints:
    made = RestorePoints.__new__(RestorePoints)
    store: Any = Store(error)
    made._s3 = store
    return made


def refused(code: str) -> S3Error:
    return S3Error(None, code, "", "", "", "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        lambda store: store.note("sales"),
        lambda store: store.keep("sales", "sales 1a2b", Note("1a2b")),
        lambda store: store.of("1a2b3c"),
        lambda store: store.at("s3://flink/savepoints/x"),
        lambda store: store.last("sales"),
    ],
)
@pytest.mark.parametrize("error", [AWAY, refused("SlowDown")], ids=["away", "busy"])
def test_an_object_store_that_is_away_is_retryable(call: Callable[[RestorePoints], object], error: Exception) -> None:
    with pytest.raises(RetryableError, match="the object store does not answer"):
        call(points(error))


def test_a_missing_note_is_no_error() -> None:
    assert points(refused("NoSuchKey")).note("sales") is None


def test_a_note_that_cannot_be_written_is_retryable(monkeypatch: pytest.MonkeyPatch) -> None:
    store = points(AWAY)
    monkeypatch.setattr(store, "note", lambda _: None)
    with pytest.raises(RetryableError, match="the object store does not answer"):
        store.keep("sales", "sales 1a2b", Note("1a2b"))


def test_a_redis_that_is_away_is_retryable_before_the_hot_store_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    submitter: Any = Submitter.__new__(Submitter)
    submitter._cluster = type("Cluster", (), {"running": lambda *_: None})()
    secret = type("Secret", (), {"get_secret_value": lambda _: "x"})()
    submitter._settings = type("Settings", (), {"redis_host": "redis", "redis_password": secret})()

    def away(_: object) -> None:
        raise redis.ConnectionError("refused")

    monkeypatch.setattr(redis.Redis, "flushdb", away)
    with pytest.raises(RetryableError, match="Redis does not answer: refused"):
        submitter.begin_again("hot_store", "again")
