"""DuckDB in the client's process, on the files of the compacted Iceberg tables.

DuckDB's extensions for Iceberg and S3 are downloads of its own, which a closed network has not. So Trino tells which files the tables have,
and of which time; a question reads only the files of its range, as the Iceberg extension would. DuckDB keeps what it has read in memory.
"""

import resource
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import duckdb
from pyarrow.fs import S3FileSystem

from bench.tiers.answers import made
from bench.tiers.questions import Parameters, Question, bound
from bench.tiers.rows import Exchange
from bench.tiers.stores.iceberg import Iceberg
from bench.tiers.stores.iceberg_files import IcebergFiles
from bench.tiers.stores.store import StoreAwayError
from tillstream.core.settings import S3Settings

#: DuckDB's memory; the machine has two cores for all.
MEMORY, THREADS = "1GB", 2


class DuckDb:
    """The store in DuckDB."""

    def __init__(self) -> None:
        self._tables = Iceberg("compacted")
        self._duckdb: Any = None
        self._lines: list[tuple[str, datetime, datetime]] = []
        self._stock: list[str] = []

    def connect(self) -> None:
        """Read the lists of files, or raise StoreAwayError while Trino does not answer."""
        self._tables.connect()
        times = f'SELECT "$path", min(event_time), max(event_time) FROM {self._tables.lines} GROUP BY 1'
        self._lines = [(path, first, last) for path, first, last in self._tables.query(times)]
        sizes = {name: self._tables.file_sizes(name) for name in ("lines", "stock")}
        self._stock = list(sizes["stock"])
        if not self._lines:
            raise StoreAwayError(f"{self._tables.lines} has no file")
        settings = S3Settings()
        client = S3FileSystem(
            access_key=settings.user,
            secret_key=settings.password.get_secret_value(),
            endpoint_override=settings.endpoint,
            scheme="http",
            region="us-east-1",
        )
        self._duckdb = duckdb.connect(config={"memory_limit": MEMORY, "threads": THREADS})
        self._duckdb.register_filesystem(IcebergFiles(client, sizes["lines"] | sizes["stock"]))
        self._duckdb.execute("SET validate_external_file_cache = 'NO_VALIDATION'")
        self._duckdb.execute("SET parquet_metadata_cache = true")

    def load(self, exchange: Exchange) -> None:
        """Load nothing: the files are there."""

    def loaded(self) -> int:
        """Count the lines."""
        query = "SELECT count(*) FROM read_parquet($files)"
        return int(self._duckdb.execute(query, {"files": [path for path, *_ in self._lines]}).fetchone()[0])

    def size(self) -> int:
        """Return the bytes of the files."""
        return self._tables.size()

    def answer(self, question: Question, parameters: Parameters) -> Iterable[Sequence[Any]]:
        """Run the query on the files of its range."""
        start, end = parameters.get("start"), parameters.get("end")
        lines = [path for path, *_ in self._lines]
        if isinstance(start, datetime) and isinstance(end, datetime):
            lines = [path for path, first, last in self._lines if last >= start and first < end]
        query = bound(question, "read_parquet($lines)", "read_parquet($stock)", lambda name: f"${name}")
        files = {name: paths for name, paths in (("lines", lines), ("stock", self._stock)) if f"${name}" in query}
        return made(question, self._duckdb.execute(query, {**parameters, **files}).fetchall())

    @staticmethod
    def peak_bytes() -> int:
        """Return the most memory that this process has had."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
