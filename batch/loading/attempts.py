"""Count the attempts to load a file that ended without an outcome.

The counts are in Postgres, beside the locks of the loads, because a killed process cannot record anything.
"""

from dataclasses import dataclass

from batch.loading.announced import Announced
from tillstream.core.clients.postgres import reference_connection

#: A load's process may die this many times (killed, out of memory, out of time). A restart of a service kills a load too, so once is not
#: enough to refuse the file.
DEATHS_AT_MOST = 2
#: A load may fail this many times for a reason that may or may not be the file's fault: Trino's memory, a full disk. This covers two
#: Dagster runs with all their retries.
DOUBTS_AT_MOST = 10
_BEGIN = """
INSERT INTO load_attempts (path, etag, deaths, doubts) VALUES (%s, %s, 1, 0)
ON CONFLICT (path, etag) DO UPDATE SET deaths = load_attempts.deaths + 1 RETURNING deaths - 1, doubts
"""
_FAIL = "UPDATE load_attempts SET deaths = deaths - 1, doubts = doubts + %s WHERE path = %s AND etag = %s"
_END = "DELETE FROM load_attempts WHERE path = %s"


@dataclass(frozen=True)
class EarlierAttempts:
    """The attempts at the same file before this one."""

    deaths: int
    doubts: int

    @property
    def too_many(self) -> str | None:
        """The reason to refuse the file without another attempt; None if it may be tried again."""
        if self.deaths >= DEATHS_AT_MOST:
            return f"crash: {self.deaths} loads of it ended without a result: killed, out of memory or out of time"
        if self.doubts >= DOUBTS_AT_MOST:
            return f"crash: {self.doubts} loads of it have failed"
        return None


def begin(a: Announced) -> EarlierAttempts:
    """Count an attempt as dead until `record_failure` or `clear` is called; return the attempts before it."""
    with reference_connection() as connection:
        deaths, doubts = connection.execute(_BEGIN, (a.path, a.etag)).fetchone()  # type: ignore[misc] # the statement always returns a row
    return EarlierAttempts(int(str(deaths)), int(str(doubts)))


def record_failure(a: Announced, *, in_doubt: bool) -> None:
    """Record that the attempt failed but its process did not die, so the file is tried again.

    Args:
        a: the file.
        in_doubt: whether the file may be at fault. Then the number of attempts is limited.
    """
    with reference_connection() as connection:
        connection.execute(_FAIL, (int(in_doubt), a.path, a.etag))


def clear(a: Announced) -> None:
    """Delete the counts of a file, once its outcome is recorded."""
    with reference_connection() as connection:
        connection.execute(_END, (a.path,))
