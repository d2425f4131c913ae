"""Cards, of which diagrams consist. A card computes the height that it needs, and is drawn into a box of at least this height."""

import math
from dataclasses import dataclass

from docgen.diagrams.canvas import Box, Canvas
from docgen.diagrams.font import width, wrapped


@dataclass(frozen=True)
class Sizes:
    """The sizes of a layout, in the units of its canvas.

    Attributes:
        heading: the text of a panel's heading.
        title: the text of a card's title.
        text: all other text.
        pad: the room between a card's border and its text.
        gap: the room between cards.
        icon: the side of an icon's tile.
        narrow: a card that is less wide has its icon on the line of its title.
    """

    heading: float
    title: float
    text: float
    pad: float
    gap: float
    icon: float
    narrow: float

    @property
    def above(self) -> float:
        """The height of a panel's heading."""
        return round(self.heading * 2.1)

    @property
    def edge(self) -> float:
        """The room between a panel's border and its cards."""
        return self.pad * 0.8

    @property
    def leading(self) -> float:
        """The height of a line of text."""
        return round(self.text * 1.28)

    @property
    def high(self) -> float:
        """The height of a line of a title."""
        return round(self.title * 1.35)


@dataclass(frozen=True)
class Card:
    """A thing in a diagram, with title, explanation, names and icon.

    Attributes:
        title: its name in the words of a retailer.
        by: the technology.
        text: an explanation of some words.
        rows: its parts, each with a number or an empty text.
        steps: the steps of its work, in order.
        names: names as they are in the platform: topics, tables, keys.
        icon: the name of its icon.
        tone: the part of the platform that it belongs to.
        planned: whether it is not built yet.
    """

    title: str
    by: str = ""
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    steps: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    icon: str = ""
    tone: str = "source"
    planned: bool = False

    def height(self, room: float, sizes: Sizes) -> float:
        """Return how high the card must be where it is `room` wide."""
        head, body = self._head(room, sizes), self._body(room, sizes)
        high = sum(line.height for line in (*head, *body)) + len(self.rows) * sizes.leading * 1.4 + self._between(head, body, room, sizes)
        return max(high + self._before(head, body, room, sizes), sizes.icon if self._beside(room, sizes) else 0) + 1.2 * sizes.pad

    def least(self, sizes: Sizes) -> float:
        """Return how wide the card must be for its title to be on one line."""
        return width(self.title, sizes.title, bold=True) + self._indent(sizes.narrow, sizes) + 2 * sizes.pad + 1

    def least_for_names(self, sizes: Sizes) -> float:
        """Return how wide the card must be for each of its names to be on one line."""
        return max(width(name, sizes.text - 1, mono=True) for name in ("", *self.names)) + 2 * sizes.pad + 1

    def draw(self, canvas: Canvas, box: Box, sizes: Sizes) -> None:
        """Draw the card into a box."""
        theme, tone = canvas.theme, canvas.theme.tones[self.tone]
        fill, border = (theme.page, tone.strong) if self.planned else (theme.card, theme.line)
        canvas.rect(box, fill, stroke=border, dashed=self.planned)
        head, body = self._head(box.w, sizes), self._body(box.w, sizes)
        high, spare = sum(line.height for line in head), box.h - self.height(box.w, sizes)
        # A box may be higher than needed: rows spread out, all else is centred.
        row_height = sizes.leading * 1.4 + (min(spare / len(self.rows), sizes.leading * 0.9) if self.rows else 0)
        total = self.height(box.w, sizes) - 1.2 * sizes.pad + len(self.rows) * (row_height - sizes.leading * 1.4)
        y = box.cy - total / 2
        left = box.x + sizes.pad
        if self.icon and self._beside(box.w, sizes):
            alone = not (body or self.rows)
            self._tile(canvas, left, box.cy - sizes.icon / 2 if alone else y, sizes.icon)
            y += (total - high) / 2 if alone else self._before(head, body, box.w, sizes)
        elif self.icon:
            self._tile(canvas, left, y, sizes.high)
        indent = left + self._indent(box.w, sizes)
        for number, line in enumerate(head):
            inline = self.icon and not self._beside(box.w, sizes) and number > 0
            self._write(canvas, left if inline else indent, y, line)
            y += line.height
        y += self._between(head, body, box.w, sizes)
        for line in body:
            if line.kind == "step":
                canvas.dot((left + 3, y + line.height / 2), 2.5, tone.strong)
            self._write(canvas, left + (13 if line.kind in {"step", "more"} else 0), y, line)
            y += line.height
        for label, count in self.rows:
            canvas.line([(left, y), (box.right - sizes.pad, y)], theme.line, width=1, head=0)
            baseline = y + row_height / 2 + sizes.text * 0.36
            canvas.text((left, baseline), label, sizes.text, theme.text)
            canvas.text((box.right - sizes.pad, baseline), count, sizes.text, tone.strong, bold=True, anchor="end")
            y += row_height

    def _write(self, canvas: Canvas, x: float, y: float, line: "_Line") -> None:
        theme, strong = canvas.theme, canvas.theme.tones[self.tone].strong
        colour = {"title": theme.text, "by": strong, "name": theme.text}.get(line.kind, theme.muted)
        after = (line.after, line.size - 1, strong) if line.after else None
        at = (x, y + line.height / 2 + line.size * 0.36)
        canvas.text(at, line.text, line.size, colour, bold=line.kind == "title", mono=line.kind == "name", after=after)

    def _tile(self, canvas: Canvas, x: float, y: float, side: float) -> None:
        tone = canvas.theme.tones[self.tone]
        canvas.rect(Box(x, y, side, side), tone.soft, radius=side / 5)
        inner = side * 0.7
        canvas.icon(self.icon, (x + (side - inner) / 2, y + (side - inner) / 2), inner, tone.strong)

    def _beside(self, room: float, sizes: Sizes) -> bool:
        """Return whether the icon stands beside all lines of the head."""
        return bool(self.icon) and room >= sizes.narrow and sizes.narrow < math.inf

    def _indent(self, room: float, sizes: Sizes) -> float:
        if not self.icon:
            return 0
        return sizes.icon + sizes.pad * 0.8 if self._beside(room, sizes) else sizes.high + sizes.pad * 0.5

    def _before(self, head: list["_Line"], body: list["_Line"], room: float, sizes: Sizes) -> float:
        """Return how far the head is below the top of an icon that is higher."""
        higher = self._beside(room, sizes) and (body or self.rows)
        return max(sizes.icon - sum(line.height for line in head), 0) / 2 if higher else 0

    def _between(self, head: list["_Line"], body: list["_Line"], room: float, sizes: Sizes) -> float:
        return self._before(head, body, room, sizes) + 6 if body or self.rows else 0

    def _head(self, room: float, sizes: Sizes) -> list["_Line"]:
        inside = room - 2 * sizes.pad
        beside = inside - self._indent(room, sizes)
        titles = wrapped(self.title, sizes.title, beside, bold=True)
        lines = [_Line("title", line, sizes.title, sizes.high) for line in titles]
        under = beside if self._beside(room, sizes) else inside
        both = width(self.title, sizes.title, bold=True) + sizes.title * 0.4 + width(f"— {self.by}", sizes.title - 1)
        if self.by and len(titles) == 1 and both <= beside:
            lines = [_Line("title", self.title, sizes.title, sizes.high, f"— {self.by}")]
        elif self.by:
            lines += [_Line("by", line, sizes.text, sizes.leading) for line in wrapped(self.by, sizes.text, under)]
        return lines + [_Line("text", line, sizes.text, sizes.leading) for line in wrapped(self.text, sizes.text, under)]

    def _body(self, room: float, sizes: Sizes) -> list["_Line"]:
        lines = []
        for step in self.steps:
            parts = wrapped(step, sizes.text, room - 2 * sizes.pad - 13)
            lines += [_Line("more" if n else "step", part, sizes.text, sizes.leading) for n, part in enumerate(parts)]
        return lines + [_Line("name", name, sizes.text - 1, sizes.leading) for name in self.names]


@dataclass(frozen=True)
class _Line:
    """A line of a card; `after` is written behind it in the colour of the tone."""

    kind: str
    text: str
    size: float
    height: float
    after: str = ""
