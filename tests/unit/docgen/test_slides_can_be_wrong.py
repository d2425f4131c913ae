"""Each rule of a slide refuses a slide that breaks it."""

import pytest

from docgen.slides.deck import DeckError
from docgen.slides.figures import FigureError
from tests.unit.docgen.samples import drawn, problems

GOOD = "## A short title\n\nkind: cards\nsection: Test\n\n- **One** thing\n- **Two** things"


def test_a_good_slide_has_no_problem() -> None:
    assert problems(GOOD) == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD + " word" * 40, "words, and 40 are the most"),
        (GOOD + " in 12 s", "12 is typed"),
        (GOOD + " with a moat", "speaks of what is planned without [planned: moat]"),
        (GOOD + " with a moat [planned: roof]", "without [planned: moat]"),
        (GOOD + " " + "unbreakable" * 9, "text does not fit its box"),
        (GOOD.replace("A short title", "A title that goes on and on " * 5), "the title takes more than two lines"),
        ("## A table\n\nkind: table\ncolumns: 1 9\n\n| Incomprehensibilities | b |\n|---|---|\n| c | d |", "text does not fit its cell"),
        ("## Steps\n\nkind: steps\n\n" + "- **A** b\n" * 12, "text does not fit its box"),
        ("## A\n\nkind: picture\npicture: docs/images/sales-live.png\nshows: sales\n\n" + "- **A** b\n" * 5, "reaches into the foot"),
    ],
)
def test_a_slide_that_breaks_a_rule_is_refused(text: str, problem: str) -> None:
    assert problem in problems(text)


def test_a_slide_without_notes_is_refused() -> None:
    assert "no notes" in problems(GOOD, notes="")


def test_notes_hold_no_typed_figure_and_mark_what_is_planned() -> None:
    assert "20,000 is typed" in problems(GOOD, "> It reads 20,000 lines.\n")
    assert "without [planned: roof]" in problems(GOOD, "> There are tiles.\n")
    assert problems(GOOD, "> There are tiles [planned: roof], S3, and {{a.rate, unit}}.\n") == ""


def test_a_figure_without_a_source_is_refused() -> None:
    with pytest.raises(FigureError, match=r"no\.such\.figure is not in"):
        drawn(GOOD + " {{no.such.figure, max}}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("## A\n\nkind: picture\npicture: docs/images/none.png\nshows: nothing", r"needs the picture docs/images/none\.png"),
        ("## A\n\nkind: picture\npicture: docs/images/sales-live.png", "does not say what its picture shows"),
        ("## A\n\nkind: picture\npicture: README.md\nshows: a page", "is no PNG"),
        ("## A\n\nkind: poster", "has the kind 'poster'"),
        ("No title", "a slide begins with"),
        ("## A\n\nkind: rows\n\n- a\n    - too deep", "has a line that is no sentence"),
    ],
)
def test_a_slide_that_cannot_be_made_says_why(text: str, reason: str) -> None:
    with pytest.raises(DeckError, match=reason):
        drawn(text)


def test_a_deck_begins_with_its_title() -> None:
    from docgen.slides import deck

    with pytest.raises(DeckError, match="the deck has no title"):
        deck.read("---\n\n## A slide\n")
