"""The committed pictures are what the topology says, and they are legible."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from docgen.diagrams import facts, pictures, png
from docgen.diagrams.font import width
from docgen.diagrams.paths import PATHS
from docgen.diagrams.words import AREAS, of_area
from docgen.diagrams.words import JOBS as JOB_WORDS
from tests.support.compose_platform import ROOT
from tillstream.core import topology
from tillstream.core.contracts import Contract, contracts, dump_contracts
from tillstream.core.errors import TerminalError
from tillstream.core.topology import HOT_TOPICS, JOBS, Flow, Job

FOLDER = ROOT / "docs" / "diagrams"
SVGS = pictures.svgs()
WIDE = [name for name in SVGS if "-wide-" in name]
WHOLE = [name for name in SVGS if name.startswith("whole-") and "light" in name]
#: The least size of a text, and the width at which it is shown.
LEAST = {"whole-wide": (14, 1600), "whole-tall": (11, 390), "wide": (13, 1440), "tall": (11, 390)}
AGAIN = "the diagrams are older than the topology, the contracts or docgen: run make diagram"
SVG = "{http://www.w3.org/2000/svg}"


def texts(name: str) -> str:
    """Return all texts of a picture, in lines that are joined."""
    return " ".join(" ".join(text.itertext()) for text in ElementTree.fromstring(SVGS[name]).iter(f"{SVG}text"))  # noqa: S314 our own files


def test_the_folder_has_the_pictures_that_are_drawn_and_no_others() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*SVGS, *(name.replace(".svg", ".png") for name in WIDE)}, AGAIN


@pytest.mark.parametrize("name", SVGS)
def test_a_picture_is_what_the_topology_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == SVGS[name], AGAIN


@pytest.mark.parametrize("name", WIDE)
def test_a_png_was_made_from_its_svg_as_it_is_now(name: str) -> None:
    path = (FOLDER / name).with_suffix(".png")
    assert png.source(path) == png.digest((FOLDER / name).read_text(encoding="utf-8")), AGAIN
    assert int.from_bytes(path.read_bytes()[16:20], "big") >= 1920


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_has_every_job_area_source_dump_and_count(name: str) -> None:
    told = texts(name)
    assert [job for job in JOBS if JOB_WORDS[job].text not in told] == []
    assert f"{len(JOBS)} jobs" in told
    assert f"{len(HOT_TOPICS)} hot topics" in told
    assert f"{len(dump_contracts())} daily dumps" in told
    for topic in (*(topic for sent in facts.source_topics().values() for topic in sent), *dump_contracts()):
        assert facts.what(topic) in told, topic
    for area, figures in facts.hot_areas().items():
        assert f"{of_area(AREAS, area).title} {figures}" in told
    assert sum(facts.hot_areas().values()) == len(HOT_TOPICS)


def test_every_topic_and_every_table_of_a_job_is_in_the_picture_of_a_path() -> None:
    told = " ".join(texts(f"{name}-wide-light.svg") for name in PATHS)
    names = {name for job in JOBS.values() for name in (*job.topics, *job.tables)}
    names |= {contract.table for contract in dump_contracts().values()} | {*dump_contracts(), *topology.QUALITY_TABLES, *topology.DERIVED}
    assert sorted(name for name in names if not re.search(rf"(^| ){re.escape(name)}( |$)", told)) == []
    assert sorted(area for area in JOBS["hot_store"].redis_areas if f"{area}:…" not in told and not area.startswith("quality:")) == []


def test_a_new_topic_changes_the_picture_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    tills = contracts()[topology.TILLS]
    monkeypatch.setitem(contracts(), "pos.refunds.v1", Contract("pos.refunds.v1", tills.document))
    told = " ".join(ElementTree.fromstring(pictures.svgs()["whole-wide-light.svg"]).itertext())  # noqa: S314
    assert "refunds" in told
    assert f"{len(facts.event_topics())} topics" in told


def test_a_new_job_is_drawn_once_it_has_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job("pricing", (Flow((topology.CLICKS,), writes=("hot.top_products.v1",)),))
    monkeypatch.setitem(JOBS, "pricing", job)
    with pytest.raises(TerminalError, match=r"what the job 'pricing' does: add it to JOBS in docgen/diagrams/words\.py"):
        pictures.svgs()
    monkeypatch.setitem(JOB_WORDS, "pricing", JOB_WORDS["sales"])
    made = pictures.svgs()
    assert f"{len(JOBS)} jobs" in made["whole-wide-light.svg"]
    assert all(check(made[name]) == [] for name in WHOLE)


def check(svg: str) -> list[str]:
    """Return what is wrong in a picture: texts that leave the smallest rectangle around their beginning, and rectangles that overlap."""
    root = ElementTree.fromstring(svg)  # noqa: S314
    page, *rects = [tuple(float(rect.get(key, 0)) for key in ("x", "y", "width", "height")) for rect in root.iter(f"{SVG}rect")]
    wrong = []
    for text in root.iter(f"{SVG}text"):
        x, y, size = (float(text.get(key, 0)) for key in ("x", "y", "font-size"))
        mono, bold = "font-family" in text.attrib, "font-weight" in text.attrib
        long = width(text.text or "", size, bold=bold, mono=mono)
        for more in text:
            long += float(more.get("dx", 0)) + width(more.text or "", float(more.get("font-size", 0)))
        left = x - (long if text.get("text-anchor") == "end" else 0)
        around = [rect for rect in (page, *rects) if rect[0] <= x <= rect[0] + rect[2] and rect[1] <= y <= rect[1] + rect[3]]
        left_end, top, wide, high = min(around, key=lambda rect: rect[2] * rect[3])
        if left < left_end or left + long > left_end + wide or y - size * 0.72 < top or y + size * 0.2 > top + high:
            wrong.append(f"out of its place: {text.text}")
    for one, other in combinations(rects, 2):
        apart = one[0] + one[2] <= other[0] or other[0] + other[2] <= one[0] or one[1] + one[3] <= other[1] or other[1] + other[3] <= one[1]
        if not (apart or _inside(one, other) or _inside(other, one)):
            wrong.append(f"overlap: {one} {other}")
    return wrong


def _inside(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return other[0] <= one[0] and one[0] + one[2] <= other[0] + other[2] and other[1] <= one[1] and one[1] + one[3] <= other[1] + other[3]


@pytest.mark.parametrize("name", SVGS)
def test_no_text_leaves_its_card_and_no_card_lies_on_another(name: str) -> None:
    assert check(SVGS[name]) == []


@pytest.mark.parametrize("name", SVGS)
def test_texts_are_large_enough_to_be_read(name: str) -> None:
    least, shown = next(value for start, value in LEAST.items() if name.startswith(start) or f"-{start}-" in name)
    root = ElementTree.fromstring(SVGS[name])  # noqa: S314
    scale = shown / float(root.get("viewBox", "").split()[2])
    sizes = [float(size) * scale for size in re.findall(r'font-size="([\d.]+)"', SVGS[name])]
    assert min(sizes) >= least


def test_the_whole_is_as_wide_and_high_as_a_projector() -> None:
    root = ElementTree.fromstring(SVGS["whole-wide-light.svg"])  # noqa: S314
    _, _, wide, high = map(float, root.get("viewBox", "").split())
    assert wide / high == pytest.approx(16 / 9, rel=0.01)


def test_light_and_dark_differ_by_their_colours_alone() -> None:
    for name, svg in SVGS.items():
        if name.endswith("-light.svg"):
            dark = SVGS[name.replace("-light", "-dark")]
            assert re.sub(r"#[0-9a-f]{6}", "", svg) == re.sub(r"#[0-9a-f]{6}", "", dark)


def test_drawing_again_changes_nothing() -> None:
    assert pictures.svgs() == SVGS
