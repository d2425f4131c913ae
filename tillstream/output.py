"""Prints rows: aligned for people, tsv or json for programs."""

import json
import sys
from typing import Any

from tillstream.errors import TerminalError


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else str(value)


def render(names: list[str], rows: list[list[Any]], form: str) -> None:
    """Prints to standard output.

    Args:
        names: the columns.
        rows: the values.
        form: table (aligned, numbers to the right, a count below), tsv (with a header) or json (a list of objects).
    """
    match form:
        case "json":
            print(json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=_text, ensure_ascii=False, indent=1))
        case "tsv":
            for row in [names, *rows]:
                print("\t".join(_text(value).replace("\t", " ").replace("\n", " ") for value in row))
        case "table":
            cells = [[_text(value) for value in row] for row in rows]
            widths = [max([len(name), *(len(row[i]) for row in cells)]) for i, name in enumerate(names)]
            right = [any(isinstance(row[i], int | float) or type(row[i]).__name__ == "Decimal" for row in rows) for i in range(len(names))]
            print("  ".join(name.rjust(w) if r else name.ljust(w) for name, w, r in zip(names, widths, right, strict=True)).rstrip())
            print("  ".join("-" * w for w in widths))
            for row in cells:
                print("  ".join(v.rjust(w) if r else v.ljust(w) for v, w, r in zip(row, widths, right, strict=True)).rstrip())
            print(f"({len(rows)} row{'' if len(rows) == 1 else 's'})", file=sys.stderr)
        case _:
            raise TerminalError(f"no format {form!r}: table, tsv or json")
