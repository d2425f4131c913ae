"""Queries through Trino."""

from json import JSONDecodeError
from typing import Any

import trino
from trino.exceptions import HttpError, OperationalError, TrinoQueryError

from tillstream.core.errors import QueryError, RetryableError
from tillstream.core.settings import TrinoSettings

#: Errors by which Trino says that it, or something behind it, is not up yet.
_NOT_YET = {
    "SERVER_STARTING_UP",
    "NO_NODES_AVAILABLE",
    "ICEBERG_CATALOG_ERROR",
    "REMOTE_TASK_ERROR",
    "PAGE_TRANSPORT_ERROR",
    "PAGE_TRANSPORT_TIMEOUT",
}


class Trino:
    """A connection that gives whole results."""

    def __init__(self, user: str = "tillstream", settings: TrinoSettings | None = None) -> None:
        settings = settings or TrinoSettings()
        self._connection = trino.dbapi.connect(
            host=settings.host, port=settings.port, user=user, catalog="lake", schema="sales", request_timeout=60, source="tillstream"
        )

    def query(self, sql: str) -> tuple[list[str], list[list[Any]]]:
        """Runs one statement and gives its column names and rows.

        Raises:
            QueryError: Trino refused it; the message is Trino's.
            RetryableError: Trino could not be reached, or is starting.
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
            # HttpError: 503 while it starts, 404 for a query of which it knew before it was restarted; and what a proxy says in its place.
            raise RetryableError(f"Trino cannot be reached: {error}") from error
        return [column[0] for column in cursor.description or []], [list(row) for row in rows]

    def rows(self, sql: str) -> list[list[Any]]:
        """The rows alone."""
        return self.query(sql)[1]

    def scalar(self, sql: str) -> Any:
        """The one value of a query that gives one."""
        return self.rows(sql)[0][0]
