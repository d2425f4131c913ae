"""The one page, the hard questions and the list of dashboards: figures with a source, marks, and names that exist."""

import re
from pathlib import Path

import pytest
import yaml

from docgen import planned
from docgen.slides import documents, figures
from docgen.slides.figures import FigureError
from tests.support.compose_platform import ROOT
from tests.unit.docgen.samples import FIGURES as SAMPLES
from tests.unit.docgen.samples import PLANNED

FIGURES, LIST = figures.load(ROOT), planned.load(ROOT)
DOCUMENTS = [ROOT / path for path in documents.DOCUMENTS]
DASHBOARDS = ROOT / "docs" / "dashboards.md"


def read(path: Path) -> str:
    """Return a file's text."""
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_figures_marks_and_the_list_of_what_is_planned_are_as_they_are_now(path: Path) -> None:
    """If this fails, run `make slides`: it writes the document again."""
    assert documents.refreshed(read(path), FIGURES, LIST) == read(path)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_each_number_is_a_link_to_its_figure_and_what_is_planned_has_its_mark(path: Path) -> None:
    assert list(documents.problems(read(path), LIST)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_the_file_that_a_figure_or_a_mark_links_to_exists(path: Path) -> None:
    links = re.findall(r'\]\((\S+) "', read(path))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_rules_of_a_document_can_be_broken() -> None:
    assert list(documents.problems("It reads 20,000 lines.", LIST)) == ["1: 20,000 is no link to its figure"]
    assert list(documents.problems("It has a moat.", PLANNED)) == ["1: speaks of what is planned (moat) without a mark"]
    stale = '[1 line/s](../bench/results.json "a.rate, unit")'
    assert documents.refreshed(stale, SAMPLES, PLANNED) == '[20,000 lines/s](../bench/results.json "a.rate, unit")'
    with pytest.raises(FigureError, match=r"no\.such is not in"):
        documents.refreshed('[1](../bench/results.json "no.such")', SAMPLES, PLANNED)


def names_of(folder: str, key: str) -> set[str]:
    """Return how Superset shows each thing of a folder."""
    return {yaml.safe_load(read(path))[key] for path in (ROOT / "superset" / folder).glob("*.yaml")}


def test_each_dashboard_chart_and_mart_that_is_named_exists() -> None:
    text = read(DASHBOARDS)
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    charts = {name for part in parts for name in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", part)}
    marts = set(re.findall(r"`lake\.marts\.(\w+)`", text))
    titles = names_of("dashboards", "dashboard_title")
    assert len(charts) > 15
    assert charts - names_of("charts", "slice_name") == set()
    assert titles - set(re.findall(r"\*\*([^*]+)\*\*", text)) == set(), "each dashboard is for somebody"
    assert marts - {path.stem for path in (ROOT / "batch" / "marts" / "models").rglob("*.sql")} == set()


def test_a_chart_is_named_with_the_dashboard_that_has_it() -> None:
    shown = {}
    for path in (ROOT / "superset" / "dashboards").glob("*.yaml"):
        dashboard = yaml.safe_load(read(path))
        places = [place for place in dashboard["position"].values() if isinstance(place, dict) and place.get("type") == "CHART"]
        shown[dashboard["dashboard_title"]] = {place["meta"]["sliceName"] for place in places}
    lost = []
    for part in re.split(r"^## ", read(DASHBOARDS), flags=re.MULTILINE)[1:]:
        named = {title for title in shown if f"**{title}**" in part}
        charts = {name for title in named for name in shown[title]}
        lost += [chart for chart in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", part) if chart not in charts]
    assert lost == []
