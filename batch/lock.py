"""Locks in Postgres. A lock is the connection's, so that whoever holds it lets go of it when killed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tillstream.deploy.reference import reference_connection

#: Held by a command that runs in a container of its own (`make marts`, `make reload`) as long as it lives.
COMMAND = "command"


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
            print(f"{name}: another is at work; waiting for its end", file=sys.stderr, flush=True)
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
        yield


def _taken(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    """Takes the lock where nobody has it; gives whether it did."""
    connection.autocommit = True
    row = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (name,)).fetchone()
    return bool(row and row[0])
