"""Slides that are drawings: the platform, stores over time, a record, and weeks."""

from docgen.slides.canvas import BODY, BOTTOM, LEFT, WIDTH, Canvas
from docgen.slides.kinds.bands import HEAD, band, closing, spare
from docgen.slides.words import split

WEEKS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def flow(c: Canvas) -> None:
    """Draw the platform from left to right: a column for each item, with its parts below each other, each with its own colour."""
    count, arrow = len(c.slide.items), 0.5
    wide = (WIDTH - arrow * (count - 1)) / count
    bottom = BOTTOM - (band(c) + 0.25 if c.slide.sentences else 0)
    tones = iter(c.tones(sum(len(item.items) for item in c.slide.items)))
    for number, item in enumerate(c.slide.items):
        x = LEFT + number * (wide + arrow)
        c.text((x, c.top, wide, 0.45), item.text, BODY, c.theme.muted, bold=True)
        room = (bottom - c.top - 0.6 - 0.15 * (len(item.items) - 1)) / len(item.items)
        for place, part in enumerate(item.items):
            y, tone = c.top + 0.6 + place * (room + 0.15), next(tones)
            c.box((x, y, wide, room), tone.soft)
            c.box((x, y, 0.07, room), tone.strong)
            c.text((x + 0.2, y, wide - 0.28, room), part, BODY, anchor="middle")
        if number:
            c.box((x - arrow + 0.1, (c.top + 0.6 + bottom) / 2 - 0.17, arrow - 0.2, 0.34), c.theme.muted, "arrow")
    closing(c)


def tiers(c: Canvas) -> None:
    """Draw stores of data as bars over time, from years ago to now: the first is asked, the second keeps all, the third what is new."""
    high, gap, day = 0.95, 0.22, WIDTH * 0.22
    y = c.top + spare(c, 3 * high + 2 * gap + 1.0)
    for item, tone, x in zip(c.slide.items, c.tones(3), (LEFT, LEFT, LEFT + WIDTH - day), strict=True):
        head, rest = split(item.text)
        c.box((x, y, LEFT + WIDTH - x, high), tone.strong, "round")
        c.text((x + 0.3, y, min(3.0, LEFT + WIDTH - x - 0.4), high), c.paragraphs(head), HEAD, c.theme.page, bold=True, anchor="middle")
        if x == LEFT:
            c.text((x + 3.4, y, WIDTH - 3.7, high), rest, BODY, c.theme.page, anchor="middle")
        else:
            c.text((LEFT, y, WIDTH - day - 0.3, high), rest, BODY, tone.strong, anchor="middle", align="right")
        y += high + gap
    c.box((LEFT, y + 0.12, WIDTH - 0.1, 0.03), c.theme.muted)
    c.box((LEFT + WIDTH - 0.3, y, 0.3, 0.27), c.theme.muted, "arrow")
    for align, text in zip(("left", "right"), c.slide.setting("ends").split(", "), strict=True):
        c.text((LEFT if align == "left" else LEFT + WIDTH - 4, y + 0.32, 4, 0.42), text, BODY, c.theme.muted, align=align)
    closing(c)


def record(c: Canvas) -> None:
    """Draw a card of one thing and what is written on it, and beside it what is made from it."""
    card, follows = c.slide.items
    wide, right = 6.1, WIDTH - 6.1 - 1.1
    high = BOTTOM - c.top
    c.box((LEFT, c.top, wide, high), c.tone.soft)
    c.box((LEFT, c.top, wide, 0.09), c.tone.strong)
    c.text((LEFT + 0.4, c.top + 0.4, wide - 0.8, 0.6), split(card.text)[0], HEAD, c.tone.strong, bold=True)
    step = (high - 1.4) / len(card.items)
    for number, (key, value) in enumerate(split(item) for item in card.items):
        y = c.top + 1.2 + number * step
        c.box((LEFT + 0.4, y, wide - 0.8, 0.015), c.theme.line)
        c.text((LEFT + 0.4, y, 1.5, step), key, BODY, c.theme.muted, anchor="middle")
        c.text((LEFT + 2.0, y, wide - 2.3, step), value, BODY, anchor="middle")
    x, room = LEFT + wide + 1.1, (high - 0.2 * (len(follows.items) - 1)) / len(follows.items)
    c.box((x - 0.8, c.top + high / 2 - 0.25, 0.5, 0.5), c.tone.strong, "arrow")
    for number, (item, tone) in enumerate(zip(follows.items, c.tones(len(follows.items)), strict=True)):
        y = c.top + number * (room + 0.2)
        c.box((x, y, right, room), tone.soft)
        c.box((x, y, 0.09, room), tone.strong)
        c.text((x + 0.35, y, right - 0.45, room), item, BODY, anchor="middle")


def weeks(c: Canvas) -> None:
    """Draw what happens in which of twelve weeks: an item's head is `one to three`."""
    left = 5.1
    wide = (WIDTH - left) / len(WEEKS)
    for week in range(len(WEEKS)):
        c.text((LEFT + left + week * wide, c.top, wide, 0.3), f"{week + 1}", 16, c.theme.muted, align="center", role="small")
        if week % 2 == 0:
            c.box((LEFT + left + week * wide, c.top + 0.38, wide, BOTTOM - c.top - 0.38), c.theme.tones["source"].soft)
    y = c.top + 0.38
    high = (BOTTOM - y) / len(c.slide.items)
    for item, tone in zip(c.slide.items, c.tones(len(c.slide.items)), strict=True):
        head, rest = split(item.text)
        first, last = (WEEKS.index(week) for week in (head.split(" to ") * 2)[:2])
        c.text((LEFT, y, left - 0.3, high), rest, BODY, anchor="middle")
        c.box((LEFT + left + first * wide, y + high / 2 - 0.2, (last - first + 1) * wide, 0.4), tone.strong, "round")
        y += high
