"""Converts columns to their standards and to the contract's types. Changed values are counted by rule."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batch.loading.standards import NotStandardError
from batch.loading.values import Field, Settled, field_of, settle
from tillstream.core.contracts import DumpContract

#: An identifier of these characters needs no conversion, unless a spreadsheet wrote it or it may be a word for "no value". Nearly all
#: identifiers match, and each is different, so they are not converted one by one.
_PLAIN, _OTHERWISE = "^[A-Za-z0-9_:/-]{1,%d}$", "^(-?[0-9]+[eE]-[0-9]+|[A-Za-z/]{1,9})$"


@dataclass
class Standardised:
    """Rows in the contract's types.

    Attributes:
        rows: the rows; a value that failed is null.
        wrong: for each field, the reason by line number.
        changed: number of changed values by "field: rule".
    """

    rows: pd.DataFrame
    wrong: dict[str, dict[int, str]] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


def standardise(rows: pd.DataFrame, contract: DumpContract, line: str) -> Standardised:
    """Convert every field to its standard and type. A value that fails becomes null and is listed in `wrong`."""
    done = Standardised(pd.DataFrame({line: rows[line]}))
    for spec in contract.fields:
        what = field_of(spec, contract.key)
        done.rows[what.name] = _column(rows[what.name], what, done, rows[line])
    return done


def _column(column: pd.Series, what: Field, done: Standardised, lines: pd.Series) -> pd.Series:
    """Convert each distinct value of a column once.

    A column of a million values has few distinct values, or is an identifier that needs no conversion.
    """
    if what.identifies and _all_plain(column, what.most):
        return column
    codes, texts = pd.factorize(column)
    settled: list[Settled] = []
    reasons: dict[int, str] = {}
    for code, written in enumerate(texts):
        try:
            settled.append(settle(written, what))
        except NotStandardError as error:
            settled.append(Settled(None))
            reasons[code] = str(error)
    times = np.bincount(codes[codes >= 0], minlength=len(settled))
    for value, count in zip(settled, times, strict=True):
        for rule in value.rules:
            done.changed[f"{what.name}: {rule}"] = done.changed.get(f"{what.name}: {rule}", 0) + int(count)
    if reasons:
        bad = np.isin(codes, list(reasons))
        done.wrong[what.name] = {int(n): reasons[code] for n, code in zip(lines[bad], codes[bad], strict=True)}
    return pd.Series(_typed([value.value for value in settled], what).take(codes), index=column.index)


def _all_plain(column: pd.Series, most: int) -> bool:
    values = pc.drop_null(pa.array(column, type=pa.string(), from_pandas=True))
    plain = pc.and_not(pc.match_substring_regex(values, _PLAIN % most), pc.match_substring_regex(values, _OTHERWISE))
    return bool(pc.all(plain, min_count=0).as_py())


def _typed(values: list[Any], what: Field) -> Any:
    """Return the distinct values as a pandas array of the contract's type, with null as the last element: null has the code -1."""
    match what.type.pandas:
        case "object":
            found = np.empty(len(values) + 1, dtype=object)
            found[:-1] = values
            return found
        case "datetime64[ns, UTC]":
            return pd.to_datetime(pd.Series([*values, None], dtype=object), utc=True).array
        case dtype:
            return pd.array([*values, None], dtype=dtype)
