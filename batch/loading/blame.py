"""Whose fault an exception in a load is: the file's, which is then refused, or that of something outside, and the load is tried again."""

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


class Blame(Enum):
    """OUTSIDE: tried again for as long as it takes. UNCLEAR: tried again some times. FILE: the file is refused."""

    OUTSIDE = "outside"
    UNCLEAR = "unclear"
    FILE = "file"


#: Of errors that are otherwise of a disk or of a service: bytes that are no gzip, a value larger than Postgres' indexes take.
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
    # Of the catalog: no value of a file goes there.
    sqlalchemy.exc.SQLAlchemyError,
    CommitFailedException,
    CommitStateUnknownException,
)
#: A disk, a bucket behind Arrow, memory, a module: in most cases not the file.
_UNCLEAR = (InDoubtError, OSError, MemoryError, ImportError, psycopg.InternalError)
_UNCLEAR_LIBRARIES = ("great_expectations", "pyiceberg")
#: Errors by which Trino says that what is deployed does not fit the code, or that somebody ended the statement. No value of a file leads to them.
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


def blame(error: Exception) -> Blame:
    """Whose fault it is."""
    if isinstance(error, _OF_CONTENT) or (isinstance(error, S3Error) and about_one_object(error)):
        return Blame.FILE
    if isinstance(error, _OUTSIDE):
        return Blame.OUTSIDE
    if isinstance(error, QueryError):
        return _of_trino(error)
    if isinstance(error, _UNCLEAR) or type(error).__module__.startswith(_UNCLEAR_LIBRARIES):
        return Blame.UNCLEAR
    return Blame.FILE


def _of_trino(error: QueryError) -> Blame:
    if error.name in _NOT_DEPLOYED or error.kind == "EXTERNAL":
        return Blame.OUTSIDE
    return Blame.UNCLEAR if error.kind in {"INTERNAL_ERROR", "INSUFFICIENT_RESOURCES"} else Blame.FILE


def about_one_object(error: S3Error) -> bool:
    """Whether the store refuses this object for good: its name, its encryption, its absence, its place in an archive. Not where it knows no bucket or
    no user, or is busy.
    """
    status = error.response.status if error.response else 0
    if error.code == "InvalidObjectState":
        return True
    return 400 <= status < 500 and status not in {401, 403, 408, 429} and error.code != "NoSuchBucket"


def place_of(error: BaseException) -> str:
    """The kind of the exception and the place in our code, for a log and for a reason. Not its words: they may quote a row, and a row is personal."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OUR_CODE)] or frames
    where = f" in {Path(ours[-1].filename).name}, {ours[-1].name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"
