"""Figures are read by name, shown in a few ways, and each has a source."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from docgen.results import RESULTS
from docgen.slides import figures
from docgen.slides.figures import FigureError
from tests.support.compose_platform import ROOT

RATE = figures.Figure("a.rate", (131000, 119200, 139500), "lines/s", date(2026, 11, 28), "2 cores", "make bench")
ENTRIES = json.loads((ROOT / RESULTS).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("a.rate", "119,200 to 139,500"),
        ("a.rate, median, unit", "131,000 lines/s"),
        ("a.rate, max, round 2", "140,000"),
        ("a.wait, unit", "991 s"),
        ("a.wait, minutes, round 2, unit", "17 min"),
        ("a.share, unit", "99 %"),
        ("a.share, round 1", "100"),
        ("a.small, round 2", "0.34"),
    ],
)
def test_a_figure_is_shown_as_its_reference_asks(reference: str, shown: str) -> None:
    listed = {
        "a.rate": RATE,
        "a.wait": replace(RATE, name="a.wait", values=(991,), unit="s"),
        "a.share": replace(RATE, name="a.share", values=(99.0,), unit="%"),
        "a.small": replace(RATE, name="a.small", values=(0.342,), unit="s"),
    }
    assert figures.find(listed, reference)[1] == shown


@pytest.mark.parametrize(
    ("reference", "reason"),
    [("a.rait", "a.rait is not in"), ("a.rate, mean", "no filter 'mean'"), ("a.rate, minutes", "no filter 'minutes'")],
)
def test_a_figure_without_a_source_or_with_an_unknown_filter_is_an_error_that_names_it(reference: str, reason: str) -> None:
    with pytest.raises(FigureError, match=reason):
        figures.find({"a.rate": RATE}, reference)


def test_a_figure_is_old_after_sixty_days_and_not_before() -> None:
    assert figures.old([RATE], date(2027, 1, 27)) == []
    assert figures.old([RATE], date(2027, 1, 28)) == ["a.rate is from 2026-11-28: repeat make bench"]


def _written(folder: Path, *entries: dict[str, object]) -> Path:
    (folder / "bench").mkdir()
    (folder / RESULTS).write_text(json.dumps(entries), encoding="utf-8")
    return folder


def test_a_figure_without_a_value_says_why_it_is_missing(tmp_path: Path) -> None:
    entry = {"name": "a", "value": None, "unit": "USD", "date": "2026-11-28"}
    with pytest.raises(FigureError, match="a needs a value"):
        figures.load(_written(tmp_path, entry))
    (tmp_path / RESULTS).write_text(json.dumps([entry | {"missing": "not measured yet"}]), encoding="utf-8")
    assert figures.load(tmp_path)["a"].shown(["unit"]) == "pending"


def test_no_two_figures_have_one_name(tmp_path: Path) -> None:
    entry = {"name": "a", "value": 1, "unit": "s", "date": "2026-11-28"}
    with pytest.raises(FigureError, match="the figure a twice"):
        figures.load(_written(tmp_path, entry, entry))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_a_measured_figure_has_a_date_a_command_and_a_machine(entry: dict[str, str]) -> None:
    assert entry["name"] in figures.load(ROOT)
    assert entry.get("missing") or (entry["command"] and entry["machine"] and entry["unit"])


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.get("from")], ids=lambda entry: entry["name"])
def test_a_figure_that_was_copied_from_a_page_is_on_that_page(entry: dict[str, str]) -> None:
    lines = (ROOT / entry["from"]).read_text(encoding="utf-8").splitlines()
    # The table of figures has a line for each, with its date.
    page = "\n".join(line for line in lines if entry["date"] in line or entry["from"] != "bench/README.md")
    values = entry["value"] if isinstance(entry["value"], list) else [] if entry["value"] is None else [entry["value"]]
    as_told = re.search(r"\(([^()]*\d min \d+ s)\)", entry["note"])
    assert [
        value
        for value in values
        if not re.search(rf"(?<![\d.,]){re.escape(f'{value:,}')}(?!\.?\d)", page) and not (as_told and as_told[1] in page)
    ] == []
