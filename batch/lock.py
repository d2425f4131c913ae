"""One loader at a time for a dump, whoever started it: a run of Dagster's, or a person with `make load`."""

from collections.abc import Iterator
from contextlib import contextmanager

from tillstream.deploy.reference import reference_connection


@contextmanager
def exclusively(dump: str) -> Iterator[None]:
    """Waits for the dump's turn. The lock is the connection's, so that a loader which is killed lets go of it."""
    with reference_connection() as connection:
        connection.autocommit = True
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", (dump,))
        yield
