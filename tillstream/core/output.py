"""Rows as text: aligned for people, tsv or json for programs."""

import json
import sys
from typing import Any

from tillstream.core.errors import TerminalError


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)


#: How rows can be printed.
FORMATS = ("table", "tsv", "json")


def check_format(form: str) -> None:
    """Refuse a format that there is not, before anything is asked.

    Raises:
        TerminalError: there is no such format.
    """
    if form not in FORMATS:
        raise TerminalError(f"no format {form!r}: {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")


def rendered(names: list[str], rows: list[list[Any]], form: str) -> str:
    """Rows as lines of text.

    Args:
        names: the columns.
        rows: the values.
        form: table (aligned, numbers to the right), tsv (with a header) or json (a list of objects).

    Raises:
        TerminalError: there is no such form.
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
    """Prints to standard output; below a table, on standard error, how many they are."""
    sys.stdout.write(rendered(names, rows, form))
    if form == "table":
        sys.stderr.write(f"({len(rows)} row{'' if len(rows) == 1 else 's'})\n")
