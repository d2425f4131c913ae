"""Make writers' schemas: the schema of a contract in which some fields have any other type of Avro, sensible or not."""

import copy
from itertools import count
from random import Random
from typing import Any

_PRIMITIVES = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
#: The physical types of each logical type. One time in ten, a logical type is put on a type that does not fit.
_LOGICAL = {
    "int": ("date", "time-millis"),
    "long": ("timestamp-micros", "timestamp-millis", "timestamp-nanos", "local-timestamp-millis", "local-timestamp-micros", "time-micros", "made-up"),
    "string": ("uuid", "made-up"),
    "bytes": ("decimal", "big-decimal", "uuid"),
    "fixed": ("decimal", "duration", "uuid"),
}  # fmt: skip
_NAMES = count()


def kind(draw: Random, depth: int = 0) -> Any:
    """Return any type of Avro. A named type gets a name of its own."""
    simple = draw.randrange(14 if depth < 3 else 8)
    if simple < 8:
        return draw.choice(_PRIMITIVES) if simple < 5 else logical(draw)
    return draw.choice((_enum, _array, _map, _record, _several))(draw, depth + 1)


def _enum(_: Random, __: int) -> Any:
    return {"type": "enum", "name": f"E{next(_NAMES)}", "symbols": ["A", "B", "SALE"]}


def _array(draw: Random, depth: int) -> Any:
    return {"type": "array", "items": kind(draw, depth)}


def _map(draw: Random, depth: int) -> Any:
    return {"type": "map", "values": kind(draw, depth)}


def _record(draw: Random, depth: int) -> Any:
    """Return a record type, which may be recursive."""
    name = f"R{next(_NAMES)}"
    fields = [{"name": f"f{i}", "type": kind(draw, depth)} for i in range(draw.randrange(3))]
    return {"type": "record", "name": name, "fields": [*fields, {"name": "again", "type": ["null", name]}]}


def _several(draw: Random, _: int) -> Any:
    return union(draw, kind(draw, 3))


def logical(draw: Random) -> dict[str, Any]:
    """Return a logical type with random properties."""
    form = draw.choice(tuple(_LOGICAL))
    name = draw.choice(_LOGICAL[form] if draw.random() < 0.9 else _LOGICAL[draw.choice(tuple(_LOGICAL))])
    found: dict[str, Any] = {"type": form, "logicalType": name}
    if form == "fixed":
        found |= {"name": f"F{next(_NAMES)}", "size": 12 if name == "duration" else draw.randrange(18)}
    if name == "decimal" and draw.random() < 0.9:
        found |= {"precision": draw.choice((1, 9, 12, 14, 18, 38, 10_000)), "scale": draw.choice((0, 1, 2, 2, 3, 4, 9, 20, 70))}
    return found


def union(draw: Random, *some: Any) -> list[Any]:
    """Return a union of these types and others, with each physical type once and no union inside."""
    branches: dict[str, Any] = {}
    for branch in (*some, *draw.sample(_PRIMITIVES, draw.randrange(3))):
        for one in branch if isinstance(branch, list) else [branch]:
            form = one if isinstance(one, str) else one["type"] if one["type"] not in ("record", "enum", "fixed") else one["name"]
            branches.setdefault(form, one)
    found = list(branches.values())
    draw.shuffle(found)
    return found


def changed(draw: Random, document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with one to three changes, each to a field of the record or of its lines."""
    found = copy.deepcopy(document)
    for _ in range(draw.randrange(1, 4)):
        lists = [found["fields"], *(f["type"]["items"]["fields"] for f in found["fields"] if _is_list_of_records(f))]
        _change(draw, draw.choice(lists))
    return found


def _is_list_of_records(field: dict[str, Any]) -> bool:
    kind_of = field["type"]
    return (
        isinstance(kind_of, dict)
        and kind_of["type"] == "array"
        and isinstance(kind_of["items"], dict)
        and kind_of["items"]["type"] == "record"
    )


def _change(draw: Random, fields: list[dict[str, Any]]) -> None:
    if not fields:
        return
    at = draw.randrange(len(fields))
    field = fields[at]
    match draw.randrange(9):
        case 0:
            field["type"] = kind(draw)
        case 1:
            field["type"] = logical(draw)
        case 2:
            field["type"] = union(draw, field["type"])
        case 3 if isinstance(field["type"], dict) and "scale" in field["type"]:
            field["type"] = field["type"] | {"scale": draw.choice((0, 1, 3, 4, 9)), "precision": draw.choice((12, 14, 38))}
        case 4:
            field["type"] = {"int": "long", "long": "int", "string": "bytes", "bytes": "string"}.get(str(field["type"]), field["type"])
        case 5:
            fields.insert(at, {"name": f"more{next(_NAMES)}", "type": kind(draw)})
        case 6:
            del fields[at]
        case 7:
            draw.shuffle(fields)
        case _:
            field.pop("default", None)
