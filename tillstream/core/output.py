"""Format rows as text: an aligned table for people, tsv or json for programs."""

import json
import sys
from typing import Any

from tillstream.core.errors import TerminalError


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)


#: The formats that rows can be printed in.
FORMATS = ("table", "tsv", "json")


def check_format(form: str) -> None:
    """Refuse an unknown format. Call it before the query, so that a typing mistake costs no time.

    Raises:
        TerminalError: the format is unknown.
    """
    if form not in FORMATS:
        raise TerminalError(f"no format {form!r}: {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")


def rendered(names: list[str], rows: list[list[Any]], form: str) -> str:
    """Return rows as lines of text.

    Args:
        names: the names of the columns.
        rows: the values, one list per row.
        form: table (aligned, numbers to the right), tsv (with a header) or json (a list of objects).

    Raises:
        TerminalError: the format is unknown.
    """
    check_format(form)
    match form:
        case "json":
            lines = [json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_text, ensure_ascii=False, indent=1)]
        case "tsv":
            lines = ["\t".join(_text(value).replace("\t", " ").replace("\n", " ") for value in row) for row in [names, *rows]]
        case _:
            cells = [[_text(value) for value in row] for row in rows]
            widths = [max([len(name), *(len(row[i]) for row in cells)]) for i, name in enumerate(names)]
            right = [any(isinstance(row[i], int | float) or type(row[i]).__name__ == "Decimal" for row in rows) for i in range(len(names))]
            lines = [
                "  ".join(value.rjust(w) if r else value.ljust(w) for value, w, r in zip(line, widths, right, strict=True)).rstrip()
                for line in [names, ["-" * w for w in widths], *cells]
            ]
    return "\n".join(lines) + "\n"


def render(names: list[str], rows: list[list[Any]], form: str) -> None:
    """Print rows to standard output. For a table, also print the row count to standard error."""
    sys.stdout.write(rendered(names, rows, form))
    if form == "table":
        sys.stderr.write(f"({len(rows)} row{'' if len(rows) == 1 else 's'})\n")
