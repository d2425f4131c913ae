"""Slides for tests, each drawn as `make slides` draws it, with what is wrong with it."""

from datetime import date

from docgen.planned import Planned
from docgen.slides import deck, proposal
from docgen.slides.figures import Figure
from docgen.slides.proposal import Proposal
from docgen.slides.words import Words
from tests.support.compose_platform import ROOT

#: Figures and planned things of these tests: those of the repository come and go.
FIGURES = {"a.rate": Figure("a.rate", (20000,), "lines/s", date(2026, 11, 28), "2 cores", "make bench")}
PLANNED = {
    name: Planned(name, title, "a thing to come", words)
    for name, title, words in (("roof", "Roof", ("roof", "tiles")), ("moat", "Moat", ("moat",)), ("tower", "Tower", ("tower",)))
}
NOTES = "> The speaker says this.\n"


def drawn(text: str, notes: str = NOTES) -> Proposal:
    """Return a deck of one slide as it is drawn."""
    title, slides = deck.read(f"# A deck\n\n---\n\n{text}\n{notes}")
    return proposal.draw(ROOT, title, slides, Words(FIGURES, PLANNED))


def problems(text: str, notes: str = NOTES) -> str:
    """Return what is wrong with a slide, in one text."""
    return "\n".join(drawn(text, notes).problems)
