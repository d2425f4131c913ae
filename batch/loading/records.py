"""The rows of a dump's text, CSV or JSON Lines: each is read, or broken by itself with its line and the reason."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa

from tillstream.core.contracts import DumpContract
from tillstream.core.errors import FileRefusedError

#: The number of each row's line in the file, the header being line 1 of a CSV.
LINE = "_line"
#: Texts lie in Arrow's buffers: as Python's strings the texts of a million rows did not fit the service's memory.
TEXT = pd.StringDtype("pyarrow")
#: As many as the service's memory was measured with. Where each breaks six rules, Great Expectations' lists of them take most of it.
MOST_ROWS = 1_000_000
#: The widest contract has 15 columns. A row of more than these takes more memory as Python's list than as text.
MOST_COLUMNS = 1_000
#: The longest line: a row of the widest contract with every text as long as it may be is 16,000 characters.
MOST_OF_LINE = 1 << 20
#: So much of a row that cannot be read is kept in the quarantine.
MOST_OF_BROKEN = 10_000
#: Rows are Python's objects for this many at a time: what fits a core's cache. With 20,000 it took half as long again.
AT_ONCE = 4_096


@dataclass(frozen=True)
class Broken:
    """A row that cannot be read: no value of it can be judged."""

    line: int
    rule: str
    #: Without a word of the row.
    reason: str
    #: The row, or the beginning of it, as JSON.
    row: str


@dataclass
class Records:
    """What was read of a file: the rows as text, those that are broken, the columns that the contract does not know, and what was changed."""

    rows: pd.DataFrame
    broken: list[Broken]
    extra_columns: list[str] = field(default_factory=list)
    noted: dict[str, int] = field(default_factory=dict)


class Breakage:
    """Collects broken rows, and refuses the file once there are more than its contract tolerates: no more has to be read, or kept."""

    def __init__(self, contract: DumpContract, rows: int, digest: str) -> None:
        """`rows` are as many as the manifest says there are."""
        self.found: list[Broken] = []
        self._most = int(min(rows, MOST_ROWS) * contract.tolerance)
        self._digest = digest

    def add(self, line: int, rule: str, reason: str, row: Any) -> None:
        """Notes a broken row.

        Raises:
            FileRefusedError: it is one too many.
        """
        self.found.append(Broken(line, rule, reason, json.dumps(row, ensure_ascii=True)[:MOST_OF_BROKEN]))
        if len(self.found) > self._most:
            first = self.found[0]
            others = f", and {self._most:,} more cannot be read" if self._most else ""
            raise FileRefusedError(
                first.rule, f"line {first.line:,}: {first.reason}{others}; the contract tolerates {self._most:,}", self._digest
            )


class Lines:
    """The lines of a text, whatever ends them: CR, LF or both. One that is too long is cut."""

    def __init__(self, text: bytes) -> None:
        self._read = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="").readline
        self.number = 0
        self.last = ""
        #: The number of the last line that was cut.
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
    """Gathers rows into columns of Arrow, some thousand at a time."""

    def __init__(self, names: list[str], digest: str) -> None:
        self._names, self._digest = names, digest
        self._chunks: list[list[pa.Array]] = [[] for _ in names]
        self._numbers: list[int] = []
        self._rows: list[Any] = []

    def add(self, line: int, row: Any) -> None:
        """Takes a row's values, in the order of the names.

        Raises:
            FileRefusedError: it is one too many for the service's memory.
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
        """All rows, with their lines; an empty value is null."""
        self._flush()
        columns = {
            name: pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array(chunks, pa.string())), dtype=TEXT)
            for name, chunks in zip(self._names, self._chunks, strict=True)
        }
        return pd.DataFrame({LINE: pd.Series(self._numbers, dtype="int64"), **columns})
