"""Makes the lake's schemas, tables and views from lake/*.sql, through Trino."""

from functools import partial
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.sql_templates import statements
from tillstream.core.waiting import await_condition
from tillstream.deploy.dump_tables import deploy_dump_tables, widen_streamed_tables

LAKE_DIR = Path(__file__).parent.parent.parent / "lake"

#: Columns that were NOT NULL once. Trino refuses to take that from a column that has it no more, so it is asked first.
LOOSENED = (("quality", "files", "business_date"),)

#: How the sales job writes. A dictionary of texts is kept for so many bytes of them, and then no more: one of two megabytes held each event's id
#: of a file, and looking them up took a sixth of the CPU of the task that writes. The files are as large without (bench/README.md).
WRITTEN = (("sales", "lines", "write.parquet.dict-size-bytes", "131072"),)


def deploy_tables() -> int:
    """Makes tables, gives them what was added to their contracts, and then makes the views. All can be run again. Gives how many statements ran."""
    trino = Trino()
    # A RetryableError is "not yet": Trino, or what stands behind it, is still starting.
    count = await_condition("Trino to make the dumps' tables", lambda: (deploy_dump_tables(trino),), 120)[0]
    return count + _run(trino, "*_tables.sql") + loosen(trino) + tune(trino) + widen_streamed_tables(trino) + _run(trino, "*_views.sql")


def loosen(trino: Trino) -> int:
    """Lets columns of tables that an earlier version made be null; gives how many statements it took."""
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
    """Tells tables how they are written, where they do not know; gives how many statements it took."""
    done = 0
    for schema, table, name, value in WRITTEN:
        known = trino.rows(f"SELECT value FROM lake.{schema}.\"{table}$properties\" WHERE key = '{name}'")
        if known != [[value]]:
            trino.rows(f"ALTER TABLE lake.{schema}.{table} SET PROPERTIES extra_properties = MAP(ARRAY['{name}'], ARRAY['{value}'])")
            done += 1
    return done


def _run(trino: Trino, pattern: str) -> int:
    """Runs the files' statements, in the order of the files' names."""
    count = 0
    for path in sorted(LAKE_DIR.glob(pattern)):
        for statement in statements(path):
            await_condition(f"Trino to run {path.name}", partial(trino.query, statement), 120)
            count += 1
    return count
