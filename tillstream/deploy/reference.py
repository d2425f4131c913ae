"""Create the tables of the reference database: those that Flink looks up, and the log of failed load attempts."""

from tillstream.core.clients.postgres import reference_connection
from tillstream.core.reference_data import create_reference_tables
from tillstream.core.topology import REFERENCE

#: How often the load of a file ended without a result (batch/loading/attempts.py).
LOAD_ATTEMPTS = """
CREATE TABLE IF NOT EXISTS load_attempts (path text, etag text, deaths integer NOT NULL, doubts integer NOT NULL, PRIMARY KEY (path, etag))
"""


def deploy_reference() -> list[str]:
    """Create the missing tables, and return the names of the reference tables."""
    create_reference_tables()
    with reference_connection() as connection:
        connection.execute(LOAD_ATTEMPTS)
    return list(REFERENCE)
