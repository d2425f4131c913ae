"""Arrow's S3 client for DuckDB, with what Iceberg's metadata tells of the files, so that a file is asked for only where its bytes are read.

DuckDB asks for the existence, the size and the age of each file of a query. Iceberg's own readers know them, and files of Iceberg never change.
"""

import io
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fsspec.implementations.arrow import ArrowFSWrapper


class LazyFile(io.RawIOBase):
    """A file that is opened with the first read. Each thread has its own place: DuckDB's threads share a file, and seek before they read."""

    def __init__(self, client: Any, path: str) -> None:
        self._client, self._path = client, path
        self._file: Any = None
        self._of_thread = threading.local()

    def seek(self, offset: int, _: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the beginning: DuckDB knows no other way."""
        self._of_thread.place = offset
        return offset

    def tell(self) -> int:
        """Return the place."""
        place: int = getattr(self._of_thread, "place", 0)
        return place

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        if self._file is None:
            self._file = self._client.open_input_file(self._path)
        place = self.tell()
        data: bytes = self._file.read_at(size, place)
        self._of_thread.place = place + len(data)
        return data

    def close(self) -> None:
        """Close the file if it was opened."""
        if self._file is not None:
            self._file.close()


class IcebergFiles(ArrowFSWrapper):  # type: ignore[misc] # fsspec ships no types
    """The files of Iceberg tables, by paths that begin with s3://."""

    protocol = "s3"
    cachable = False

    def __init__(self, client: Any, sizes: Mapping[str, int]) -> None:
        super().__init__(client)
        self._client = client
        self._sizes = {self._strip_protocol(path): size for path, size in sizes.items()}

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Return name and size of a file of the tables."""
        name = self._strip_protocol(path)
        return {"name": name, "size": self._sizes[name], "type": "file"}

    def modified(self, _: str) -> datetime:
        """Return the same time for all files: none changes."""
        return datetime(2000, 1, 1, tzinfo=UTC)

    def _open(self, path: str, _: str = "rb", **__: Any) -> LazyFile:
        return LazyFile(self._client, path)
