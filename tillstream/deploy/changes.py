"""Find changes of a contract that give the same bytes another meaning.

The registry compares only how values are encoded: for it, a decimal of scale 4 is compatible with one of scale 2.
"""

import json
from collections.abc import Iterator
from typing import Any

from tillstream.core.contracts import RELEASED_DIR, Contract

#: The properties of a type that give a number its meaning. A message does not have them: only its schema does.
_MEANING = ("logicalType", "precision", "scale", "unit")


def changed_meanings(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return, in words, each field of both schemas whose meaning differs; an empty list where all meanings are the same."""
    old, new = dict(_meanings(before)), dict(_meanings(after))
    return [f"{path} was {_words(old[path])} and is {_words(new[path])}" for path in old if path in new and old[path] != new[path]]


def changed_since_release(contract: Contract) -> list[str]:
    """Compare a contract with each of its released versions, and return the changed meanings in words, each once."""
    changes: dict[str, None] = {}
    for path in sorted((RELEASED_DIR / contract.topic).glob("*.avsc"), key=lambda path: int(path.stem)):
        changes |= dict.fromkeys(changed_meanings(json.loads(path.read_text(encoding="utf-8")), contract.document))
    return list(changes)


def _meanings(schema: Any, path: str = "") -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
    """Yield each path of a schema with the properties that give its values their meaning. A path has [] for an array's items, {} for a map's values."""
    if isinstance(schema, list):
        for branch in schema:
            yield from _meanings(branch, path) if branch != "null" else ()
        return
    if not isinstance(schema, dict):
        yield path, ()
        return
    match schema.get("type"):
        case "record":
            for field in schema["fields"]:
                yield from _meanings(_with_unit(field), f"{path}.{field['name']}" if path else field["name"])
        case "array":
            yield from _meanings(schema["items"], f"{path}[]")
        case "map":
            yield from _meanings(schema["values"], f"{path}{{}}")
        case dict() | list() as inner:
            yield from _meanings(inner, path)
        case _:
            yield path, tuple((name, schema[name]) for name in _MEANING if name in schema)


def _with_unit(field: dict[str, Any]) -> Any:
    """Return the field's type. The field's unit, where it has one, becomes a property of the type."""
    kind = field["type"]
    if "unit" not in field:
        return kind
    return {**(kind if isinstance(kind, dict) else {"type": kind}), "unit": field["unit"]}


def _words(meaning: tuple[tuple[str, Any], ...]) -> str:
    return ", ".join(str(value) if name == "logicalType" else f"{name} {value}" for name, value in meaning) or "a value without a unit"
