"""A canvas that writes SVG. Coordinates are whole or half units, so that each run gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docgen.diagrams.icons import ICONS
from docgen.palette import MONO, SANS, Theme

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle on the canvas."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The y of its lower side."""
        return self.y + self.h

    @property
    def cx(self) -> float:
        """The x of its middle."""
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        """The y of its middle."""
        return self.y + self.h / 2


def _n(value: float) -> str:
    return f"{round(value * 2) / 2:g}"


class Canvas:
    """The elements of one picture."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._elements: list[str] = []

    def rect(self, box: Box, fill: str, *, stroke: str = "none", radius: float = 8, dashed: bool = False, width: float = 1.25) -> None:
        """Draw a rectangle with round corners."""
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.w)}" height="{_n(box.h)}" rx="{_n(radius)}"'
        self._elements.append(f'<rect {place} fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{dash}/>')

    def text(
        self,
        at: Point,
        text: str,
        size: float,
        fill: str,
        *,
        bold: bool = False,
        mono: bool = False,
        anchor: str = "start",
        after: tuple[str, float, str] | None = None,
    ) -> None:
        """Write a line of text. `at` is a point of its baseline; `after` is a second text on the line, with its size and colour."""
        look = f'font-size="{size:g}" fill="{fill}"'
        look += ' font-weight="700"' if bold else ""
        look += f' font-family="{MONO}"' if mono else ""
        look += f' text-anchor="{anchor}"' if anchor != "start" else ""
        more = ""
        if after:
            more = f'<tspan dx="{_n(size * 0.4)}" font-size="{after[1]:g}" font-weight="400" fill="{after[2]}">{escape(after[0])}</tspan>'
        self._elements.append(f'<text x="{_n(at[0])}" y="{_n(at[1])}" {look}>{escape(text)}{more}</text>')

    def dot(self, at: Point, radius: float, fill: str) -> None:
        """Draw a full circle."""
        self._elements.append(f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="{fill}"/>')

    def icon(self, name: str, at: Point, size: float, colour: str) -> None:
        """Draw an icon; `at` is its upper left corner."""
        place = f'transform="translate({_n(at[0])} {_n(at[1])}) scale({size / 24:g})"'
        look = f'fill="none" stroke="{colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        self._elements.append(f'<path {place} {look} d="{ICONS[name]}"/>')

    def line(self, points: Sequence[Point], colour: str, *, width: float = 2.25, head: float = 8, both: bool = False) -> None:
        """Draw a line through the points, with round corners and an arrow's head at its end, or at both ends."""
        ends = [*points]
        if head:
            ends[-1] = _shortened(points[-2], points[-1], head * 0.8)
        if both:
            ends[0] = _shortened(points[1], points[0], head * 0.8)
        path = f"M{_n(ends[0][0])} {_n(ends[0][1])}"
        for before, corner, after in zip(ends, ends[1:], ends[2:], strict=False):
            radius = min(9.0, _distance(before, corner) / 2, _distance(corner, after) / 2)
            start, end = _shortened(before, corner, radius), _shortened(after, corner, radius)
            path += f" L{_n(start[0])} {_n(start[1])} Q{_n(corner[0])} {_n(corner[1])} {_n(end[0])} {_n(end[1])}"
        path += f" L{_n(ends[-1][0])} {_n(ends[-1][1])}"
        self._elements.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>')
        for before, tip in [(points[-2], points[-1])] * bool(head) + [(points[1], points[0])] * both:
            self._head(before, tip, head, colour)

    def _head(self, before: Point, tip: Point, size: float, colour: str) -> None:
        base, half = _shortened(before, tip, size), size * 0.55
        level = abs(before[0] - tip[0]) > abs(before[1] - tip[1])
        one, other = (
            ((base[0], base[1] - half), (base[0], base[1] + half)) if level else ((base[0] - half, base[1]), (base[0] + half, base[1]))
        )
        corners = " ".join(f"{_n(x)},{_n(y)}" for x, y in (one, tip, other))
        self._elements.append(f'<polygon points="{corners}" fill="{colour}"/>')

    def svg(self, width: float, height: float, title: str, description: str) -> str:
        """Return the picture as the text of a file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}"'
            f' role="img" aria-labelledby="title description" font-family="{SANS}">'
        )
        told = [f'<title id="title">{escape(title)}</title>', f'<desc id="description">{escape(description)}</desc>']
        page = f'<rect width="{_n(width)}" height="{_n(height)}" fill="{self.theme.page}"/>'
        return "\n".join([head, *told, page, *self._elements, "</svg>"]) + "\n"


def _distance(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _shortened(start: Point, end: Point, by: float) -> Point:
    """Return the point on a level or upright line that lies `by` before its end."""
    length = _distance(start, end) or 1
    return end[0] - (end[0] - start[0]) / length * by, end[1] - (end[1] - start[1]) / length * by
