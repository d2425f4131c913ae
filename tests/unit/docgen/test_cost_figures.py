"""Figures of costs replace earlier ones, and leave others alone."""

import json
from datetime import date
from pathlib import Path

import pytest

from docgen.costs import figures
from docgen.costs.figures import Figure
from docgen.costs.formulas import between, evaluate
from docgen.costs.tables import dollars, number, points, table
from docgen.results import RESULTS

OLD = {"name": "rest.cores", "value": [0.4, 0.5], "unit": "cores", "date": "2026-11-01", "from": "bench/README.md"}


def test_a_recorded_figure_replaces_its_own_kind_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "bench").mkdir()
    path = tmp_path / RESULTS
    path.write_text(json.dumps([OLD, {"name": "cost.gone", "value": 1}]), encoding="utf-8")
    figures.record(tmp_path, Figure("cost.month", 12.0, "USD", date(2026, 11, 28), "computed", "make costs"), replace="cost.")
    assert [one["name"] for one in json.loads(path.read_text(encoding="utf-8"))] == ["cost.month", "rest.cores"]
    assert figures.load(tmp_path)["rest.cores"] == OLD
    assert figures.values(OLD) == [0.4, 0.5]
    assert figures.values({"value": None}) == []


@pytest.mark.parametrize(("amount", "low", "high", "part"), [(30, 0, 50, 30), (80, 0, 50, 50), (80, 50, 500, 30), (10, 50, 500, 0)])
def test_between_is_the_part_of_an_amount_in_a_tier(amount: float, low: float, high: float, part: float) -> None:
    assert between(amount, low, high) == part
    assert evaluate("between(amount, low, high)", {"amount": amount, "low": low, "high": high}, "a test") == part


def test_numbers_are_short_and_tables_keep_their_columns() -> None:
    assert [number(value) for value in (0, 0.000025, 3.14159, 171.4, 155863, -30.4)] == ["0", "0.000025", "3.14", "171", "156,000", "-30.4"]
    assert [dollars(usd) for usd in (0, 0.341, 12.6, 155863.2)] == ["0", "0.34", "13", "155,863"]
    assert table(["a", "b"], [["x|y", "z"]]).splitlines() == ["| a | b |", "| --- | --- |", "| x/y | z |"]
    assert points(["One. Two below 0.5 s."]) == "- One.\n  Two below 0.5 s."
