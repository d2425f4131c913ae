"""Postgres: rows with the indexes that the questions need."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bench.tiers.answers import made
from bench.tiers.questions import Parameters, Question, bound
from bench.tiers.rows import Exchange
from bench.tiers.stores.store import BATCH, StoreAwayError
from tillstream.core.sql_templates import statements

SQL = Path(__file__).parent.parent / "sql"
CHUNK = 1 << 20


class Postgres:
    """The store in Postgres."""

    def __init__(self, address: str) -> None:
        self._host, self._port = address.split(":")
        self._connection: psycopg.Connection[tuple[Any, ...]]

    def connect(self) -> None:
        """Connect, or raise StoreAwayError while Postgres starts or recovers."""
        try:
            self._connection = psycopg.connect(
                host=self._host, port=self._port, user="postgres", dbname="postgres", autocommit=True, connect_timeout=5
            )
        except psycopg.OperationalError as error:
            raise StoreAwayError(str(error)) from error

    def load(self, exchange: Exchange) -> None:
        """Copy the files, then create the indexes."""
        self._run("postgres_tables.sql")
        for table, path in (("lines", exchange.lines_csv), ("stock", exchange.stock_csv)):
            with self._connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy, path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    copy.write(chunk)
        self._run("postgres_indexes.sql")

    def _run(self, name: str) -> None:
        for statement in statements(SQL / name):
            self._connection.execute(statement.encode())

    def loaded(self) -> int:
        """Count the lines."""
        return self._count("lines")

    def _count(self, table: str) -> int:
        with suppress(psycopg.errors.UndefinedTable):
            return int(self._connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchall()[0][0])
        return 0

    def size(self) -> int:
        """Return the bytes of both tables with their indexes."""
        query = b"SELECT pg_total_relation_size('lines') + pg_total_relation_size('stock')"
        return int(self._connection.execute(query).fetchall()[0][0])

    def answer(self, question: Question, parameters: Parameters) -> Iterable[Sequence[Any]]:
        """Run the query with bound parameters. Psycopg prepares it after a few askings."""
        query = bound(question, "lines", "stock", lambda name: f"%({name})s")
        bindings = {name: _without_zone(value) for name, value in parameters.items()}
        return made(question, self._connection.execute(query.encode(), bindings).fetchall())

    def write(self, first: int) -> None:
        """Write a batch in one transaction."""
        query = b"INSERT INTO written SELECT generate_series(%s::bigint, %s::bigint)"
        try:
            self._connection.execute(query, (first, first + BATCH - 1))
        except psycopg.OperationalError as error:
            raise StoreAwayError(str(error)) from error

    def written(self, below: int) -> int:
        """Count the rows of the batches."""
        return self._count(f"written WHERE number < {below}")


def _without_zone(value: str | datetime) -> str | datetime:
    """Return a moment as the tables have it: in UTC, without a time zone."""
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
