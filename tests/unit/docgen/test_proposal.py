"""The slides of the proposal, in every form: right, short, readable, and made from what is written now."""

import re
from pathlib import Path

import pytest
from pptx import Presentation

from docgen import planned
from docgen.planned import MARK
from docgen.slides import powerpoint, proposal, web
from docgen.slides.__main__ import MADE_FROM, NAME, OUT
from docgen.slides.canvas import runs_of
from docgen.slides.deck import Slide
from docgen.slides.shapes import Page
from docgen.slides.words import REFERENCE, count
from tests.support.compose_platform import ROOT
from tillstream.core.contracts import contracts

MADE = proposal.build(ROOT)
SLIDES = list(zip(MADE.slides, MADE.pages, strict=True))
#: What fifteen minutes hold, at a calm pace of two and a third words a second.
MINUTES, WORDS_A_MINUTE = 15, 140


def told(page: Page) -> list[str]:
    """Return each text of a page that is read from the last row."""
    return [run.text for shape in page.shapes for run in runs_of(shape) if not run.mark]


def test_nothing_is_wrong_with_the_slides() -> None:
    assert MADE.problems == ()


def test_the_proposal_takes_fifteen_minutes() -> None:
    spoken = sum(count(note) for page in MADE.pages for note in page.notes)
    assert 15 <= len(SLIDES) <= 20
    assert 0.75 * MINUTES * WORDS_A_MINUTE <= spoken <= MINUTES * WORDS_A_MINUTE


@pytest.mark.parametrize(("slide", "page"), SLIDES, ids=lambda value: getattr(value, "title", ""))
def test_every_figure_of_a_slide_is_told_with_its_date_and_command_in_its_notes(slide: Slide, page: Page) -> None:
    named = {name.split(",")[0].strip() for text in (*slide.texts(), *slide.notes) for name in REFERENCE.findall(text)}
    assert {source.split(":")[0] for source in page.sources} == named
    assert all(re.search(r"\d{4}-\d{2}-\d{2}", source) for source in page.sources)


def test_no_figure_is_still_to_come() -> None:
    assert [name for name, figure in MADE.used.items() if figure.missing] == []


def test_the_power_point_file_has_every_slide_its_notes_and_nothing_outside(tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    powerpoint.save(path, MADE.title, MADE.pages)
    deck = Presentation(str(path))
    assert len(deck.slides) == len(SLIDES)
    for slide, page in zip(deck.slides, MADE.pages, strict=True):
        assert slide.shapes.title.text_frame.text == page.title
        assert slide.notes_slide.notes_text_frame.text.startswith("\n".join(page.notes))
        text = "".join(node.text or "" for node in slide.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}t"))
        assert [one for one in told(page) if one not in text] == []
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width + 1
            assert shape.top + shape.height <= deck.slide_height + 1
        pictures = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert all(shape.element.nvPicPr.cNvPr.get("descr") for shape in pictures)


def test_a_picture_is_the_only_thing_that_cannot_be_edited() -> None:
    pictures = {slide.title for slide in MADE.slides if slide.setting("picture")}
    assert {page.title for page in MADE.pages if any(type(shape).__name__ == "Picture" for shape in page.shapes)} == pictures


def test_the_page_is_one_file_with_every_slide_and_its_keys() -> None:
    page = web.page(MADE.title, MADE.pages)
    assert page.count('<section class="slide"') == len(SLIDES)
    assert not re.search(r"""(src|href)=["'](?!data:)|url\(|@import|https?://""", page)
    assert {"ArrowRight", "ArrowLeft", "Home", "End", "@page", "@media print"} <= set(
        re.findall(r"ArrowRight|ArrowLeft|Home|End|@page|@media print", page)
    )


def test_the_files_of_the_slides_were_made_from_what_is_written_now() -> None:
    """If this fails, the slides, their figures or their pictures have changed: run `make slides`, look at it, and commit docs/proposal/out/."""
    assert (ROOT / OUT / MADE_FROM).read_text(encoding="utf-8").strip() == web.digest(MADE.title, MADE.pages)
    for kind in ("pdf", "pptx"):
        assert (ROOT / OUT / f"{NAME}.{kind}").stat().st_size < 3_000_000


def test_the_committed_power_point_file_says_what_the_slides_say() -> None:
    deck = Presentation(str(ROOT / OUT / f"{NAME}.pptx"))
    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == [page.title for page in MADE.pages]


def test_the_field_that_governance_shows_is_as_its_contract_says() -> None:
    (slide,) = [slide for slide in MADE.slides if slide.setting("kind") == "record"]
    shown = dict(re.fullmatch(r"\*\*(.+?)\*\* (.+)", text).groups() for text in slide.items[0].items)  # type: ignore[union-attr]
    (field,) = [one for one in contracts()["pos.transactions.v1"].fields if one["name"] == slide.items[0].text.strip("*")]
    assert (shown["Owner"], shown["Privacy"]) == (field["owner"], field["privacy"])
    assert (shown["Kept"], field["retention"]) == ("three years", "P3Y")


def test_a_mark_is_shown_only_while_its_thing_is_planned() -> None:
    still = planned.load(ROOT)
    for slide, page in SLIDES:
        asked = any(name in still for text in slide.texts() for name in MARK.findall(text))
        assert any(run.mark for shape in page.shapes for run in runs_of(shape)) == asked, page.title
