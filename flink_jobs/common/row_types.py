"""The type of the row that a Python function returns."""

from collections.abc import Iterable

from pyflink.table import DataTypes
from pyflink.table.types import DataType

from tillstream.core.analysis_fields import AnalysisField
from tillstream.core.avro_types import FieldType


def row_type(fields: Iterable[AnalysisField]) -> DataType:
    """Return the type of a row of these fields."""
    return DataTypes.ROW([DataTypes.FIELD(field.name, _data_type(field.type)) for field in fields])


def _data_type(of: FieldType) -> DataType:
    # PyFlink's functions have the names of SQL's plain types. The analyses have no other types.
    return DataTypes.ARRAY(_data_type(of.items)) if of.items else getattr(DataTypes, of.flink)()
