"""Read JSON Lines: one object a line. Numbers stay as written, so that amounts are never converted to a float."""

import json
import re
from typing import Any, Never

from batch.loading.records import MOST_COLUMNS, MOST_OF_BROKEN, MOST_OF_LINE, Breakage, Columns, Lines, Records
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import TerminalError

_BLANKS = " \t\r\n\ufeff\u00a0"


class _NoRowError(TerminalError):
    """A line is not a row of the dump. The error carries the rule and the reason."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason


def read_jsonl(text: bytes, contract: DumpContract, digest: str, breakage: Breakage) -> Records:
    """Read the rows of a JSON Lines file. Blank lines are skipped.

    Raises:
        FileRefusedError: more rows are broken than the contract tolerates.
    """
    names = [field["name"] for field in contract.fields]
    booleans = {field["name"] for field in contract.fields if "boolean" in field["type"]}
    columns, lines = Columns(names, digest), Lines(text)
    extra_columns: set[str] = set()
    for line in lines:
        if line.isspace() or not line.strip(_BLANKS):
            continue
        try:
            if lines.cut == lines.number:
                raise _NoRowError("unreadable", f"it is longer than {MOST_OF_LINE:,} characters")
            record = _object(line)
            columns.add(lines.number, _values(record, names, booleans))
        except _NoRowError as error:
            breakage.add(lines.number, error.rule, error.reason, line[:MOST_OF_BROKEN])
            continue
        if len(record) > len(names) and len(extra_columns) < MOST_COLUMNS:
            extra_columns.update(record.keys() - names)
    return Records(columns.frame(), breakage.broken, sorted(extra_columns))


def _object(line: str) -> dict[str, Any]:
    try:
        record = _DECODER.decode(line.strip(_BLANKS))
    except json.JSONDecodeError as error:
        raise _NoRowError("unreadable", f"it is no JSON object, from character {error.pos + 1:,}") from error
    except RecursionError as error:
        raise _NoRowError("unreadable", "it is nested too deeply") from error
    if not isinstance(record, dict):
        raise _NoRowError("unreadable", f"it is a JSON {_KINDS.get(type(record), 'number or text')}, not an object")
    return record


def _values(record: dict[str, Any], names: list[str], booleans: set[str]) -> list[str | None]:
    try:
        values = [record[name] for name in names]
    except KeyError as error:
        missing = ", ".join(name for name in names if name not in record)
        raise _NoRowError("missing_column", f"it has no member {missing}") from error
    for index, value in enumerate(values):
        if value.__class__ is str or value is None:
            continue
        if value.__class__ is not bool or names[index] not in booleans:
            raise _NoRowError(
                "unreadable", f"{names[index]}: a JSON {_KINDS[type(value)]} where the contract has a single value of another type"
            )
        values[index] = "true" if value else "false"
    try:
        "".join(filter(None, values)).encode()
    except UnicodeEncodeError as error:
        raise _NoRowError("unreadable", "it has half a surrogate pair, which is no character") from error
    return values


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _NoRowError("unreadable", "it names a member twice")
    return members


def _no_number(_: str) -> Never:
    raise _NoRowError("unreadable", "NaN and Infinity are no JSON")


def _with_sign(number: str) -> str:
    """Return a number as written, but 1e5 as 1E+5: in quotation marks 1e5 may be an identifier, as a number it is not."""
    return _EXPONENT.sub("E+", number)


_EXPONENT = re.compile("[eE](?=[0-9])")
_KINDS: dict[type, str] = {list: "array", dict: "object", bool: "true or false", type(None): "null"}
_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_float=_with_sign, parse_int=str, parse_constant=_no_number)
