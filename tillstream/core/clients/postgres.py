"""Connect to the reference database, and take locks in it. A lock belongs to its connection, so a killed process releases it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tillstream.core.errors import RetryableError
from tillstream.core.settings import ReferenceSettings
from tillstream.core.waiting import await_condition

log = logging.getLogger(__name__)

#: The lock that a command in a container of its own (`make marts`, `make reload`) holds while it runs.
COMMAND = "command"


def reference_connection() -> psycopg.Connection[tuple[object, ...]]:
    """Return a connection to the reference database. Wait up to 60 s for Postgres.

    Raises:
        AwaitTimeoutError: Postgres does not answer within 60 s.
    """
    settings = ReferenceSettings()

    def connect() -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(
                host=settings.host, dbname="reference", user="reference", password=settings.password.get_secret_value(), connect_timeout=5
            )
        except psycopg.OperationalError as error:
            raise RetryableError(str(error)) from error

    return await_condition("Postgres to answer", connect, 60)


@contextmanager
def try_lock(name: str) -> Iterator[bool]:
    """Take a lock if it is free, hold it in the `with` block, and yield whether it was free."""
    with reference_connection() as connection:
        yield _try_lock(connection, name)


@contextmanager
def exclusive_lock(name: str) -> Iterator[None]:
    """Wait for a lock, and hold it in the `with` block. It gives a dump one loader at a time, and a command one run at a time."""
    with reference_connection() as connection:
        if not _try_lock(connection, name):
            log.info("%s: locked by another process; waiting until it ends", name)
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
        yield


def _try_lock(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    """Take the lock if it is free, and return whether it was."""
    connection.autocommit = True
    row = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (name,)).fetchone()
    return bool(row and row[0])
