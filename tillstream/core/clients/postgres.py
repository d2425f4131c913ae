"""Connections to the reference database, and locks in it. A lock belongs to its connection: a killed process releases it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tillstream.core.errors import RetryableError
from tillstream.core.settings import ReferenceSettings
from tillstream.core.waiting import await_condition

log = logging.getLogger(__name__)

#: Held by a command that runs in a container of its own (`make marts`, `make reload`) as long as it lives.
COMMAND = "command"


def reference_connection() -> psycopg.Connection[tuple[object, ...]]:
    """Return a connection to the reference database; wait up to 60 s for Postgres to answer."""
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
def if_free(name: str) -> Iterator[bool]:
    """Whether nobody had the lock; if so it is held meanwhile."""
    with reference_connection() as connection:
        yield _taken(connection, name)


@contextmanager
def exclusively(name: str) -> Iterator[None]:
    """Waits for the turn: of a dump, which has one loader at a time, whoever started it, or of a command."""
    with reference_connection() as connection:
        if not _taken(connection, name):
            log.info("%s: another is at work; waiting for its end", name)
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
        yield


def _taken(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    """Takes the lock where nobody has it; gives whether it did."""
    connection.autocommit = True
    row = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (name,)).fetchone()
    return bool(row and row[0])
