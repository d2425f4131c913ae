"""How often the load of a file has ended without a word. It is kept in Postgres, beside the loads' locks: a killed process can write nothing down."""

from dataclasses import dataclass

from batch.loading.announced import Announced
from tillstream.core.clients.postgres import reference_connection

#: So often the process of a load may die (killed, out of memory, out of time). Services are restarted; the same file each time is another matter.
DEATHS_AT_MOST = 2
#: So often a load may fail of what may be the file's fault or not: Trino's memory, a full disk. Two runs of Dagster with all their retries.
DOUBTS_AT_MOST = 10
_BEGIN = """
INSERT INTO load_attempts (path, etag, deaths, doubts) VALUES (%s, %s, 1, 0)
ON CONFLICT (path, etag) DO UPDATE SET deaths = load_attempts.deaths + 1 RETURNING deaths - 1, doubts
"""
_FAIL = "UPDATE load_attempts SET deaths = deaths - 1, doubts = doubts + %s WHERE path = %s AND etag = %s"
_END = "DELETE FROM load_attempts WHERE path = %s"


@dataclass(frozen=True)
class EarlierAttempts:
    """Attempts at the same sending before this one."""

    deaths: int
    doubts: int

    @property
    def too_many(self) -> str | None:
        """Why there is to be no further one."""
        if self.deaths >= DEATHS_AT_MOST:
            return f"crash: {self.deaths} loads of it were killed or ran out of memory or time before they had ended"
        if self.doubts >= DOUBTS_AT_MOST:
            return f"crash: {self.doubts} loads of it have failed"
        return None


def begin(a: Announced) -> EarlierAttempts:
    """Counts a load as dead until it says otherwise."""
    with reference_connection() as connection:
        deaths, doubts = connection.execute(_BEGIN, (a.path, a.etag)).fetchone()  # type: ignore[misc] # it returns a row always
    return EarlierAttempts(int(str(deaths)), int(str(doubts)))


def record_failure(a: Announced, *, in_doubt: bool) -> None:
    """The load has not died. It is tried again, but `in_doubt` whether the file is at fault not for ever."""
    with reference_connection() as connection:
        connection.execute(_FAIL, (int(in_doubt), a.path, a.etag))


def clear(a: Announced) -> None:
    """Something is written down of the file."""
    with reference_connection() as connection:
        connection.execute(_END, (a.path,))
