"""The type of a contract's field, as each engine names it.

This module has only names: it imports neither pandas nor pyarrow.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tillstream.core.errors import ContractError


class ArrowType(NamedTuple):
    """The function of pyarrow that makes a type, and its arguments."""

    function: str
    arguments: tuple[int | str, ...] = ()


class _Names(NamedTuple):
    """A type's names. None: the engine does not support the type."""

    flink: str | None
    trino: str | None
    arrow: ArrowType | None
    pandas: str = "object"


#: By kind. Flink's types are those that the tolerant format supports. pandas has no type for dates and decimals that Great Expectations can compare.
_NAMES = {
    "string": _Names("STRING", "varchar", ArrowType("string"), "string[pyarrow]"),
    "bytes": _Names("BYTES", "varbinary", ArrowType("binary")),
    "boolean": _Names("BOOLEAN", "boolean", ArrowType("bool_"), "boolean"),
    "int": _Names("INT", "integer", ArrowType("int32"), "Int64"),
    "long": _Names("BIGINT", "bigint", ArrowType("int64"), "Int64"),
    "double": _Names("DOUBLE", "double", ArrowType("float64")),
    "date": _Names(None, "date", ArrowType("date32")),
    "timestamp": _Names("TIMESTAMP_LTZ(6)", "timestamp(6) with time zone", ArrowType("timestamp", ("us", "UTC")), "datetime64[ns, UTC]"),
}
_LOGICAL = {"date": "date", "timestamp-micros": "timestamp", "decimal": "decimal"}


@dataclass(frozen=True)
class FieldType:
    """A field's type.

    Attributes:
        kind: string, bytes, boolean, int, long, double, date, timestamp (microseconds, UTC), decimal, array or record.
        nullable: whether the field may have no value.
        precision: of a decimal.
        scale: of a decimal.
        items: of an array.
        fields: of a record, by name.
    """

    kind: str
    nullable: bool = False
    precision: int = 0
    scale: int = 0
    items: "FieldType | None" = None
    fields: tuple[tuple[str, "FieldType"], ...] = ()

    @property
    def flink(self) -> str:
        """The type in Flink SQL.

        Raises:
            ContractError: Flink's format has no way for it.
        """
        if self.items:
            return f"ARRAY<{self.items.flink}>"
        if self.kind == "record":
            return "ROW<" + ", ".join(f"`{name}` {of.flink}" for name, of in self.fields) + ">"
        return str(self._named("flink"))

    @property
    def trino(self) -> str:
        """The type in Trino's SQL, of a column of an Iceberg table.

        Raises:
            ContractError: no table has such a column.
        """
        return f"array({self.items.trino})" if self.items else str(self._named("trino"))

    @property
    def arrow(self) -> ArrowType:
        """The type in Arrow.

        Raises:
            ContractError: no dump has such a field.
        """
        found: ArrowType = self._named("arrow")
        return found

    @property
    def pandas(self) -> str:
        """The dtype in pandas."""
        return _NAMES[self.kind].pandas if self.kind in _NAMES else "object"

    def _named(self, engine: str) -> Any:
        names = self._decimal() if self.kind == "decimal" else _NAMES.get(self.kind)
        found = getattr(names, engine, None)
        if found is None:
            raise ContractError(f"a field of the kind {self.kind} has no type in {engine}")
        return found

    def _decimal(self) -> _Names:
        digits = f"{self.precision}, {self.scale}"
        return _Names(f"DECIMAL({digits})", f"decimal({digits})", ArrowType("decimal128", (self.precision, self.scale)))


def field_type(avro: Any) -> FieldType:
    """Return the type of a field from what its contract has as its `type`.

    Raises:
        ContractError: no contract may have such a type.
    """
    if isinstance(avro, list):
        branches = [branch for branch in avro if branch != "null"]
        if len(branches) != 1:
            raise ContractError(f"a field is of one type, or may be null: {avro}")
        return replace(field_type(branches[0]), nullable="null" in avro)
    if isinstance(avro, str) and avro in _NAMES and avro not in _LOGICAL.values():
        return FieldType(avro)
    match avro:
        case {"logicalType": "decimal", "precision": precision, "scale": scale}:
            return FieldType("decimal", precision=precision, scale=scale)
        case {"logicalType": "date" | "timestamp-micros" as logical}:
            return FieldType(_LOGICAL[logical])
        case {"type": "array", "items": items}:
            return FieldType("array", items=field_type(items))
        case {"type": "record", "fields": fields}:
            return FieldType("record", fields=tuple((field["name"], field_type(field["type"])) for field in fields))
    raise ContractError(f"unsupported field type: {avro}")
