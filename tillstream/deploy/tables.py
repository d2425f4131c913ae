"""Create the lake's schemas, tables and views from lake/*.sql, through Trino."""

from functools import partial
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.sql_templates import statements
from tillstream.core.waiting import await_condition
from tillstream.deploy.dump_tables import deploy_dump_tables, widen_streamed_tables

LAKE_DIR = Path(__file__).parent.parent.parent / "lake"

#: Columns that were NOT NULL in an earlier version. Trino refuses to drop NOT NULL from a column that does not have it, so each is checked first.
LOOSENED = (("quality", "files", "business_date"),)

#: Write properties of tables: schema, table, property, value. A Parquet dictionary ends at 128 KiB: the default of 2 MB held every event id of a
#: file, and its look-ups took a sixth of the writing task's CPU. The files do not become larger (bench/README.md).
WRITTEN = (("sales", "lines", "write.parquet.dict-size-bytes", "131072"),)


def deploy_tables() -> int:
    """Create the tables, add the columns of new contract fields, then create the views. Return how many statements ran.

    Raises:
        AwaitTimeoutError: Trino does not run a file of statements within two minutes.
        QueryError: Trino refuses a statement.
    """
    trino = Trino()
    # A RetryableError here means that Trino, or a system that it reads from, is still starting.
    count = await_condition("Trino to make the dumps' tables", lambda: (deploy_dump_tables(trino),), 120)[0]
    return count + _run(trino, "*_tables.sql") + loosen(trino) + tune(trino) + widen_streamed_tables(trino) + _run(trino, "*_views.sql")


def loosen(trino: Trino) -> int:
    """Drop NOT NULL from the columns in LOOSENED. Return how many statements ran."""
    done = 0
    for schema, table, column in LOOSENED:
        found = trino.scalar(
            "SELECT count(*) FROM lake.information_schema.columns WHERE is_nullable = 'NO' "
            f"AND table_schema = '{schema}' AND table_name = '{table}' AND column_name = '{column}'"
        )
        if found:
            trino.rows(f"ALTER TABLE lake.{schema}.{table} ALTER COLUMN {column} DROP NOT NULL")
            done += 1
    return done


def tune(trino: Trino) -> int:
    """Set the write properties in WRITTEN on tables that do not have them. Return how many statements ran."""
    done = 0
    for schema, table, name, value in WRITTEN:
        known = trino.rows(f"SELECT value FROM lake.{schema}.\"{table}$properties\" WHERE key = '{name}'")
        if known != [[value]]:
            trino.rows(f"ALTER TABLE lake.{schema}.{table} SET PROPERTIES extra_properties = MAP(ARRAY['{name}'], ARRAY['{value}'])")
            done += 1
    return done


def _run(trino: Trino, pattern: str) -> int:
    """Run the statements of the matching files of lake/, in the order of the files' names. Return how many there are."""
    count = 0
    for path in sorted(LAKE_DIR.glob(pattern)):
        for statement in statements(path):
            await_condition(f"Trino to run {path.name}", partial(trino.query, statement), 120)
            count += 1
    return count
