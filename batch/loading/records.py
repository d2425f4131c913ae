"""Read the rows of a dump's text, CSV or JSON Lines. A row that cannot be read is kept with its line and the reason."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa

from tillstream.core.contracts import DumpContract
from tillstream.core.errors import FileRefusedError

#: Column with the line number of each row; the header of a CSV is line 1.
LINE = "_line"
#: Texts are in Arrow buffers: the texts of a million rows did not fit the service's memory as Python strings.
TEXT = pd.StringDtype("pyarrow")
#: Most rows of a file; the service's memory was measured with this number. If each row breaks six rules, the lists of Great Expectations
#: take most of it.
MOST_ROWS = 1_000_000
#: Most columns of a header. The widest contract has 15. A row of more columns takes more memory as a Python list than as text.
MOST_COLUMNS = 1_000
#: Longest line in characters. A row of the widest contract with every text at its limit has 16,000.
MOST_OF_LINE = 1 << 20
#: Characters of an unreadable row that are kept in the quarantine.
MOST_OF_BROKEN = 10_000
#: Rows held as Python objects before they go to Arrow, so that they fit a core's cache. With 20,000 reading took half as long again.
AT_ONCE = 4_096


@dataclass(frozen=True)
class Broken:
    """A row that cannot be read, so none of its values can be checked."""

    line: int
    rule: str
    #: Quotes nothing from the row.
    reason: str
    #: The row as JSON, cut to MOST_OF_BROKEN characters.
    row: str


@dataclass
class Records:
    """The rows of a file.

    Attributes:
        rows: the rows as text, with their line numbers.
        broken: rows that cannot be read.
        extra_columns: columns that the contract does not have.
        noted: changes made to the file as a whole, with how often.
    """

    rows: pd.DataFrame
    broken: list[Broken]
    extra_columns: list[str] = field(default_factory=list)
    noted: dict[str, int] = field(default_factory=dict)


class Breakage:
    """The broken rows of a file. Once there are more than its contract tolerates, the file is refused and not read further."""

    def __init__(self, contract: DumpContract, rows: int, digest: str) -> None:
        """Create the collection for a file with `rows` rows, as its manifest says."""
        self.broken: list[Broken] = []
        self._most = int(min(rows, MOST_ROWS) * contract.tolerance)
        self._digest = digest

    def add(self, line: int, rule: str, reason: str, row: Any) -> None:
        """Add a broken row.

        Raises:
            FileRefusedError: there are more broken rows than the contract tolerates.
        """
        self.broken.append(Broken(line, rule, reason, json.dumps(row, ensure_ascii=True)[:MOST_OF_BROKEN]))
        if len(self.broken) > self._most:
            first = self.broken[0]
            others = f", and {self._most:,} more cannot be read" if self._most else ""
            raise FileRefusedError(
                first.rule, f"line {first.line:,}: {first.reason}{others}; the contract tolerates {self._most:,}", self._digest
            )


class Lines:
    """An iterator over the lines of a text. A line ends in CR, LF or both. A line that is too long is cut."""

    def __init__(self, text: bytes) -> None:
        self._read = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="").readline
        self.number = 0
        self.last = ""
        #: Number of the last line that was cut; 0 if none was.
        self.cut = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last = line = self._read(MOST_OF_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == MOST_OF_LINE and line[-1] not in "\r\n":
            self.cut = self.number
            while (rest := self._read(MOST_OF_LINE)) and rest[-1] not in "\r\n":
                pass
        return line


class Columns:
    """Arrow columns that are filled row by row, AT_ONCE rows at a time."""

    def __init__(self, names: list[str], digest: str) -> None:
        self._names, self._digest = names, digest
        self._chunks: list[list[pa.Array]] = [[] for _ in names]
        self._numbers: list[int] = []
        self._rows: list[Any] = []

    def add(self, line: int, row: Any) -> None:
        """Add the values of a row, in the order of the names.

        Raises:
            FileRefusedError: there are more than MOST_ROWS rows.
        """
        self._numbers.append(line)
        self._rows.append(row)
        if len(self._rows) == AT_ONCE:
            self._flush()
            if len(self._numbers) > MOST_ROWS:
                raise FileRefusedError("too_large", f"it has more than {MOST_ROWS:,} rows", self._digest)

    def _flush(self) -> None:
        for chunks, values in zip(self._chunks, zip(*self._rows, strict=True), strict=False):
            chunks.append(pa.array([value or None for value in values], pa.string()))
        self._rows = []

    def frame(self) -> pd.DataFrame:
        """Return all rows with their line numbers. An empty value is null."""
        self._flush()
        columns = {
            name: pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array(chunks, pa.string())), dtype=TEXT)
            for name, chunks in zip(self._names, self._chunks, strict=True)
        }
        return pd.DataFrame({LINE: pd.Series(self._numbers, dtype="int64"), **columns})
