"""What a slide is made of, with places and sizes in inches: a page of 13.333 x 7.5."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.slides.words import Run

WIDE, HIGH = 13.333, 7.5
Paragraphs = tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Shape:
    """A rectangle on the page."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class Text(Shape):
    """Text in a box that it must not leave.

    Attributes:
        role: title, body, or small: what frames a slide and need not be read from the last row.
        gap: inches between paragraphs.
    """

    paragraphs: Paragraphs
    size: float
    colour: str
    bold: bool = False
    align: str = "left"
    anchor: str = "top"
    role: str = "body"
    gap: float = 0.0


@dataclass(frozen=True)
class Box(Shape):
    """A filled form: rect, round, circle or arrow."""

    fill: str
    form: str = "rect"
    line: str = ""


@dataclass(frozen=True)
class Picture(Shape):
    """A picture that fills its box, with what it shows for those who do not see it."""

    path: Path
    alt: str
    line: str


@dataclass(frozen=True)
class Table(Shape):
    """A table: the first row is its head. `right` says which columns stand at the right."""

    widths: tuple[float, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    right: tuple[bool, ...]
    size: float
    colour: str
    muted: str
    line: str


@dataclass(frozen=True)
class Bars(Shape):
    """A chart of horizontal bars."""

    labels: tuple[str, ...]
    values: tuple[float, ...]
    written: tuple[str, ...]
    colours: tuple[str, ...]
    size: float
    colour: str


@dataclass(frozen=True)
class Page:
    """A slide as it is drawn."""

    title: str
    background: str
    shapes: tuple[Shape, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    mark: tuple[str, str]

    def texts(self) -> Sequence[Text]:
        """Return the texts of the page."""
        return [shape for shape in self.shapes if isinstance(shape, Text)]
