"""Write the slides as one page for browsers, with its pictures and its script in it."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from docgen.slides.measure import MARK_SIZE
from docgen.slides.shapes import Bars, Box, Page, Picture, Shape, Table, Text
from docgen.slides.words import Run

HERE = Path(__file__).parent
#: Pixels of an inch, and of a point.
INCH, POINT = 96, 96 / 72


def page(title: str, pages: Sequence[Page]) -> str:
    """Return the page."""
    css, script = (HERE.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    slides = "\n".join(_slide(number, one) for number, one in enumerate(pages, 1))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n{slides}\n"
        f'<div id="progress"></div>\n<script>\n{script}</script>\n</body>\n</html>\n'
    )


def digest(title: str, pages: Sequence[Page]) -> str:
    """Return what tells one state of the slides from another: texts, figures, pictures and looks."""
    return hashlib.sha256(page(title, pages).encode()).hexdigest()


def _slide(number: int, page: Page) -> str:
    shapes = "\n".join(_DRAWN[type(shape)](shape, page) for shape in page.shapes)
    told = "".join(f"<p>{escape(note)}</p>" for note in page.notes)
    sources = "".join(f"<small>{escape(source)}</small>" for source in page.sources)
    return (
        f'<section class="slide" aria-label="{number}: {escape(page.title)}" style="background: {page.background}">\n{shapes}\n'
        f'<aside class="notes">{told}{sources}</aside>\n</section>'
    )


def _place(shape: Shape, style: str = "") -> str:
    sides = (("left", shape.x), ("top", shape.y), ("width", shape.w), ("height", shape.h))
    return f'style="{"; ".join(f"{side}: {value * INCH:.1f}px" for side, value in sides)}; {style}"'


def _runs(runs: Sequence[Run], page: Page) -> str:
    strong, soft = page.mark
    return "".join(
        f'<span class="mark" style="color: {strong}; background: {soft}; font-size: {MARK_SIZE * POINT:.2f}px">{run.text}</span>'
        if run.mark
        else f"<b>{escape(run.text)}</b>"
        if run.bold
        else escape(run.text)
        for run in runs
    )


def _text(text: Text, page: Page) -> str:
    weight = "bold" if text.bold else "normal"
    style = f"font-size: {text.size * POINT:.2f}px; color: {text.colour}; font-weight: {weight}; gap: {text.gap * INCH:.1f}px"
    tag = {"title": "h2"}.get(text.role, "p")
    told = "".join(f"<{tag}>{_runs(paragraph, page)}</{tag}>" for paragraph in text.paragraphs)
    return f'<div class="text {text.anchor} {text.align}" {_place(text, style)}>{told}</div>'


def _box(box: Box, _: Page) -> str:
    edge = f"; border: 1px solid {box.line}" if box.line else ""
    return f'<div class="{box.form}" {_place(box, f"background: {box.fill}{edge}")}></div>'


def _picture(picture: Picture, _: Page) -> str:
    data = base64.b64encode(picture.path.read_bytes()).decode()
    return f'<img alt="{escape(picture.alt)}" src="data:image/png;base64,{data}" {_place(picture, f"border-color: {picture.line}")}>'


def _table(table: Table, page: Page) -> str:
    columns = "".join(f'<col style="width: {wide * INCH:.1f}px">' for wide in table.widths)
    high = table.h / len(table.rows) * INCH
    rows = [
        f'<tr style="height: {high:.1f}px">{"".join(_cell(table, page, tag, cell, right=right) for cell, right in zip(row, table.right, strict=True))}</tr>'
        for tag, row in ((("th" if not number else "td"), row) for number, row in enumerate(table.rows))
    ]
    return f"<table {_place(table, f'font-size: {table.size * POINT:.2f}px')}><colgroup>{columns}</colgroup>{''.join(rows)}</table>"


def _cell(table: Table, page: Page, tag: str, runs: Sequence[Run], *, right: bool) -> str:
    colour = table.muted if tag == "th" else table.colour
    return f'<{tag} class="{"right" if right else "left"}" style="color: {colour}; border-color: {table.line}">{_runs(runs, page)}</{tag}>'


def _bars(bars: Bars, _: Page) -> str:
    most, line, rows = max(bars.values) or 1, bars.size * POINT * 1.2, len(bars.values)
    room, high = (bars.w - 1.3) * INCH, bars.h * INCH / rows
    parts = []
    for number, (label, value, written, colour) in enumerate(zip(bars.labels, bars.values, bars.written, bars.colours, strict=True)):
        top, wide, thick = number * high, value / most * room, min(high - line - 16, 64)
        parts += [
            f'<span style="left: 0; top: {top:.1f}px">{escape(label)}</span>',
            f'<div style="left: 0; top: {top + line + 4:.1f}px; width: {wide:.1f}px; height: {thick:.1f}px; background: {colour}"></div>',
            f'<b style="left: {wide + 12:.1f}px; top: {top + line + 4 + (thick - line) / 2:.1f}px">{written}</b>',
        ]
    return f'<div class="bars" {_place(bars, f"font-size: {bars.size * POINT:.2f}px; color: {bars.colour}")}>{"".join(parts)}</div>'


_DRAWN: dict[type[Shape], Callable[[Any, Page], str]] = {Text: _text, Box: _box, Picture: _picture, Table: _table, Bars: _bars}
