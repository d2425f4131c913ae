"""Panels with headings, cards in columns and rows, and the legend: the parts of each layout."""

import math
from collections.abc import Sequence
from dataclasses import replace

from docgen.diagrams.canvas import Box, Canvas, Point
from docgen.diagrams.cards import Card, Sizes
from docgen.diagrams.font import width, wrapped

#: The meaning of each kind of line, with its tone.
LEGEND = (("live", "stream"), ("daily", "batch"), ("planned", "security"))


def panel(canvas: Canvas, box: Box, title: str, tone: str, sizes: Sizes) -> Box:
    """Draw a panel with its heading above, and return the room inside."""
    colours = canvas.theme.tones[tone]
    canvas.rect(box, colours.soft, radius=12)
    canvas.text((box.x + sizes.pad, box.y + sizes.above * 0.69), title, sizes.heading, colours.strong, bold=True)
    return Box(box.x + sizes.edge, box.y + sizes.above, box.w - 2 * sizes.edge, box.h - sizes.above - sizes.edge)


def band(canvas: Canvas, box: Box, title: str, tone: str, sizes: Sizes, beside: float) -> Box:
    """Draw a panel with its heading at the left, and return the room inside."""
    colours, edge = canvas.theme.tones[tone], sizes.edge
    canvas.rect(box, colours.soft, radius=12)
    lines = wrapped(title, sizes.heading, beside - sizes.pad, bold=True)
    for n, line in enumerate(lines):
        y = box.cy + (n - len(lines) / 2 + 0.75) * sizes.heading * 1.3
        canvas.text((box.x + sizes.pad, y), line, sizes.heading, colours.strong, bold=True)
    return Box(box.x + beside, box.y + edge, box.w - beside - edge, box.h - 2 * edge)


def column(canvas: Canvas, box: Box, cards: Sequence[Card], sizes: Sizes, spread: float = 0) -> list[Box]:
    """Draw cards below each other so that they fill the box, and return their boxes."""
    gap = spread or sizes.gap
    needed = [card.height(box.w, sizes) for card in cards]
    grown = (box.h - gap * (len(cards) - 1)) / sum(needed)
    boxes, y = [], box.y
    for card, height in zip(cards, needed, strict=True):
        boxes.append(Box(box.x, y, box.w, height * grown))
        card.draw(canvas, boxes[-1], sizes)
        y += height * grown + gap
    return boxes


def column_height(cards: Sequence[Card], room: float, sizes: Sizes, spread: float = 0) -> float:
    """Return the height that a column of cards needs."""
    return sum(card.height(room, sizes) for card in cards) + (spread or sizes.gap) * (len(cards) - 1)


def row(canvas: Canvas, box: Box, cards: Sequence[Card], sizes: Sizes, gap: float = 0) -> list[Box]:
    """Draw cards beside each other, and return their boxes."""
    gap = gap or sizes.gap
    each = shares(cards, box.w, sizes, gap, box.h)
    boxes = [Box(box.x + sum(each[:n]) + n * gap, box.y, share, box.h) for n, share in enumerate(each)]
    for card, place in zip(cards, boxes, strict=True):
        card.draw(canvas, place, _alike(cards, box.w, sizes))
    return boxes


def row_height(cards: Sequence[Card], room: float, sizes: Sizes, gap: float = 0) -> float:
    """Return the height that a row of cards needs."""
    alike, high, lower = _alike(cards, room, sizes), math.inf, math.inf
    while lower < high or high == math.inf:
        high, each = lower, shares(cards, room, sizes, gap or sizes.gap, lower - 1)
        lower = max(card.height(share, alike) for card, share in zip(cards, each, strict=True))
    return high


def shares(cards: Sequence[Card], room: float, sizes: Sizes, gap: float, high: float = math.inf) -> list[float]:
    """Return the width of each card in a row. Cards that would be higher than `high` get more; otherwise widths are as equal as titles allow."""
    alike = _alike(cards, room, sizes)
    each = [card.least(alike) for card in cards]
    spare = room - gap * (len(cards) - 1) - sum(each)
    while spare > 0:
        over = [card.height(share, alike) > high for card, share in zip(cards, each, strict=True)]
        n = min(range(len(cards)), key=lambda n: (not over[n], each[n]))
        each[n] += min(2, spare)
        spare -= 2
    return each


def _alike(cards: Sequence[Card], room: float, sizes: Sizes) -> Sizes:
    """Return sizes with which all cards of a row place their icons alike."""
    return replace(sizes, narrow=0 if room / len(cards) >= sizes.narrow else math.inf)


def label(canvas: Canvas, at: Point, text: str, tone: str, sizes: Sizes, *, anchor: str = "start") -> None:
    """Write a label beside a line."""
    canvas.text((at[0], at[1] + sizes.text * 0.36), text, sizes.text, canvas.theme.tones[tone].strong, anchor=anchor)


def legend(canvas: Canvas, x: float, y: float, sizes: Sizes) -> None:
    """Draw the meaning of the lines, from `x` to the right."""
    for text, tone in LEGEND:
        strong = canvas.theme.tones[tone].strong
        if tone == "security":
            canvas.rect(Box(x, y - 8, 30, 16), "none", stroke=strong, radius=4, dashed=True)
        else:
            canvas.line([(x, y), (x + 30, y)], strong)
        canvas.text((x + 38, y + sizes.text * 0.36), text, sizes.text, canvas.theme.muted)
        x += 62 + width(text, sizes.text)


def legend_width(sizes: Sizes) -> float:
    """Return the width of the legend."""
    return sum(62 + width(text, sizes.text) for text, _ in LEGEND) - 24
