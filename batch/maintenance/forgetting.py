"""Remove personal data from rows that are kept longer than the data. A field is emptied when its own retention ends before the table's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from batch.loading.load import STAGING
from batch.maintenance.day_ranges import stretches
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import contracts, dump_contracts, period
from tillstream.core.topology import FEEDBACK, rows_of, tables_of

PERSONAL = {"personal", "pseudonym"}
#: Columns with the name of a personal field but other content. In this one personal data is hidden; no table has the original text.
NOT_THE_FIELD = {(table, "text") for table in tables_of([FEEDBACK])}
#: A load takes minutes. A staging table older than this was left by a killed load, or by an old version that kept every file.
LEFT_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """The retention of a column: how many days it keeps its values, counted from a time column."""

    table: str
    column: str
    since: str
    days: int


def kept(retentions: Iterable[tuple[str, str, int]]) -> Iterator[Kept]:
    """Yield each personal column that is kept for less time than its table.

    Args:
        retentions: tables with the time column and the days after which rows are deleted.
    """
    for table, since, days in retentions:
        for name, least in sorted(_personal(table).items()):
            if least < days and (table, name) not in NOT_THE_FIELD:
                yield Kept(table, name, since, least)


def _personal(table: str) -> dict[str, int]:
    """Return the personal fields of a table with the days they are kept; the fewest days if contracts differ."""
    fields = [field for topic in rows_of(table) for field in contracts()[topic].fields]
    fields += [field for dump in dump_contracts().values() if dump.table == table for field in dump.fields]
    personal: dict[str, int] = {}
    for field in fields:
        if field["privacy"] in PERSONAL:
            days = period(field["retention"]).days
            personal[field["name"]] = min(days, personal.get(field["name"], days))
    return personal


def forget(trino: Trino, now: datetime, columns: Iterable[Kept], streamed: Sequence[str]) -> dict[str, int]:
    """Empty the columns whose retention has ended; return the number of rows by column.

    If nothing is left to empty, a column costs one look at metadata, or one count.
    """
    emptied: dict[str, int] = {}
    for column in columns:
        required = _required(trino, column)
        if required is None:
            continue
        end = (now - timedelta(days=column.days)).date()
        rows = (_in_days if column.table in streamed else _whole)(trino, column, end, required)
        if rows:
            emptied[f"{column.table}.{column.column}"] = rows
    return emptied


def _required(trino: Trino, column: Kept) -> bool | None:
    """Return whether the column must have a value; None if the table has no such column."""
    catalog, schema, table = column.table.split(".")
    query = (
        f"SELECT is_nullable FROM {catalog}.information_schema.columns "
        f"WHERE table_schema = '{schema}' AND table_name = '{table}' AND column_name = '{column.column}'"
    )
    rows = trino.rows(query)
    return rows[0][0] == "NO" if rows else None


def _emptied(column: Kept, required: bool) -> tuple[str, str]:
    """Return the empty value, and the condition for rows with a value. A required column is a text and is set to an empty one."""
    return ("''", f"{column.column} <> ''") if required else ("NULL", f"{column.column} IS NOT NULL")


def _whole(trino: Trino, column: Kept, end: date, required: bool) -> int:
    """Empty a column of a table without day partitions."""
    empty, has = _emptied(column, required)
    where = f"{column.since} < DATE '{end}' AND {has}"
    if rows := int(trino.scalar(f"SELECT count(*) FROM {column.table} WHERE {where}")):
        trino.rows(f"UPDATE {column.table} SET {column.column} = {empty} WHERE {where}")
        _rewrite(trino, column.table, f"{column.since} < DATE '{end}'")
    return rows


def _in_days(trino: Trino, column: Kept, end: date, required: bool) -> int:
    """Empty a column of a table with day partitions, only in partitions whose metadata shows values."""
    empty, has = _emptied(column, required)
    catalog, schema, table = column.table.split(".")
    day, stats = f"partition.{column.since}_day", f"data.{column.column}"
    something = f"coalesce({stats}.max <> '', true)" if required else f"coalesce({stats}.null_count < record_count, true)"
    query = f"SELECT {day} FROM {catalog}.{schema}.\"{table}$partitions\" WHERE {day} < DATE '{end}' AND {something} ORDER BY 1"
    rows = 0
    for first, last in stretches([partition for (partition,) in trino.rows(query)], end):
        within = f"{column.since} >= TIMESTAMP '{first} 00:00:00 UTC' AND {column.since} < TIMESTAMP '{last} 00:00:00 UTC'"
        rows += int(trino.scalar(f"UPDATE {column.table} SET {column.column} = {empty} WHERE {within} AND {has}") or 0)
        _rewrite(trino, column.table, within)
    return rows


def _rewrite(trino: Trino, table: str, within: str) -> None:
    """Rewrite the files with changed rows, and no others: an update only marks rows as deleted and leaves them in their files."""
    trino.rows(f"ALTER TABLE {table} EXECUTE optimize(file_size_threshold => '1B') WHERE {within}")


def drop_left_staging(trino: Trino, now: datetime) -> list[str]:
    """Drop abandoned staging tables with all their files and snapshots; return their names."""
    dropped = []
    for (name,) in trino.rows(f"SELECT table_name FROM lake.information_schema.tables WHERE table_schema = '{STAGING}' ORDER BY 1"):
        newest: datetime | None = trino.scalar(f'SELECT max(committed_at) FROM lake.{STAGING}."{name}$snapshots"')
        if newest and newest.astimezone(UTC) < now - LEFT_AFTER:
            trino.rows(f'DROP TABLE lake.{STAGING}."{name}"')
            dropped.append(name)
    return dropped
