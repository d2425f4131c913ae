"""Read CSV rows: RFC 4180 with commas, and the variants of spreadsheets and old systems that can be read without a guess."""

import csv
from collections import Counter
from collections.abc import Iterator
from operator import itemgetter

from batch.loading.records import MOST_COLUMNS, MOST_OF_LINE, Breakage, Columns, Lines, Records
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import FileRefusedError

_BLANKS = " \t\r\n\ufeff\u00a0\u200b"
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets", "~": "tildes"} | dict.fromkeys(
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
    fields = [field["name"] for field in contract.fields]
    extra_columns = _extra_columns(names, fields, digest)
    columns = Columns(fields, digest)
    values_of, width = itemgetter(*(names.index(name) for name in fields)), len(names)
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
            columns.add(start, values_of(row))
        elif len(row) > 1 or (row and row[0].strip(_BLANKS)):
            breakage.add(start, "fields", f"it has {len(row):,} fields, the header has {width:,}", row[: 2 * width])
    return Records(columns.frame(), breakage.broken, extra_columns, {HEADER_TRIMMED: 1} if names != header else {})


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
    if len(header) == 1 and (delimiter := next((mark for mark in _OTHER_DELIMITERS if mark in header[0]), None)):
        raise FileRefusedError("delimiter", f"its columns are separated by {_OTHER_DELIMITERS[delimiter]}, not by commas", digest)
    return header


def _extra_columns(names: list[str], fields: list[str], digest: str) -> list[str]:
    """Return the columns that the contract does not have.

    Their names are in no reason: if the header is missing, the names are a person's data.
    """
    if missing := [name for name in fields if name not in names]:
        unknown = sum(name not in fields for name in names)
        raise FileRefusedError(
            "missing_column",
            f"it has no column {', '.join(missing)}; {unknown:,} of its {len(names):,} columns are not in the contract",
            digest,
        )
    if duplicates := [name for name, count in Counter(names).items() if count > 1 and name in fields]:
        raise FileRefusedError("duplicate_column", f"it has more than one column {', '.join(duplicates)}", digest)
    return [name for name in names if name not in fields]


def _reason(error: csv.Error) -> str:
    """Return the reason in our own words, because a message of the csv module may quote a value."""
    reasons = {
        "field larger": "a quotation mark is not closed, or a field is too long",
        "unexpected end": "its last quotation mark is not closed",
    }
    return next((reason for start, reason in reasons.items() if str(error).startswith(start)), "its quotation marks do not follow RFC 4180")
