"""Open the back office's database: create its tables, store its first business day, and find the days that are not closed yet."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS opened (day TEXT);
CREATE TABLE IF NOT EXISTS files (
  path TEXT PRIMARY KEY, dump TEXT NOT NULL, business_date TEXT NOT NULL, rows INTEGER NOT NULL,
  file_fault TEXT, row_faults TEXT NOT NULL,   -- [[fault, number of the row from 1, column], …]; none has a column in files of before 2026-11-27
  sent_at TEXT                                 -- null until the bucket has it
);
CREATE TABLE IF NOT EXISTS plan (dump TEXT, business_date TEXT, number INTEGER, fault TEXT, due TEXT NOT NULL, PRIMARY KEY (dump, business_date, number));
CREATE TABLE IF NOT EXISTS closed (day TEXT PRIMARY KEY);
"""


def open_books(path: Path, days: int) -> date:
    """Create the tables that are missing and return the first business day.

    The first day is `days` before the first start, and stays the same at later starts.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(_SCHEMA)
        if row := db.execute("SELECT day FROM opened").fetchone():
            return date.fromisoformat(row[0])
        first = datetime.now(tz=UTC).date() - timedelta(days=days)
        db.execute("INSERT INTO opened VALUES (?)", (str(first),))
        return first


def days_to_close(db: sqlite3.Connection, opening_days: int, today: date) -> list[date]:
    """Return the business days that are over and not closed, the oldest first; on the first start, the `opening_days` days before today."""
    last = db.execute("SELECT max(day) FROM closed").fetchone()[0]
    first = date.fromisoformat(last) + timedelta(days=1) if last else today - timedelta(days=opening_days)
    return [first + timedelta(days=i) for i in range((today - first).days)]
