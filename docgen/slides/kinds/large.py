"""Slides of large things: the question, figures, and a chart."""

from docgen.slides.canvas import BODY, BOTTOM, LEFT, WIDTH, Canvas
from docgen.slides.deck import DeckError
from docgen.slides.kinds.bands import GAP, HEAD, closing, spare
from docgen.slides.shapes import HIGH, WIDE
from docgen.slides.words import split

#: Sizes that the figures of a slide may have: the first at which all of them fit.
LARGE = (88, 80, 72, 64, 56, 48)


def cover(c: Canvas) -> None:
    """Draw the first slide: the question, large, above a day of trade."""
    day = (2, 2, 1.5, 2, 2.5, 3, 3, 4, 5, 8, 12, 17, 20, 21, 21.5, 22, 25, 28, 26, 22, 14, 9, 6, 3)
    wide = WIDE / len(day)
    for hour, trade in enumerate(day):
        high = trade / 28 * 2.6
        c.box((hour * wide + 0.05, HIGH - high, wide - 0.1, high), c.tone.strong if hour == 17 else c.theme.line)
    c.text((LEFT, 0.7, WIDTH, 0.35), c.paragraphs(c.slide.setting("section")), 18, c.tone.strong, bold=True, role="small")
    title = c.paragraphs(c.slide.title)
    high = c.height(title, 10.5, 60, bold=True)
    c.text((LEFT, 1.25, 10.5, high), title, 60, bold=True, role="title")
    c.text((LEFT, 1.5 + high, 9.5, 1.0), c.paragraphs(*c.slide.sentences), 28, c.theme.muted)


def figures(c: Canvas) -> None:
    """Draw large figures beside each other, each with what it says, and a sentence below them."""
    count = len(c.slide.items)
    wide = (WIDTH - GAP * 1.5 * (count - 1)) / count
    heads = [c.paragraphs(split(item.text)[0]) for item in c.slide.items]
    fitting = [size for size in LARGE if all(c.height(head, wide, size, bold=True) < size / 72 * 1.5 for head in heads)]
    if not fitting:
        raise DeckError(f"the figures of '{c.slide.title}' are too long to stand beside each other")
    size = fitting[0]
    rests = [c.paragraphs(split(item.text)[1]) for item in c.slide.items]
    low = max(c.height(rest, wide) for rest in rests)
    y = c.top + spare(c, 0.4 + size / 72 * 1.2 + low)
    for number, (head, rest, tone) in enumerate(zip(heads, rests, c.tones(count), strict=True)):
        x = LEFT + number * (wide + GAP * 1.5)
        c.box((x, y, wide, 0.06), tone.strong)
        c.text((x, y + 0.25, wide, size / 72 * 1.2), head, size, tone.strong, bold=True)
        c.text((x, y + 0.4 + size / 72 * 1.2, wide, low), rest, BODY)
    closing(c)


def bars(c: Canvas) -> None:
    """Draw a chart to the right of a short list, with the sentence above it that says what it shows."""
    y, room = c.top, 4.6
    for item in c.slide.items:
        head, rest = split(item.text)
        told, below = c.paragraphs(head), c.paragraphs(rest)
        high, low = c.height(told, room, HEAD, bold=True), c.height(below, room)
        c.box((LEFT, y, 0.55, 0.06), c.tone.strong)
        c.text((LEFT, y + 0.17, room, high), told, HEAD, bold=True)
        c.text((LEFT, y + 0.2 + high, room, low), below, BODY, c.theme.muted)
        y += high + low + 0.55
    x, wide = LEFT + 5.2, WIDTH - 5.2
    c.box((x, c.top, wide, BOTTOM - c.top), c.tone.soft)
    told = c.paragraphs(*c.slide.sentences)
    high = c.height(told, wide - 0.8, bold=True)
    c.text((x + 0.4, c.top + 0.35, wide - 0.8, high), told, BODY, bold=True)
    labels = [c.words.plain(row[0]) for row in c.slide.rows[1:]]
    c.bars((x + 0.4, c.top + 0.55 + high, wide - 0.8, BOTTOM - c.top - high - 0.85), labels, [row[1] for row in c.slide.rows[1:]])
