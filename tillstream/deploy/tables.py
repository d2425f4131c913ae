"""Makes the lake's schemas, tables and views from lake/*.sql, through Trino."""

from functools import partial
from pathlib import Path

from tillstream.deploy.dump_tables import deploy_dump_tables, widen_streamed_tables
from tillstream.queries import Trino
from tillstream.sql_files import statements
from tillstream.waiting import await_condition

LAKE_DIR = Path(__file__).parent.parent.parent / "lake"


def deploy_tables() -> int:
    """Runs what the dumps' contracts ask for, then every file in name order; all can be run again. Gives how many statements ran."""
    trino = Trino()
    # A RetryableError is "not yet": Trino, or what stands behind it, is still starting.
    count = await_condition("Trino to make the dumps' tables", lambda: (deploy_dump_tables(trino),), 120)[0]
    for path in sorted(LAKE_DIR.glob("*.sql")):
        for statement in statements(path):
            await_condition(f"Trino to run {path.name}", partial(trino.query, statement), 120)
            count += 1
    return count + widen_streamed_tables(trino)
