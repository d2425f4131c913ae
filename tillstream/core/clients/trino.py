"""Run queries through Trino."""

from json import JSONDecodeError
from typing import Any

import trino
from trino.exceptions import HttpError, OperationalError, TrinoQueryError

from tillstream.core.errors import QueryError, RetryableError
from tillstream.core.settings import TrinoSettings

#: Errors that mean that Trino, or a system that it reads from, is still starting.
_NOT_YET = {
    "SERVER_STARTING_UP",
    "NO_NODES_AVAILABLE",
    "ICEBERG_CATALOG_ERROR",
    "REMOTE_TASK_ERROR",
    "PAGE_TRANSPORT_ERROR",
    "PAGE_TRANSPORT_TIMEOUT",
}


class Trino:
    """A connection to Trino that returns complete results."""

    def __init__(self, user: str = "tillstream", settings: TrinoSettings | None = None) -> None:
        settings = settings or TrinoSettings()
        self._connection = trino.dbapi.connect(
            host=settings.host, port=settings.port, user=user, catalog="lake", schema="sales", request_timeout=60, source="tillstream"
        )

    def query(self, sql: str) -> tuple[list[str], list[list[Any]]]:
        """Run one statement, and return its column names and its rows.

        Raises:
            QueryError: Trino refused the statement; the message is Trino's.
            RetryableError: Trino cannot be reached, or is still starting.
        """
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql.strip().rstrip(";"))
            rows = cursor.fetchall()
        except TrinoQueryError as error:
            if error.error_name in _NOT_YET:
                raise RetryableError(f"{error.error_name}: {error.message}") from error
            raise QueryError(f"{error.error_name}: {error.message}", str(error.error_name), str(error.error_type)) from error
        except (OperationalError, HttpError, JSONDecodeError, OSError) as error:
            # HttpError: 503 while Trino starts, 404 for a query that it forgot in a restart, or the answer of a proxy in its place.
            raise RetryableError(f"Trino cannot be reached: {error}") from error
        return [column[0] for column in cursor.description or []], [list(row) for row in rows]

    def rows(self, sql: str) -> list[list[Any]]:
        """Run one statement, and return its rows. Raises the same errors as `query`."""
        return self.query(sql)[1]

    def scalar(self, sql: str) -> Any:
        """Run a query with one row of one column, and return that value. Raises the same errors as `query`."""
        return self.rows(sql)[0][0]
