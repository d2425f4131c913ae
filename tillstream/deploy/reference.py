"""Fills the reference data that Flink looks up, from the same package as the trade."""

import psycopg
from psycopg import sql

from producers.world import World, load_world
from tillstream.errors import RetryableError
from tillstream.settings import PseudonymSettings, ReferenceSettings
from tillstream.standard import text
from tillstream.waiting import await_condition

#: The columns of each reference table; the first is its key.
REFERENCE = {
    "products": ("product_id", "department", "category", "product_type", "brand"),
    "stores": ("store_id", "store_name", "region"),
    "customers": ("customer_id", "age_band", "income_band", "household_size"),
    "supply": ("product_id", "department", "supplier_id", "lead_time_days"),
}
#: What the loads of dumps remember of themselves (batch/attempts.py).
LOAD_ATTEMPTS = """
CREATE TABLE IF NOT EXISTS load_attempts (path text, etag text, deaths integer NOT NULL, doubts integer NOT NULL, PRIMARY KEY (path, etag))
"""


def deploy_reference() -> dict[str, int]:
    """Makes the tables and adds the rows that are not there; gives the row counts by table. What the masters' dumps have changed since stays."""
    world = load_world(PseudonymSettings().key.get_secret_value())
    counts = {}
    with reference_connection() as connection, connection.cursor() as cursor:
        cursor.execute(LOAD_ATTEMPTS)
        for table in REFERENCE:
            _merge(cursor, table, _rows(world, table), overwrite=False)
            counts[table] = cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()[0]  # type: ignore[index]
    return counts  # type: ignore[return-value]


def merge_reference(table: str, rows: list[tuple[str | None, ...]]) -> None:
    """Brings a reference table in line with these rows, in one transaction; a row that is not among them stays."""
    with reference_connection() as connection, connection.cursor() as cursor:
        _merge(cursor, table, rows, overwrite=True)


def reference_connection() -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the reference database, once Postgres answers."""
    settings = ReferenceSettings()

    def connect() -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(
                host=settings.host, dbname="reference", user="reference", password=settings.password.get_secret_value(), connect_timeout=5
            )
        except psycopg.OperationalError as error:
            raise RetryableError(str(error)) from error

    return await_condition("Postgres to answer", connect, 60)


def _rows(world: World, table: str) -> list[tuple[str | None, ...]]:
    match table:
        case "products":
            return _products(world)
        case "stores":
            return world.stores()
        case "customers":
            return world.customers()
        case _:
            # Who delivers it is known from the stock system's dumps alone. What is sold by the thousandth, fuel, is on no shelf.
            return [(p[0], p[1], None, None) for p in _products(world) if p[2] != "FUEL" and not str(p[3]).startswith("GASOLINE")]


def _products(world: World) -> list[tuple[str | None, ...]]:
    """The source's texts have blanks that the catalogue's own dumps lose."""
    return [tuple(value and text(value) for value in row) for row in world.products()]


def _merge(cursor: psycopg.Cursor[tuple[object, ...]], table: str, rows: list[tuple[str | None, ...]], *, overwrite: bool) -> None:
    name, columns = sql.Identifier(table), REFERENCE[table]
    staging = sql.Identifier(f"{table}_staging")
    fields = sql.SQL(", ").join(map(sql.Identifier, columns))
    definitions = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(c)) for c in columns)
    key = sql.Identifier(columns[0])
    cursor.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} ({}, PRIMARY KEY ({}))").format(name, definitions, key))
    cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(staging, definitions))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staging, fields)) as copy:
        for row in rows:
            copy.write_row(row)
    updates = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(c)) for c in columns[1:])
    conflict = sql.SQL("UPDATE SET {}").format(updates) if overwrite else sql.SQL("NOTHING")
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT ({}) DO {}").format(name, fields, fields, staging, key, conflict)
    )
