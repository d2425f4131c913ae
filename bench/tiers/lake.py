"""Read the lake through the running platform's Trino: what is exported, and in which ranges of time."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bench.tiers.questions import literal
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import TerminalError
from tillstream.core.sql_templates import statements

SQL = Path(__file__).parent / "sql"
#: The share of baskets is chosen in parts of this many.
SHARES = 1 << 20
#: Most days, and most lines, of one query or insert. Trino sorts the lines of an export, and an insert has a writer for each day.
DAYS_AT_ONCE, LINES_AT_ONCE = 14, 150_000
Range = tuple[datetime, datetime]


class NoHistoryError(TerminalError):
    """The platform has no rows to measure with."""


def snapshot(trino: Trino, table: str) -> int:
    """Return the current snapshot of a table.

    Raises:
        NoHistoryError: the table has none, so it is empty.
    """
    catalog, schema, name = table.split(".")
    rows = trino.rows(f"SELECT snapshot_id FROM {catalog}.{schema}.\"{name}$refs\" WHERE name = 'main'")
    if not rows:
        raise NoHistoryError(f"{table} is empty: start the platform with a year of history (`make up`), and wait until it is loaded")
    return int(rows[0][0])


def lines_query(of: int, share: int, span: Range, event_time: str = "event_time", also: str = "true") -> str:
    """Return the query for the lines of a range of time, of a snapshot of lake.sales.lines."""
    start, end = map(literal, span)
    (query,) = statements(
        SQL / "lake_lines.sql",
        snapshot=str(of), start=start, end=end, mask=str(SHARES - 1), share=str(share), event_time=event_time, also=also,
    )  # fmt: skip
    return query


def stock_query(of: int, also: str = "true") -> str:
    """Return the query for the stock, of a snapshot of lake.inventory.stock_counts."""
    (query,) = statements(SQL / "lake_stock.sql", snapshot=str(of), also=also)
    return query


def days(trino: Trino, of: int, until: datetime) -> dict[date, int]:
    """Return the lines of each day before a moment, by day."""
    query = (
        f"SELECT CAST(event_time AT TIME ZONE 'UTC' AS date), count(*) FROM lake.sales.lines FOR VERSION AS OF {of} "
        f"WHERE event_time < {literal(until)} GROUP BY 1 ORDER BY 1"
    )
    return {day: int(count) for day, count in trino.rows(query)}


def midnight(day: date) -> datetime:
    """Return the beginning of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def ranges(counts: Mapping[date, int], until: datetime) -> list[Range]:
    """Return ranges of time that cover the days with lines: of a few days each, or of a part of a day that has many lines.

    Args:
        counts: lines of each day, in the order of the days.
        until: the end of the last day's lines.
    """
    found: list[Range] = []
    lines = 0
    for day, count in counts.items():
        start, end = midnight(day), min(midnight(day + timedelta(days=1)), until)
        if count > LINES_AT_ONCE:
            found += parts((start, end), -(-count // LINES_AT_ONCE))
            lines = LINES_AT_ONCE
        elif found and lines + count <= LINES_AT_ONCE and end - found[-1][0] <= timedelta(days=DAYS_AT_ONCE):
            found[-1] = (found[-1][0], end)
            lines += count
        else:
            found.append((start, end))
            lines = count
    return found


def parts(span: Range, number: int) -> list[Range]:
    """Split a range into parts of the same duration."""
    start, end = span
    edges = [start + (end - start) * i / number for i in range(number)] + [end]
    return list(pairwise(edges))
