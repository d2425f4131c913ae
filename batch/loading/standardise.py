"""Brings columns to their standards and to the types of the contract. What was changed is counted by rule."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from batch.loading.standards import NotStandardError
from batch.loading.values import Field, Settled, field_of, settle
from tillstream.core.contracts import DumpContract

#: An identifier of these characters is as it should be, unless a spreadsheet has written it or it is a word, perhaps for no value; nearly all are, and
#: each is another one.
_PLAIN, _OTHERWISE = "^[A-Za-z0-9_:/-]{1,%d}$", "^(-?[0-9]+[eE]-[0-9]+|[A-Za-z/]{1,9})$"


@dataclass
class Standardised:
    """The rows with the contract's types; for each field, what is wrong with which line; and how many values each rule changed."""

    rows: pd.DataFrame
    wrong: dict[str, dict[int, str]] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


def standardise(rows: pd.DataFrame, contract: DumpContract, line: str) -> Standardised:
    """Standardises and types every field. A value that fails stays away (null) and is named in `wrong`."""
    done = Standardised(pd.DataFrame({line: rows[line]}))
    for spec in contract.fields:
        what = field_of(spec, contract.key)
        done.rows[what.name] = _column(rows[what.name], what, done, rows[line])
    return done


def _column(column: pd.Series, what: Field, done: Standardised, lines: pd.Series) -> pd.Series:
    """Each different value once: a column of a million values has few, or all. Most identifiers are as they should be already."""
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
    """The different values in pandas' type for the contract's, with nothing as the last: what is null has the place -1."""
    match what.kind:
        case "int" | "long":
            return pd.array([*values, None], dtype="Int64")
        case "boolean":
            return pd.array([*values, None], dtype="boolean")
        case "timestamp":
            return pd.to_datetime(pd.Series([*values, None], dtype=object), utc=True).array
        case "string":
            return pd.array([*values, None], dtype=pd.StringDtype("pyarrow"))
        case _:
            # Days and exact money have no type of pandas' own that Great Expectations compares.
            found = np.empty(len(values) + 1, dtype=object)
            found[:-1] = values
            return found
