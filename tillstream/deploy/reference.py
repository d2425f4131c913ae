"""Creates the tables of the reference database: what Flink looks up, and what the loads of dumps remember of themselves."""

from tillstream.core.clients.postgres import reference_connection
from tillstream.core.reference_data import REFERENCE, create_reference_tables

#: How often the load of a file has ended without a word (batch/loading/attempts.py).
LOAD_ATTEMPTS = """
CREATE TABLE IF NOT EXISTS load_attempts (path text, etag text, deaths integer NOT NULL, doubts integer NOT NULL, PRIMARY KEY (path, etag))
"""


def deploy_reference() -> list[str]:
    """Create the tables that are missing, and return the names of the reference tables."""
    create_reference_tables()
    with reference_connection() as connection:
        connection.execute(LOAD_ATTEMPTS)
    return list(REFERENCE)
