"""The files that DuckDB reads: its threads share a file, and each reads where it has sought."""

from threading import Event, Thread
from typing import Any

from bench.tiers.stores.iceberg_files import LazyFile

BYTES = bytes(range(200))


class SlowFile:
    """An open file whose first read lasts until it is let go."""

    def __init__(self) -> None:
        self.began, self.go = Event(), Event()

    def read_at(self, size: int, place: int) -> bytes:
        """Return the bytes from a place on."""
        if not self.began.is_set():
            self.began.set()
            assert self.go.wait(10)
        return BYTES[place : place + size]


class Client:
    """A client with one file."""

    def __init__(self, file: SlowFile) -> None:
        self._file = file

    def open_input_file(self, _: str) -> Any:
        """Return the file."""
        return self._file


def test_a_thread_that_seeks_while_another_reads_reads_where_it_has_sought() -> None:
    slow = SlowFile()
    file = LazyFile(Client(slow), "lines.parquet")
    read: list[bytes] = []

    def first() -> None:
        file.seek(0)
        read.append(file.read(10))

    thread = Thread(target=first)
    thread.start()
    assert slow.began.wait(10)
    file.seek(100)
    slow.go.set()
    thread.join()
    read.append(file.read(10))
    assert read == [BYTES[:10], BYTES[100:110]]
