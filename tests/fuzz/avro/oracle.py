"""Check the platform's promise for one message: its row equals the record that fastavro reads, or it is a dead letter of a known kind."""

import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import fastavro

from tests.fuzz.avro.cases import Case
from tests.fuzz.avro.decoder import Decoded
from tests.fuzz.avro.messages import plain
from tillstream.core.contracts import contracts

KINDS = {"TOMBSTONE", "UNFRAMED", "UNKNOWN_SCHEMA", "WRONG_SCHEMA", "UNDECODABLE", "IMPOSSIBLE_VALUE"}
#: The most processor time for one message. The first parse of a schema in a new JVM takes a tenth of it.
MOST_MICROS = 1_000_000
#: The most memory that a message may allocate: a fixed amount, which includes the parser of a new schema, and bytes per byte of message and schema.
MOST_BYTES, MOST_BYTES_PER_BYTE = 8_000_000, 300
_PERSONAL = {topic for topic, contract in contracts().items() if '"privacy":"personal"' in contract.text}


class BrokenPromiseError(Exception):
    """The decoder broke the promise. The text says how."""


def check(case: Case, decoded: Decoded) -> None:
    """Check that the decoder keeps the promise for one case.

    Raises:
        BrokenPromiseError: it does not.
    """
    size = len(case.message or b"") + len(json.dumps(case.answer))
    if decoded.thrown or decoded.retried:
        raise BrokenPromiseError(f"it threw {decoded.thrown or decoded.retried}: the job restarts for ever")
    if decoded.micros > MOST_MICROS:
        raise BrokenPromiseError(f"it took {decoded.micros / 1e6:.1f} s of a core")
    if decoded.allocated > MOST_BYTES + MOST_BYTES_PER_BYTE * size:
        raise BrokenPromiseError(f"it took {decoded.allocated:,} bytes for a message and a schema of {size:,}")
    if decoded.reason is not None:
        _check_reason(case, decoded)
    elif decoded.row is None:
        raise BrokenPromiseError("neither a row nor a reason")
    else:
        _check_row(case, decoded.row)


def signature(case: Case, decoded: Decoded) -> str:
    """Return a key that similar cases share: how they were made, and the reason without path and values. The corpus keeps one case of each key."""
    reason = re.sub(r"'.*'|\(.*?\)|\[.*\]|\d+|-", "", decoded.reason or "row")
    kind, _, said = reason.partition(": ")
    return f"{case.how} {kind} {' '.join(said.split()[1:4])}"


def _check_reason(case: Case, decoded: Decoded) -> None:
    reason = str(decoded.reason)
    if decoded.kind not in KINDS or len(reason) > 500:
        raise BrokenPromiseError(f"its reason is {reason!r}")
    if decoded.raw != (case.message or b"")[: 1 << 20]:
        raise BrokenPromiseError("its raw bytes are others")
    # Only the reason of a schema that cannot be parsed names a class of an exception. The reason of a message must not.
    if decoded.kind != "WRONG_SCHEMA" and re.search("Exception|Error", reason):
        raise BrokenPromiseError(f"an exception that nobody thought of: {reason}")
    if case.topic in _PERSONAL:
        written = {text.decode() for text in re.findall(rb"[ -~\xc3-\xf4\x80-\xbf]{6,}", case.message or b"") if _is_text(text)}
        if shown := [
            text for text in written if text in reason and text not in contracts()[case.topic].text and text not in json.dumps(case.answer)
        ]:
            raise BrokenPromiseError(f"its reason shows {shown}")
    if case.how == "good":
        raise BrokenPromiseError(f"a good message was set aside: {reason}")


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_row(case: Case, row: dict[str, Any]) -> None:
    writer, parsed = _writer(str((case.answer or {})["schema"]))
    body = io.BytesIO((case.message or b"")[5:])
    try:
        # Broken text is allowed in a field that the contract does not have. In other fields, the replacement character makes the row differ.
        read = fastavro.schemaless_reader(body, parsed(), handle_unicode_errors="replace")
    except Exception as error:
        raise BrokenPromiseError(f"it is a row, which fastavro cannot read: {type(error).__name__}: {error}") from error
    if body.read(1):
        raise BrokenPromiseError("bytes were left over, and it is a row")
    _same_record(contracts()[case.topic].fields, {field["name"]: field for field in writer["fields"]}, read, row, "")


@lru_cache(maxsize=100)
def _writer(schema: str) -> tuple[Any, Callable[[], Any]]:
    """Return a writer's schema, and a function that parses it with fastavro. If fastavro refuses it, each call raises the error again."""
    writer = json.loads(schema)
    return writer, cache(lambda: fastavro.parse_schema(_without_defaults(plain(writer))))


def _without_defaults(schema: Any) -> Any:
    """Return the schema without defaults. A writer's defaults are never used, and may not fit the changed type."""
    if isinstance(schema, dict):
        return {key: _without_defaults(value) for key, value in schema.items() if key != "default"}
    return [_without_defaults(item) for item in schema] if isinstance(schema, list) else schema


def _same_record(fields: list[dict[str, Any]], written: dict[str, Any], read: dict[str, Any], row: dict[str, Any], path: str) -> None:
    for field in fields:
        name = field["name"]
        where = f"{path}{name}"
        if name not in written:
            if "default" not in field or row[name] != field["default"]:
                raise BrokenPromiseError(f"{where} was not written and is {row[name]!r}")
            continue
        _same(field, field["type"], written[name]["type"], read[name], row[name], where)


def _same(field: dict[str, Any], kind: Any, writer: Any, read: Any, found: Any, where: str) -> None:
    if isinstance(kind, list):
        kind = next(branch for branch in kind if branch != "null")
        # An empty text counts as null if the contract allows null.
        if read is None or (kind == "string" and not read):
            if found is not None:
                raise BrokenPromiseError(f"{where} is {found!r} and was none")
            return
    if isinstance(kind, dict) and kind["type"] == "array":
        items = _branch(writer, "array")["items"]
        _check_count(field, len(found), where)
        if len(read) != len(found):
            raise BrokenPromiseError(f"{where} has {len(found)} items of {len(read)}")
        for i, (one, other) in enumerate(zip(read, found, strict=True)):
            _same_record(kind["items"]["fields"], {f["name"]: f for f in items["fields"]}, one, other, f"{where}[{i}].")
        return
    expected: Any = read
    value: Any = found
    meaning = kind.get("logicalType") if isinstance(kind, dict) else None
    if meaning == "decimal":
        expected, value = (
            Decimal(int.from_bytes(read, "big", signed=True)).scaleb(-_branch(writer, "bytes").get("scale", 0)),
            Decimal(found),
        )
    elif meaning == "timestamp-micros" and _branch(writer, "long").get("logicalType") != meaning:
        raise BrokenPromiseError(f"{where} is a time and was written as {writer}")
    elif kind == "string" and isinstance(read, bytes):
        expected = read.decode("utf-8")
    if expected != value or isinstance(expected, bool) != isinstance(value, bool):
        raise BrokenPromiseError(f"{where} is {found!r} and was {expected!r}")
    _check_limits(field, value, where)


def _branch(writer: Any, form: str) -> dict[str, Any]:
    """Return the writer's type with this physical type, alone or as a branch of a union."""
    for branch in writer if isinstance(writer, list) else [writer]:
        if isinstance(branch, dict) and branch["type"] == form:
            return branch
    return {}


def _check_limits(field: dict[str, Any], value: Any, where: str) -> None:
    least, most = field.get("minimum"), field.get("maximum")
    if isinstance(value, str):
        least, most = None, None
        if not field.get("minLength", 0) <= len(value) <= field.get("maxLength", 10**9) or "\0" in value:
            raise BrokenPromiseError(f"{where} has {len(value)} characters")
        if value not in field.get("allowed", [value]):
            raise BrokenPromiseError(f"{where} is {value!r}, which is not allowed")
    if (least is not None and value < least) or (most is not None and value > most):
        raise BrokenPromiseError(f"{where} is {value}, which cannot be")


def _check_count(field: dict[str, Any], count: int, where: str) -> None:
    if not field.get("minItems", 0) <= count <= field.get("maxItems", 10**9):
        raise BrokenPromiseError(f"{where} has {count} items")
