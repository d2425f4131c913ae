"""Classify the failures of loads. If the file is at fault it is refused; otherwise the load is tried again."""

import socket
import traceback
from enum import Enum
from gzip import BadGzipFile
from pathlib import Path

import httpx
import psycopg
import sqlalchemy.exc
from minio.error import S3Error
from pyiceberg.exceptions import CommitFailedException, CommitStateUnknownException

from tillstream.core.clients.minio import STORE_AWAY
from tillstream.core.errors import ContractError, InDoubtError, QueryError, RetryableError

_OUR_CODE = tuple(f"{Path(__file__).parents[2] / package}/" for package in ("batch", "tillstream"))


class FailureCause(Enum):
    """The cause of a failure.

    OUTSIDE: something else; the load is retried without limit. UNCLEAR: perhaps the file; the load is retried a limited number of times.
    FILE: the file, which is refused.
    """

    OUTSIDE = "outside"
    UNCLEAR = "unclear"
    FILE = "file"


#: Errors of these types are about the file, although their base classes are about a disk or a service: data that is not gzip, and a value
#: that is too large for a Postgres index.
_OF_CONTENT = (BadGzipFile, psycopg.errors.ProgramLimitExceeded)
_OUTSIDE = (
    RetryableError,
    ContractError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    *STORE_AWAY,
    httpx.TransportError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.ProgrammingError,
    # The catalog's errors: no value of a file is sent there.
    sqlalchemy.exc.SQLAlchemyError,
    CommitFailedException,
    CommitStateUnknownException,
)
#: A disk, a bucket read by Arrow, memory, a missing module: usually not the file.
_UNCLEAR = (InDoubtError, OSError, MemoryError, ImportError, psycopg.InternalError)
_UNCLEAR_LIBRARIES = ("great_expectations", "pyiceberg")
#: Trino errors for code and deployed tables that do not match, or for a statement that a person ended. No value of a file causes them.
_NOT_DEPLOYED = {
    "ADMINISTRATIVELY_KILLED",
    "USER_CANCELED",
    "ABANDONED_QUERY",
    "PERMISSION_DENIED",
    "CATALOG_NOT_FOUND",
    "SCHEMA_NOT_FOUND",
    "TABLE_NOT_FOUND",
    "COLUMN_NOT_FOUND",
    "MISSING_COLUMN_NAME",
    "TYPE_MISMATCH",
    "NOT_SUPPORTED",
}


def cause_of(error: Exception) -> FailureCause:
    """Return the cause of an exception of a load."""
    if isinstance(error, _OF_CONTENT) or (isinstance(error, S3Error) and about_one_object(error)):
        return FailureCause.FILE
    if isinstance(error, _OUTSIDE):
        return FailureCause.OUTSIDE
    if isinstance(error, QueryError):
        return _of_trino(error)
    if isinstance(error, _UNCLEAR) or type(error).__module__.startswith(_UNCLEAR_LIBRARIES):
        return FailureCause.UNCLEAR
    return FailureCause.FILE


def _of_trino(error: QueryError) -> FailureCause:
    if error.name in _NOT_DEPLOYED or error.kind == "EXTERNAL":
        return FailureCause.OUTSIDE
    return FailureCause.UNCLEAR if error.kind in {"INTERNAL_ERROR", "INSUFFICIENT_RESOURCES"} else FailureCause.FILE


def about_one_object(error: S3Error) -> bool:
    """Return whether the store refuses this one object for good: its name, its encryption, its absence, its archive class.

    False if the bucket or the user is unknown, or the store is busy.
    """
    status = error.response.status if error.response else 0
    if error.code == "InvalidObjectState":
        return True
    return 400 <= status < 500 and status not in {401, 403, 408, 429} and error.code != "NoSuchBucket"


def place_of(error: BaseException) -> str:
    """Return the type of an exception and where in our code it was raised, for logs and refusal reasons.

    The message is left out: it may quote a row, and rows are personal data.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OUR_CODE)] or frames
    where = f" in {Path(ours[-1].filename).name}, {ours[-1].name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"
