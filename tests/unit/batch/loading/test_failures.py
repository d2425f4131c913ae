"""A file that crashes its load is refused. A load waits for a service that is down."""

import gzip
import re
import socket
from datetime import UTC, date, datetime
from json import JSONDecodeError
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import ParseError

import httpx
import psycopg
import pytest
import sqlalchemy.exc
import trino
from minio.error import InvalidResponseError, S3Error, ServerError
from pyiceberg.exceptions import NoSuchNamespaceError
from urllib3.exceptions import ProtocolError

from batch.loading import attempts, landing, loader
from batch.loading.announced import Announced, landing_bucket
from batch.loading.attempts import DEATHS_AT_MOST, DOUBTS_AT_MOST, EarlierAttempts
from batch.loading.failures import FailureCause, cause_of, place_of
from batch.loading.landing import read
from batch.loading.quality_tables import Outcome, printable, storable
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import AwaitTimeoutError, InDoubtError, QueryError, RetryableError
from tillstream.core.settings import TrinoSettings

FILE = Announced("catalog/stores/2026-11-21/o'clock.manifest.json", "catalog.stores.v1", date(2026, 11, 21), datetime.now(tz=UTC), "etag")


def s3(status: int, code: str) -> S3Error:
    response: Any = SimpleNamespace(status=status)
    return S3Error(response, code, "said so", "", "", "")


@pytest.mark.parametrize(
    ("error", "right"),
    [
        (RetryableError("Trino cannot be reached"), FailureCause.OUTSIDE),
        (AwaitTimeoutError("Postgres", 60), FailureCause.OUTSIDE),
        (QueryError("", "ICEBERG_COMMIT_ERROR", "EXTERNAL"), FailureCause.OUTSIDE),
        (QueryError("", "TABLE_NOT_FOUND", "USER_ERROR"), FailureCause.OUTSIDE),
        (QueryError("", "ADMINISTRATIVELY_KILLED", "USER_ERROR"), FailureCause.OUTSIDE),
        (QueryError("", "EXCEEDED_LOCAL_MEMORY_LIMIT", "INSUFFICIENT_RESOURCES"), FailureCause.UNCLEAR),
        (QueryError("", "GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR"), FailureCause.UNCLEAR),
        (QueryError("", "MERGE_TARGET_ROW_MULTIPLE_MATCHES", "USER_ERROR"), FailureCause.FILE),
        (QueryError("", "CONSTRAINT_VIOLATION", "USER_ERROR"), FailureCause.FILE),
        (s3(503, "SlowDown"), FailureCause.OUTSIDE),
        (s3(403, "InvalidAccessKeyId"), FailureCause.OUTSIDE),
        (s3(404, "NoSuchBucket"), FailureCause.OUTSIDE),
        (s3(403, "AccessDenied"), FailureCause.OUTSIDE),
        (s3(403, "InvalidObjectState"), FailureCause.FILE),
        (s3(400, "XMinioInvalidObjectName"), FailureCause.FILE),
        (ProtocolError("broken"), FailureCause.OUTSIDE),
        (ServerError("server failed with HTTP status code 502", 502), FailureCause.OUTSIDE),
        (InvalidResponseError(503, "text/html", "<html>"), FailureCause.OUTSIDE),
        (ParseError("a page of a proxy"), FailureCause.OUTSIDE),
        (sqlalchemy.exc.PendingRollbackError("the connection was lost"), FailureCause.OUTSIDE),
        (sqlalchemy.exc.InternalError("", {}, Exception()), FailureCause.OUTSIDE),
        (psycopg.errors.InFailedSqlTransaction("aborted"), FailureCause.UNCLEAR),
        (NoSuchNamespaceError("staging"), FailureCause.UNCLEAR),
        (psycopg.OperationalError("away"), FailureCause.OUTSIDE),
        (psycopg.DataError("NUL"), FailureCause.FILE),
        (psycopg.errors.ProgramLimitExceeded("index row size"), FailureCause.FILE),
        (psycopg.errors.DiskFull("no space"), FailureCause.OUTSIDE),
        (httpx.ConnectError("away"), FailureCause.OUTSIDE),
        (ConnectionResetError(), FailureCause.OUTSIDE),
        (socket.gaierror(), FailureCause.OUTSIDE),
        (OSError(28, "No space left on device"), FailureCause.UNCLEAR),
        (MemoryError(), FailureCause.UNCLEAR),
        (gzip.BadGzipFile(), FailureCause.FILE),
        (OverflowError(), FailureCause.FILE),
        (RecursionError(), FailureCause.FILE),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), FailureCause.FILE),
        (KeyError("x"), FailureCause.FILE),
        (RuntimeError("a rule could not be checked"), FailureCause.FILE),
    ],
)
def test_each_error_is_the_files_or_something_elses(error: Exception, right: FailureCause) -> None:
    assert cause_of(error) is right


@pytest.mark.parametrize("error", [trino.exceptions.Http503Error("starting"), trino.exceptions.HttpError("error 404: Query not found"), JSONDecodeError("a page", "<", 0),
                                   trino.exceptions.TrinoConnectionError("empty"), ConnectionResetError()])  # fmt: skip
def test_a_trino_that_is_restarted_is_waited_for(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise error

    asked = Trino(settings=TrinoSettings(host="127.0.0.1", port=1))
    monkeypatch.setattr(trino.dbapi.Cursor, "execute", fails)
    with pytest.raises(RetryableError):
        asked.rows("SELECT 1")


@pytest.mark.parametrize(
    "error", [ServerError("server failed", 502), InvalidResponseError(503, "text/html", "<html>"), ParseError("cut short")]
)
def test_a_store_that_does_not_answer_as_one_is_waited_for(error: Exception) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    store: Any = SimpleNamespace(get_object=fails, list_objects=fails)
    with pytest.raises(RetryableError):
        landing_bucket(store, FILE.business_date)
    with pytest.raises(RetryableError):
        read(store, FILE)


@pytest.mark.parametrize(
    "error", [s3(500, "InternalError"), s3(503, "SlowDownRead"), ProtocolError("IncompleteRead"), ServerError("failed", 500)]
)
def test_an_object_that_a_store_at_work_does_not_give_is_in_doubt(error: Exception) -> None:
    def only_it_fails(_: str, path: str) -> None:
        raise error if path == FILE.manifest_path else s3(404, "NoSuchKey")

    store: Any = SimpleNamespace(get_object=only_it_fails)
    with pytest.raises(InDoubtError, match="the object store does not give the manifest") as raised:
        read(store, FILE)
    assert cause_of(raised.value) is FailureCause.UNCLEAR


class Told:
    """Loader without services. It records the calls to them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, result: Any, earlier: EarlierAttempts = EarlierAttempts(0, 0)) -> None:
        self.loader = loader.Loader.__new__(loader.Loader)
        self.records: list[Outcome] = []
        self.attempts: list[object] = []
        self.processed = 0

        def process(_: Announced, __: object) -> Outcome:
            self.processed += 1
            if isinstance(result, BaseException):
                raise result
            return result

        quality = SimpleNamespace(record=self.records.append)
        monkeypatch.setattr(loader.Loader, "_quality", quality)
        monkeypatch.setattr(self.loader, "_process", process)
        monkeypatch.setattr(attempts, "begin", lambda _: earlier)
        monkeypatch.setattr(attempts, "record_failure", lambda _, in_doubt: self.attempts.append(in_doubt))
        monkeypatch.setattr(attempts, "clear", lambda _: self.attempts.append("ended"))

    def load(self) -> Outcome:
        return self.loader.load_file(FILE)


def test_a_file_that_crashes_its_load_is_refused_once_and_no_word_of_it_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(monkeypatch, ValueError("jane.doe@example.com cannot be converted"))
    outcome = told.load()
    assert (outcome.status, told.records, told.attempts) == ("REFUSED", [outcome], ["ended"])
    assert outcome.reason is not None
    assert outcome.reason.startswith("crash: its load has failed by a ValueError in ")
    assert "jane" not in outcome.reason + caplog.text
    assert "ValueError" in caplog.text


def test_what_is_away_is_waited_for_and_nothing_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(monkeypatch, RetryableError("Trino cannot be reached"))
    with pytest.raises(RetryableError):
        told.load()
    assert (told.records, told.attempts) == ([], [False])


def test_what_may_be_the_files_fault_is_tried_again_some_times_and_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(monkeypatch, MemoryError(), EarlierAttempts(0, DOUBTS_AT_MOST - 1))
    with pytest.raises(MemoryError):
        told.load()
    assert (told.records, told.attempts) == ([], [True])
    told = Told(monkeypatch, MemoryError(), EarlierAttempts(0, DOUBTS_AT_MOST))
    assert told.load().reason == f"crash: {DOUBTS_AT_MOST} loads of it have failed"
    assert told.processed == 0


def test_a_load_that_was_killed_is_tried_again_and_the_same_file_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = Outcome(FILE, "LOADED")
    assert Told(monkeypatch, loaded, EarlierAttempts(DEATHS_AT_MOST - 1, 0)).load() is loaded
    told = Told(monkeypatch, loaded, EarlierAttempts(DEATHS_AT_MOST, 0))
    assert told.load().status == "REFUSED"
    assert told.processed == 0


def test_a_load_that_is_ended_from_outside_leaves_its_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        told.load()
    assert (told.records, told.attempts) == ([], [])


def test_what_is_written_down_is_one_line_of_bounded_length_in_unicode() -> None:
    told = printable("a\nb\ud800\0" + "x" * 100_000)
    assert told.startswith("a\\nb?")
    assert len(told) < 1100
    assert told.isprintable()
    assert storable("Zoë\ud800\0") == "Zoë?�"


def test_the_place_of_a_crash_is_in_our_code_though_a_library_raised() -> None:
    with pytest.raises(TypeError) as raised:
        landing._manifest(7, FILE)  # type: ignore[arg-type]
    assert Path(raised.traceback[-1].path).parent.name == "json"
    assert re.fullmatch(r"TypeError in landing\.py, _manifest, line \d+", place_of(raised.value))
