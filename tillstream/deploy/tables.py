"""Create the lake's schemas, tables and views from the files of lake/, through Trino."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.sql_templates import statements
from tillstream.core.waiting import await_condition
from tillstream.deploy.dump_tables import deploy_dump_tables, widen_streamed_tables

LAKE_DIR = Path(__file__).parent.parent.parent / "lake"

#: The files of lake/ in the order in which they run: all schemas, all tables, all views. A view may read views above it in its own file or in an
#: earlier one.
SCHEMAS = (LAKE_DIR / "schemas.sql",)
TABLES = tuple(LAKE_DIR / area / "tables.sql" for area in ("sales", "web", "inventory", "voice", "quality"))
VIEWS = tuple(LAKE_DIR / area / "views.sql" for area in ("sales", "web", "customers", "inventory", "voice", "quality"))

#: Columns that were NOT NULL in an earlier version. Trino refuses to drop NOT NULL from a column that does not have it, so each is checked first.
LOOSENED = (("quality", "files", "business_date"),)

#: Write properties of tables: schema, table, property, value. A Parquet dictionary ends at 128 KiB: the default of 2 MB held every event id of a
#: file, and its look-ups took a sixth of the writing task's CPU. The files do not become larger (bench/README.md).
WRITTEN = (("sales", "lines", "write.parquet.dict-size-bytes", "131072"),)


def deploy_tables() -> int:
    """Create the schemas and tables, add the columns of new contract fields, then create the views. Return how many statements ran.

    Raises:
        AwaitTimeoutError: Trino does not run a file of statements within two minutes.
        QueryError: Trino refuses a statement.
    """
    trino = Trino()
    # A RetryableError here means that Trino, or a system that it reads from, is still starting.
    count = await_condition("Trino to create the dumps' tables", lambda: (deploy_dump_tables(trino),), 120)[0]
    return count + _run(trino, SCHEMAS + TABLES) + loosen(trino) + tune(trino) + widen_streamed_tables(trino) + _run(trino, VIEWS)


def loosen(trino: Trino) -> int:
    """Drop NOT NULL from the columns in LOOSENED. Return how many statements ran."""
    count = 0
    for schema, table, column in LOOSENED:
        required = trino.scalar(
            "SELECT count(*) FROM lake.information_schema.columns WHERE is_nullable = 'NO' "
            f"AND table_schema = '{schema}' AND table_name = '{table}' AND column_name = '{column}'"
        )
        if required:
            trino.rows(f"ALTER TABLE lake.{schema}.{table} ALTER COLUMN {column} DROP NOT NULL")
            count += 1
    return count


def tune(trino: Trino) -> int:
    """Set the write properties in WRITTEN on tables that do not have them. Return how many statements ran."""
    count = 0
    for schema, table, name, value in WRITTEN:
        current = trino.rows(f"SELECT value FROM lake.{schema}.\"{table}$properties\" WHERE key = '{name}'")
        if current != [[value]]:
            trino.rows(f"ALTER TABLE lake.{schema}.{table} SET PROPERTIES extra_properties = MAP(ARRAY['{name}'], ARRAY['{value}'])")
            count += 1
    return count


def _run(trino: Trino, paths: Iterable[Path]) -> int:
    """Run the statements of files in their order. Return how many there are."""
    count = 0
    for path in paths:
        for statement in statements(path):
            await_condition(f"Trino to run {path.relative_to(LAKE_DIR)}", partial(trino.query, statement), 120)
            count += 1
    return count
