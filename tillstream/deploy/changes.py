"""What a changed contract says of the same bytes: the registry compares their form alone, so a scale of 4 in place of 2 is compatible to it."""

import json
from collections.abc import Iterator
from typing import Any

from tillstream.core.contracts import RELEASED_DIR, Contract

#: What gives a number its meaning. A message says none of it: it is read by what a schema says.
_MEANING = ("logicalType", "precision", "scale", "unit")


def changed_meanings(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What fields that both schemas have mean in one and not in the other, in words; nothing where all mean the same."""
    old, new = dict(_meanings(before)), dict(_meanings(after))
    return [f"{path} was {_words(old[path])} and is {_words(new[path])}" for path in old if path in new and old[path] != new[path]]


def changed_since_release(contract: Contract) -> list[str]:
    """The same against every released version of the contract, each change once."""
    found: dict[str, None] = {}
    for path in sorted((RELEASED_DIR / contract.topic).glob("*.avsc"), key=lambda path: int(path.stem)):
        found |= dict.fromkeys(changed_meanings(json.loads(path.read_text(encoding="utf-8")), contract.document))
    return list(found)


def _meanings(schema: Any, path: str = "") -> Iterator[tuple[str, tuple[tuple[str, Any], ...]]]:
    """Each path in a schema, an array's items as [], with what gives its values their meaning."""
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
    """The field's type; a unit that is said of the field is said of its type."""
    kind = field["type"]
    if "unit" not in field:
        return kind
    return {**(kind if isinstance(kind, dict) else {"type": kind}), "unit": field["unit"]}


def _words(meaning: tuple[tuple[str, Any], ...]) -> str:
    return ", ".join(str(value) if name == "logicalType" else f"{name} {value}" for name, value in meaning) or "a value without a unit"
