"""Makes the lake's schemas, tables and views from lake/*.sql, through Trino."""

from pathlib import Path

from tillstream.queries import Trino, patient, statements

LAKE_DIR = Path(__file__).parent.parent.parent / "lake"


def deploy_tables() -> int:
    """Runs every file in name order; each statement can be run again. Gives how many statements ran."""
    trino = Trino()
    count = 0
    for path in sorted(LAKE_DIR.glob("*.sql")):
        for statement in statements(path):
            patient(trino, statement, 120)
            count += 1
    return count
