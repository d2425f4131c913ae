"""How each kind of slide is laid out. A kind reads what is written on the slide and draws it below the title."""

from collections.abc import Callable

from docgen.slides.canvas import Canvas
from docgen.slides.deck import DeckError
from docgen.slides.kinds.drawn import flow, record, tiers, weeks
from docgen.slides.kinds.large import bars, cover, figures
from docgen.slides.kinds.listed import cards, full, picture, rows, steps, table, tiles

KINDS: dict[str, Callable[[Canvas], None]] = {
    one.__name__: one for one in (cover, picture, full, figures, cards, tiles, steps, rows, tiers, record, table, bars, weeks, flow)
}


def draw(canvas: Canvas) -> None:
    """Draw the content of a slide by its kind.

    Raises:
        DeckError: there is no such kind.
    """
    kind = canvas.slide.setting("kind")
    if kind not in KINDS:
        raise DeckError(f"the slide '{canvas.slide.title}' has the kind '{kind}', which is none of {', '.join(KINDS)}")
    if kind not in (cover.__name__, full.__name__):
        canvas.frame()
    KINDS[kind](canvas)
