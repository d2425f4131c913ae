"""Makes the lake's schemas, tables and views from lake/*.sql, through Trino."""

from functools import partial
from pathlib import Path

from tillstream.deploy.dump_tables import deploy_dump_tables, widen_streamed_tables
from tillstream.queries import Trino
from tillstream.sql_files import statements
from tillstream.waiting import await_condition

LAKE_DIR = Path(__file__).parent.parent.parent / "lake"


def deploy_tables() -> int:
    """Makes tables, gives them what was added to their contracts, and then makes the views. All can be run again. Gives how many statements ran."""
    trino = Trino()
    # A RetryableError is "not yet": Trino, or what stands behind it, is still starting.
    count = await_condition("Trino to make the dumps' tables", lambda: (deploy_dump_tables(trino),), 120)[0]
    return count + _run(trino, "*_tables.sql") + widen_streamed_tables(trino) + _run(trino, "*_views.sql")


def _run(trino: Trino, pattern: str) -> int:
    """Runs the files' statements, in the order of the files' names."""
    count = 0
    for path in sorted(LAKE_DIR.glob(pattern)):
        for statement in statements(path):
            await_condition(f"Trino to run {path.name}", partial(trino.query, statement), 120)
            count += 1
    return count
