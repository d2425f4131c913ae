"""Reads CSV rows: RFC 4180 with commas, and the variants that spreadsheets and old systems write, as long as nothing must be guessed."""

import csv
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from batch.loading.records import MOST_COLUMNS, MOST_OF_LINE, Breakage, Columns, Lines, Records
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import FileRefusedError

_BLANKS = " \t\r\n\ufeff\u00a0\u200b"
_OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets", "~": "tildes"} | dict.fromkeys(
    "\x01\x02\x1e\x1f", "control characters"
)
HEADER_TRIMMED = ": header trimmed"


def read_csv(text: bytes, contract: DumpContract, digest: str, breakage: Breakage) -> Records:
    """Read the rows of a CSV file. Blank lines are skipped.

    Raises:
        FileRefusedError: the header does not match the contract, or more rows are broken than the contract tolerates.
    """
    lines = Lines(text)
    reader = csv.reader(lines, strict=True)
    header = _header(reader, lines, digest)
    names = [name.strip(_BLANKS) for name in header]
    wanted = [field["name"] for field in contract.fields]
    extra = _extra(names, wanted, digest)
    columns = Columns(wanted, digest)
    pick, width = itemgetter(*(names.index(name) for name in wanted)), len(names)
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            breakage.add(start, "unreadable", _reason(error), lines.last)
            continue
        if lines.cut >= start:
            breakage.add(start, "unreadable", f"it is longer than {MOST_OF_LINE:,} characters", row[:width])
        elif len(row) == width and row[-1] == header[-1] and [name.strip(_BLANKS) for name in row] == names:
            breakage.add(start, "repeated_header", "it is the header once more", row)
        elif len(row) == width:
            columns.add(start, pick(row))
        elif len(row) > 1 or (row and row[0].strip(_BLANKS)):
            breakage.add(start, "fields", f"it has {len(row):,} fields, the header has {width:,}", row[: 2 * width])
    return Records(columns.frame(), breakage.broken, extra, {HEADER_TRIMMED: 1} if names != header else {})


def _header(reader: Iterator[list[str]], lines: Lines, digest: str) -> list[str]:
    """Return the column names from the first line that is not blank."""
    try:
        header = next((row for row in reader if len(row) > 1 or (row and row[0].strip(_BLANKS))), [])
    except csv.Error as error:
        raise FileRefusedError("unreadable", f"its header cannot be read: {_reason(error)}", digest) from error
    if lines.cut or len(header) > MOST_COLUMNS:
        raise FileRefusedError("too_large", f"its header has {len(header):,} columns, at most {MOST_COLUMNS:,} are accepted", digest)
    if header and header[0].lower().startswith("sep="):
        raise FileRefusedError("delimiter", "its first line is a spreadsheet's sep= line, not the header; remove it", digest)
    if len(header) == 1 and (mark := next((mark for mark in _OTHER_MARKS if mark in header[0]), None)):
        raise FileRefusedError("delimiter", f"its columns are separated by {_OTHER_MARKS[mark]}, not by commas", digest)
    return header


def _extra(names: list[str], wanted: list[str], digest: str) -> list[str]:
    """Return the columns that the contract does not have.

    Their names are in no reason: if the header is missing, the names are a person's data.
    """
    if missing := [name for name in wanted if name not in names]:
        unknown = sum(name not in wanted for name in names)
        raise FileRefusedError(
            "missing_column",
            f"it has no column {', '.join(missing)}; {unknown:,} of its {len(names):,} columns are not in the contract",
            digest,
        )
    if twice := [name for name, times in Counter(names).items() if times > 1 and name in wanted]:
        raise FileRefusedError("duplicate_column", f"it has more than one column {', '.join(twice)}", digest)
    return [name for name in names if name not in wanted]


def _reason(error: csv.Error) -> str:
    """Return the reason in our own words: the csv module does not promise that its messages quote no value."""
    known = {
        "field larger": "a quotation mark is not closed, or a field is too long",
        "unexpected end": "its last quotation mark is not closed",
    }
    return next((reason for start, reason in known.items() if str(error).startswith(start)), "its quotation marks do not follow RFC 4180")
