"""Iceberg through the running platform's Trino: in many small files as the stream leaves them, or with one file a day as after compaction."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import trino.dbapi
import trino.exceptions

from bench.tiers import lake
from bench.tiers.answers import made
from bench.tiers.export import progress, slice_of
from bench.tiers.questions import Parameters, Question, bound, literal
from bench.tiers.rows import Exchange, Exported
from bench.tiers.stores.store import BATCH, StoreAwayError
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import RetryableError
from tillstream.core.settings import TrinoSettings
from tillstream.core.sql_templates import statements

#: Small files of a past day, and of today, whose commits are the newest.
FILES_A_DAY, FILES_TODAY = 8, 60
TABLES = ("lines", "stock", "written")


class Iceberg:
    """A table of lines and one of stock, in the schema lake.bench."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.lines, self.stock, self._written = (f"lake.bench.{name}_{kind}" for name in TABLES)
        self._trino = Trino("bench")
        self._connection: Any = None

    def connect(self) -> None:
        """Ask Trino for something small, or raise StoreAwayError."""
        try:
            self._trino.scalar("SELECT 1")
        except RetryableError as error:
            raise StoreAwayError(str(error)) from error
        settings = TrinoSettings()
        self._connection = trino.dbapi.connect(host=settings.host, port=settings.port, user="bench", catalog="lake", schema="bench")

    def load(self, exchange: Exchange) -> None:
        """Write the exported snapshot's rows again, slice by slice. Each insert is a commit with one file a day."""
        exported = exchange.exported()
        self.drop()
        for statement in ("CREATE SCHEMA IF NOT EXISTS lake.bench", *statements(lake.SQL / "lake_tables.sql", kind=self._kind)):
            self._trino.rows(statement)
        inserts = list(self._fresh(exported) if self._kind == "fresh" else self._compacted(exported))
        for number, query in enumerate(inserts, 1):
            self._trino.rows(query)
            if number % 10 == 0:
                progress(f"{self.lines}: {number} of {len(inserts)} inserts")

    def _spans(self, exported: Exported) -> list[lake.Range]:
        """Return ranges of whole days, without the last day."""
        counts = {day: 1 for text in exported.days if (day := date.fromisoformat(text)) < exported.until.date()}
        return lake.ranges(counts, exported.until)

    def _insert(self, exported: Exported, span: lake.Range, also: str = "true") -> str:
        return f"INSERT INTO {self.lines} {lake.lines_query(exported.lines_snapshot, exported.share, span, also=also)}"

    def _fresh(self, exported: Exported) -> Iterator[str]:
        """Yield inserts of three hours of each day of a range, and of minutes of the last day."""
        hours = 24 // FILES_A_DAY
        for span in self._spans(exported):
            yield from (
                self._insert(exported, span, f"hour(event_time AT TIME ZONE 'UTC') / {hours} = {slice_}") for slice_ in range(FILES_A_DAY)
            )
        for part in lake.parts((lake.midnight(exported.until.date()), exported.until), FILES_TODAY):
            yield self._insert(exported, part)
        for number in range(FILES_A_DAY):
            slice_ = f"{slice_of('product_id', FILES_A_DAY)} = {number}"
            yield f"INSERT INTO {self.stock} {lake.stock_query(exported.stock_snapshot, slice_)}"

    def _compacted(self, exported: Exported) -> Iterator[str]:
        """Yield inserts of whole days."""
        yield from (self._insert(exported, span) for span in self._spans(exported))
        yield self._insert(exported, (lake.midnight(exported.until.date()), exported.until))
        yield f"INSERT INTO {self.stock} {lake.stock_query(exported.stock_snapshot)}"

    def drop(self) -> None:
        """Drop the tables with their files."""
        for table in (self.lines, self.stock, self._written):
            self._trino.rows(f"DROP TABLE IF EXISTS {table}")

    def query(self, sql: str) -> list[list[Any]]:
        """Return the rows of a query that is not measured."""
        return self._trino.rows(sql)

    def loaded(self) -> int:
        """Count the lines."""
        return int(self._trino.scalar(f"SELECT count(*) FROM {self.lines}"))

    def file_sizes(self, name: str) -> dict[str, int]:
        """Return the bytes of each data file of a table (`lines` or `stock`), by path."""
        return {
            path: int(size)
            for path, size in self.query(f'SELECT file_path, file_size_in_bytes FROM lake.bench."{name}_{self._kind}$files"')
        }

    def files(self) -> int:
        """Return the number of data files of the lines."""
        return len(self.file_sizes("lines"))

    def size(self) -> int:
        """Return the bytes of the data files of both tables."""
        return sum(sum(self.file_sizes(name).values()) for name in ("lines", "stock"))

    def answer(self, question: Question, parameters: Parameters) -> Iterable[Sequence[Any]]:
        """Run the query with its parameters as literals."""
        cursor = self._connection.cursor()
        cursor.execute(bound(question, self.lines, self.stock, lambda name: literal(parameters[name])))
        return made(question, [tuple(row) for row in cursor.fetchall()])

    def write(self, first: int) -> None:
        """Write a batch as one commit."""
        values = ", ".join(f"({number})" for number in range(first, first + BATCH))
        self._trino.rows(f"INSERT INTO {self._written} VALUES {values}")

    def written(self, below: int) -> int:
        """Count the rows of the batches. The rows of the abandoned insert have negative numbers, and would be counted too."""
        return int(self._trino.scalar(f"SELECT count(*) FROM {self._written} WHERE number < {below}"))

    def abandon(self) -> bool:
        """Begin an insert that Trino ends after a second, so that it is never committed; return whether it was ended."""
        settings = TrinoSettings()
        limits = {"query_max_run_time": "1s"}
        connection = trino.dbapi.connect(
            host=settings.host, port=settings.port, user="bench", catalog="lake", schema="bench", session_properties=limits
        )
        cursor = connection.cursor()
        try:
            cursor.execute(f"INSERT INTO {self._written} SELECT -line_position FROM {self.lines} CROSS JOIN UNNEST(sequence(1, 1000))")
            cursor.fetchall()
        except trino.exceptions.TrinoQueryError as error:
            return bool(error.error_name == "EXCEEDED_TIME_LIMIT")
        return False
