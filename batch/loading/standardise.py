"""Convert columns to their standards and to the contract's types. Changed values are counted by rule."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batch.loading.standards import NotStandardError
from batch.loading.values import Converted, Field, convert, field_of
from tillstream.core.contracts import DumpContract

#: An identifier of these characters needs no conversion, unless a spreadsheet wrote it or it may be a word for "no value". Nearly all
#: identifiers match, and each is different, so they are not converted one by one.
_PLAIN, _NOT_PLAIN = "^[A-Za-z0-9_:/-]{1,%d}$", "^(-?[0-9]+[eE]-[0-9]+|[A-Za-z/]{1,9})$"


@dataclass
class Standardised:
    """The rows of a file in the contract's types.

    Attributes:
        rows: the rows; a value that failed is null.
        errors: for each field, the reason by line number.
        changed: number of changed values by "field: rule".
    """

    rows: pd.DataFrame
    errors: dict[str, dict[int, str]]
    changed: dict[str, int]


def standardise(rows: pd.DataFrame, contract: DumpContract, line: str) -> Standardised:
    """Convert every field to its standard and type. A value that fails becomes null and is listed in `errors`."""
    result = Standardised(pd.DataFrame({line: rows[line]}), {}, {})
    for spec in contract.fields:
        field = field_of(spec, contract.key)
        result.rows[field.name] = _column(rows[field.name], field, result, rows[line])
    return result


def _column(column: pd.Series, field: Field, result: Standardised, lines: pd.Series) -> pd.Series:
    """Convert each distinct value of a column once.

    A column of a million values has few distinct values, or is an identifier that needs no conversion.
    """
    if field.identifies and _all_plain(column, field.max_length):
        return column
    codes, texts = pd.factorize(column)
    conversions: list[Converted] = []
    reasons: dict[int, str] = {}
    for code, text in enumerate(texts):
        try:
            conversions.append(convert(text, field))
        except NotStandardError as error:
            conversions.append(Converted(None))
            reasons[code] = str(error)
    counts = np.bincount(codes[codes >= 0], minlength=len(conversions))
    for conversion, count in zip(conversions, counts, strict=True):
        for rule in conversion.rules:
            result.changed[f"{field.name}: {rule}"] = result.changed.get(f"{field.name}: {rule}", 0) + int(count)
    if reasons:
        bad = np.isin(codes, list(reasons))
        result.errors[field.name] = {int(line): reasons[code] for line, code in zip(lines[bad], codes[bad], strict=True)}
    return pd.Series(_typed([conversion.value for conversion in conversions], field).take(codes), index=column.index)


def _all_plain(column: pd.Series, max_length: int) -> bool:
    values = pc.drop_null(pa.array(column, type=pa.string(), from_pandas=True))
    plain = pc.and_not(pc.match_substring_regex(values, _PLAIN % max_length), pc.match_substring_regex(values, _NOT_PLAIN))
    return bool(pc.all(plain, min_count=0).as_py())


def _typed(values: list[Any], field: Field) -> Any:
    """Return the distinct values as a pandas array of the contract's type, with null as the last element: null has the code -1."""
    match field.type.pandas:
        case "object":
            array = np.empty(len(values) + 1, dtype=object)
            array[:-1] = values
            return array
        case "datetime64[ns, UTC]":
            return pd.to_datetime(pd.Series([*values, None], dtype=object), utc=True).array
        case dtype:
            return pd.array([*values, None], dtype=dtype)
