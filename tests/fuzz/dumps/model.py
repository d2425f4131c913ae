"""A model of Great Expectations, a hundred times faster: it checks the expectations that the suites use."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from batch.loading.records import LINE
from batch.loading.suites import NAME, Rule
from tillstream.core.contracts import DumpContract


def results(_: DumpContract, suite_rules: list[Rule], frame: pd.DataFrame, __: Path) -> list[Any]:
    """Return a result for each rule, in no fixed order, as Great Expectations does."""
    return [_result(rule, frame) for rule in reversed(suite_rules)]


def _result(rule: Rule, frame: pd.DataFrame) -> Any:
    expectation = rule.expectation
    kind = type(expectation).__name__
    if kind == "ExpectTableRowCountToBeBetween":
        return _told(rule, len(frame) >= expectation.min_value, {})
    if kind == "ExpectColumnPairValuesAToBeGreaterThanB":
        pairs = zip(frame[expectation.column_A], frame[expectation.column_B], strict=True)
        bad = [line for line, (a, b) in zip(frame.index, pairs, strict=True) if pd.notna(a) and pd.notna(b) and not a >= b]
    else:
        column = frame[expectation.column]
        bad = [line for line, value in zip(frame.index, column, strict=True) if not _holds(kind, expectation, value)]
    return _told(rule, not bad, {"element_count": len(frame), "unexpected_index_list": [{LINE: bad}]})


def _told(rule: Rule, success: bool, result: dict[str, Any]) -> Any:
    return SimpleNamespace(expectation_config=SimpleNamespace(meta={NAME: rule.name}), success=success, result=result, exception_info={})


def _holds(kind: str, expectation: Any, value: Any) -> bool:
    if kind == "ExpectColumnValuesToNotBeNull":
        return bool(pd.notna(value))
    if pd.isna(value):
        return True
    match kind:
        case "ExpectColumnValuesToBeInSet":
            return value in expectation.value_set
        case "ExpectColumnValuesToBeBetween":
            low, high = expectation.min_value, expectation.max_value
            return (low is None or value >= low) and (high is None or value <= high)
        case "ExpectColumnValuesToMatchRegex":
            return re.search(expectation.regex, value) is not None
        case "ExpectColumnValueLengthsToBeBetween":
            return len(value) >= expectation.min_value
    raise NotImplementedError(kind)
