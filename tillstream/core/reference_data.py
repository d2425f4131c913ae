"""Create and fill the reference tables in Postgres that the Flink jobs look up."""

import psycopg
from psycopg import sql

from tillstream.core.clients.postgres import reference_connection
from tillstream.core.topology import REFERENCE

Row = tuple[str | None, ...]


def create_reference_tables() -> None:
    """Create the reference tables that are missing."""
    with reference_connection() as connection, connection.cursor() as cursor:
        for table, columns in REFERENCE.items():
            cursor.execute(
                sql.SQL("CREATE TABLE IF NOT EXISTS {} ({}, PRIMARY KEY ({}))").format(
                    sql.Identifier(table), _definitions(columns), sql.Identifier(columns[0])
                )
            )


def add_reference_rows(table: str, rows: list[Row]) -> int:
    """Add the rows whose key is not in the table yet, and return the table's row count.

    Rows with a known key are not changed: a dump of the masters may have updated them.
    """
    with reference_connection() as connection, connection.cursor() as cursor:
        _merge(cursor, table, rows, overwrite=False)
        row = cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        return int(str(row[0])) if row else 0


def merge_reference_rows(table: str, rows: list[Row]) -> None:
    """Insert or overwrite these rows in one transaction. Rows with other keys are not changed."""
    with reference_connection() as connection, connection.cursor() as cursor:
        _merge(cursor, table, rows, overwrite=True)


def _definitions(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(column)) for column in columns)


def _merge(cursor: psycopg.Cursor[tuple[object, ...]], table: str, rows: list[Row], *, overwrite: bool) -> None:
    name, columns = sql.Identifier(table), REFERENCE[table]
    staging = sql.Identifier(f"{table}_staging")
    fields = sql.SQL(", ").join(map(sql.Identifier, columns))
    cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(staging, _definitions(columns)))
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(staging, fields)) as copy:
        for row in rows:
            copy.write_row(row)
    updates = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in columns[1:])
    conflict = sql.SQL("UPDATE SET {}").format(updates) if overwrite else sql.SQL("NOTHING")
    cursor.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT ({}) DO {}").format(
            name, fields, fields, staging, sql.Identifier(columns[0]), conflict
        )
    )
