"""What several kinds of slides share: the band of sentences at their end."""

from docgen.slides.canvas import BODY, BOTTOM, LEFT, WIDTH, Canvas

#: Inches between things beside each other.
GAP = 0.3
#: Size of the heads of items.
HEAD = 28


def band(c: Canvas) -> float:
    """Return the height of the band that the sentences of a slide stand in, or 0."""
    return c.height(c.paragraphs(*c.slide.sentences), WIDTH - 0.8) + 0.5 if c.slide.sentences else 0.0


def spare(c: Canvas, high: float) -> float:
    """Return how far below the title a thing of this height begins: a little above the middle of what is free."""
    return max((BOTTOM - c.top - band(c) - high) * 0.4, 0)


def closing(c: Canvas) -> None:
    """Write the sentences of a slide in a band at its end."""
    high = band(c)
    if high:
        c.box((LEFT, BOTTOM - high, WIDTH, high), c.tone.soft, "round")
        c.text((LEFT + 0.4, BOTTOM - high, WIDTH - 0.8, high), c.paragraphs(*c.slide.sentences), BODY, anchor="middle")
