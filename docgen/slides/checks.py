"""What a slide must be: few words, large letters, text within its box, no figure without a source, and a mark on what is planned."""

import re
from collections.abc import Iterator
from itertools import combinations

from docgen import planned
from docgen.planned import MARK, Planned
from docgen.slides import measure
from docgen.slides.canvas import FOOT
from docgen.slides.deck import Slide
from docgen.slides.shapes import HIGH, WIDE, Page, Picture, Shape, Table, Text
from docgen.slides.words import REFERENCE, Words, count

MOST_WORDS, LEAST = 40, {"body": 24, "title": 36, "small": 12}
#: Inches that two measures of the same thing may differ by.
NEAR = 0.02


def problems(slide: Slide, page: Page, words: Words) -> list[str]:
    """Return what is wrong with a slide, in sentences that name the slide."""
    found = [*_wording(slide, words, words.planned), *_texts(page), *_places(page)]
    return [f"'{page.title}': {problem}" for problem in found]


def _wording(slide: Slide, words: Words, list_of: dict[str, Planned]) -> Iterator[str]:
    total = sum(count(words.plain(text)) for text in slide.texts())
    if total > MOST_WORDS:
        yield f"{total} words, and {MOST_WORDS} are the most"
    if not slide.notes:
        yield "no notes: say in lines that begin with > what the speaker says"
    for text in (*slide.texts(), *slide.notes):
        for digits in typed(text):
            yield f"{digits} is typed, in: {text}. A figure is a reference such as {{{{name}}}}; write other numbers as words"
        for name in planned.unmarked(list_of, text):
            yield f"speaks of what is planned without [planned: {name}], in: {text}"


def typed(text: str) -> list[str]:
    """Return the numbers that are typed into a text, and are neither a reference nor a part of a name such as S3."""
    return re.findall(r"(?<![\w.])\d[\d.,]*", MARK.sub("", REFERENCE.sub("", text)))


def _texts(page: Page) -> Iterator[str]:
    for text in page.texts():
        told = " ".join(run.text for runs in text.paragraphs for run in runs)
        if text.size < LEAST[text.role]:
            yield f"letters of {text.size} points are too small: {told}"
        if text.role == "title" and measure.height(text.paragraphs, text.size, text.w, bold=True) > text.size / 72 * measure.LINE * 2.5:
            yield "the title takes more than two lines"
        if measure.height(text.paragraphs, text.size, text.w, bold=text.bold, gap=text.gap) > text.h + NEAR:
            yield f"text does not fit its box: {told}"
    for table in (shape for shape in page.shapes if isinstance(shape, Table)):
        for number, row in enumerate(table.rows):
            for wide, cell in zip(table.widths, row, strict=True):
                if measure.height((cell,), table.size, wide - 1 / 6, bold=not number) > table.h / len(table.rows) + NEAR:
                    yield f"text does not fit its cell: {''.join(run.text for run in cell)}"


def _places(page: Page) -> Iterator[str]:
    for shape in page.shapes:
        if min(shape.x, shape.y) < -NEAR or shape.x + shape.w > WIDE + NEAR or shape.y + shape.h > HIGH + NEAR:
            yield f"a {type(shape).__name__.lower()} is outside of the page, at {shape.x:.2f}, {shape.y:.2f}"
    told = [shape for shape in page.shapes if isinstance(shape, Text | Table | Picture)]
    for one, other in combinations(told, 2):
        if _meet(one, other):
            yield f"two texts or pictures meet at {other.x:.2f}, {other.y:.2f}"
    has_foot = any(text.y == FOOT for text in page.texts())
    for shape in told if has_foot else []:
        if shape.y < FOOT < shape.y + shape.h - NEAR:
            yield f"the content reaches into the foot, at {shape.x:.2f}, {shape.y:.2f}"


def _meet(one: Shape, other: Shape) -> bool:
    return (
        min(one.x + one.w, other.x + other.w) - max(one.x, other.x) > NEAR
        and min(one.y + one.h, other.y + other.h) - max(one.y, other.y) > NEAR
    )
