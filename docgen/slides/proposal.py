"""The proposal as it is drawn: the deck with its figures and marks, and what is wrong with it."""

from dataclasses import dataclass
from pathlib import Path

from docgen import planned
from docgen.slides import checks, deck, figures, kinds
from docgen.slides.canvas import Canvas
from docgen.slides.deck import Slide
from docgen.slides.figures import Figure
from docgen.slides.shapes import Page
from docgen.slides.words import Words


@dataclass(frozen=True)
class Proposal:
    """The slides as written and as drawn, in the same order."""

    title: str
    slides: tuple[Slide, ...]
    pages: tuple[Page, ...]
    used: dict[str, Figure]
    problems: tuple[str, ...]


def build(root: Path) -> Proposal:
    """Return the proposal of a repository.

    Raises:
        DeckError: a slide cannot be made, or its picture is missing.
        FigureError: a figure has no source.
    """
    title, slides = deck.read((root / deck.DECK).read_text(encoding="utf-8"))
    return draw(root, title, slides, Words(figures.load(root), planned.load(root)))


def draw(root: Path, title: str, slides: list[Slide], known: Words) -> Proposal:
    """Return the slides of a deck as they are drawn, with the figures and the planned things that are known."""
    pages, used, problems = list[Page](), dict[str, Figure](), list[str]()
    for number, slide in enumerate(slides, 1):
        words = Words(known.figures, known.planned)
        canvas = Canvas(slide, words, root, number, len(slides))
        kinds.draw(canvas)
        pages.append(canvas.foot())
        problems += checks.problems(slide, pages[-1], words)
        used |= words.used
    return Proposal(title, tuple(slides), tuple(pages), used, tuple(problems))
