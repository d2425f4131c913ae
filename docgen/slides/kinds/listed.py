"""Slides of lists: beside a picture, on cards and tiles, below each other, and in a table."""

from docgen.slides.canvas import BODY, BOTTOM, LEFT, WIDTH, Canvas
from docgen.slides.kinds.bands import GAP, HEAD, band, closing
from docgen.slides.shapes import HIGH, WIDE, Table
from docgen.slides.words import split


def picture(c: Canvas) -> None:
    """Draw a picture, with a short list to its left if there is one."""
    left = 3.65 if c.slide.items else 0.0
    room = left - 0.35
    y = c.top
    for item in c.slide.items:
        head, rest = split(item.text)
        c.box((LEFT, y, 0.55, 0.06), c.tone.strong)
        y += 0.17
        for text, size, bold, colour in ((head, HEAD, True, c.theme.text), (rest, BODY, False, c.theme.muted)):
            if text:
                high = c.height(c.paragraphs(text), room, size, bold=bold)
                c.text((LEFT, y, room, high), text, size, colour, bold=bold)
                y += high + 0.04
        y += 0.22
    c.picture((LEFT + left, c.top, WIDTH - left, BOTTOM - c.top), anchor="right" if left else "center")


def full(c: Canvas) -> None:
    """Draw a picture as large as the page, below a title: for what is read on paper."""
    c.text((LEFT, 0.3, WIDTH, 0.62), c.paragraphs(c.slide.title), 36, bold=True, role="title")
    c.picture((LEFT, 1.0, WIDE - LEFT - 0.2, HIGH - 1.15), anchor="left", edged=False)


def cards(c: Canvas) -> None:
    """Draw cards beside each other: a head, and a sentence or a list, in letters as large as they fit."""
    count, pad = len(c.slide.items), 0.4
    wide = (WIDTH - GAP * (count - 1)) / count
    room, high = wide - 2 * pad, BOTTOM - c.top - (band(c) + GAP if c.slide.sentences else 0)
    heads = [c.paragraphs(split(item.text)[0]) for item in c.slide.items]
    top = max(c.height(head, room, HEAD, bold=True) for head in heads)
    bodies = [c.paragraphs(*filter(None, (split(item.text)[1], *item.items))) for item in c.slide.items]
    rest = high - top - 1.3
    size = next((size for size in (28, 26) if all(c.height(body, room, size, gap=0.25) <= rest * 0.95 for body in bodies)), BODY)
    for number, (head, body, tone) in enumerate(zip(heads, bodies, c.tones(count), strict=True)):
        x = LEFT + number * (wide + GAP)
        c.box((x, c.top, wide, high), tone.soft)
        c.box((x, c.top, wide, 0.09), tone.strong)
        c.text((x + pad, c.top + 0.45, room, top), head, HEAD, tone.strong, bold=True)
        c.text((x + pad, c.top + 0.7 + top, room, rest), body, size, gap=0.25)
    closing(c)


def tiles(c: Canvas) -> None:
    """Draw eight tiles in two rows: a head, and what belongs to it."""
    gap = 0.2
    wide, high = (WIDTH - gap * 3) / 4, (BOTTOM - c.top - gap) / 2
    for number, (item, tone) in enumerate(zip(c.slide.items, c.tones(len(c.slide.items)), strict=True)):
        head, rest = split(item.text)
        x, y = LEFT + number % 4 * (wide + gap), c.top + number // 4 * (high + gap)
        c.box((x, y, wide, high), tone.soft)
        c.box((x, y, 0.09, high), tone.strong)
        c.text((x + 0.27, y + 0.25, wide - 0.33, 0.45), c.paragraphs(head), BODY, tone.strong, bold=True)
        c.text((x + 0.27, y + 0.8, wide - 0.33, high - 0.9), rest, BODY)


def steps(c: Canvas) -> None:
    """Draw what follows each other, one below the other, with large numbers."""
    _rows(c, numbered=True)


def rows(c: Canvas) -> None:
    """Draw things one below the other: a head, and a sentence to its right."""
    _rows(c, numbered=False)


def _rows(c: Canvas, *, numbered: bool) -> None:
    y, high = c.top, (BOTTOM - c.top) / len(c.slide.items)
    left = 1.1 if numbered else 0.4
    for number, (item, tone) in enumerate(zip(c.slide.items, c.tones(len(c.slide.items)), strict=True), 1):
        head, rest = split(item.text)
        if numbered:
            c.text((LEFT, y, 0.9, high), f"{number}", 54, tone.strong, bold=True, anchor="middle")
        else:
            c.box((LEFT, y + high * 0.2, 0.09, high * 0.6), tone.strong)
        c.text((LEFT + left, y, 4.7 - left, high), c.paragraphs(head), 32, bold=True, anchor="middle")
        c.text((LEFT + 4.9, y, WIDTH - 4.9, high), rest, BODY + 2, c.theme.muted, anchor="middle")
        if number > 1:
            c.box((LEFT, y, WIDTH, 0.015), c.theme.line)
        y += high


def table(c: Canvas) -> None:
    """Draw a table; `columns` has the share of each column's width, with an r for figures, which stand at the right."""
    told = c.slide.setting("columns").split() or ["1"] * len(c.slide.rows[0])
    shares = [float(share.strip("r")) for share in told]
    widths = tuple(WIDTH * share / sum(shares) for share in shares)
    rows = tuple(tuple(c.runs(cell) for cell in row) for row in c.slide.rows)
    high = min((BOTTOM - c.top - (band(c) + GAP if c.slide.sentences else 0)) / len(rows), 1.05)
    right = tuple(share.endswith("r") for share in told)
    c.shapes.append(Table(LEFT, c.top, WIDTH, high * len(rows), widths, rows, right, BODY, c.theme.text, c.theme.muted, c.theme.line))
    closing(c)
