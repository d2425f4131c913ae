"""The page that a slide is laid out on: margins, colours, title and foot are the same everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from docgen.palette import DARK, LIGHT, Theme, Tone
from docgen.results import COMPUTED
from docgen.slides import measure
from docgen.slides.deck import DeckError, Slide
from docgen.slides.shapes import WIDE, Bars, Box, Page, Paragraphs, Picture, Shape, Text
from docgen.slides.words import Run, Words

#: Margins, and where the foot begins.
LEFT, TOP, FOOT = 0.75, 0.55, 6.95
WIDTH = WIDE - 2 * LEFT
BOTTOM = 6.65
TITLE, BODY, SMALL, EYEBROW = 40, 24, 12, 15
#: Dark slides have the ink of the light ones for their page.
NIGHT = replace(DARK, page=LIGHT.text)


@dataclass
class Canvas:
    """Collects the shapes of one slide; `top` is where the content begins."""

    slide: Slide
    words: Words
    root: Path
    number: int
    of: int
    top: float = TOP
    framed: bool = False
    shapes: list[Shape] = field(default_factory=list)

    @property
    def theme(self) -> Theme:
        """The colours of the page."""
        return NIGHT if self.slide.setting("dark") else LIGHT

    @property
    def tone(self) -> Tone:
        """The colours of the part of the platform that the slide is about."""
        return self.theme.tones[self.slide.setting("tone", "stream")]

    def tones(self, count: int) -> list[Tone]:
        """Return the colours of so many things beside each other."""
        names = self.slide.setting("tones").split()
        return [self.theme.tones[name] for name in names] if names else [self.tone] * count

    def runs(self, text: str) -> tuple[Run, ...]:
        """Return the pieces of a text."""
        return self.words.runs(text)

    def paragraphs(self, *texts: str) -> Paragraphs:
        """Return the paragraphs of texts."""
        return tuple(self.runs(text) for text in texts)

    def text(
        self, place: tuple[float, float, float, float], paragraphs: Paragraphs | str, size: float, colour: str = "", **style: object
    ) -> None:
        """Write into a box: x, y, width and height."""
        told = self.paragraphs(paragraphs) if isinstance(paragraphs, str) else paragraphs
        self.shapes.append(Text(*place, told, size, colour or self.theme.text, **style))  # type: ignore[arg-type]

    def box(self, place: tuple[float, float, float, float], fill: str, form: str = "rect", line: str = "") -> None:
        """Draw a filled form."""
        self.shapes.append(Box(*place, fill, form, line))

    def picture(self, place: tuple[float, float, float, float], *, anchor: str = "center", edged: bool = True) -> None:
        """Put the slide's picture into a box, as large as it fits.

        Raises:
            DeckError: there is no such picture, or nothing says what it shows.
        """
        path = self.root / self.slide.setting("picture")
        if not path.is_file():
            raise DeckError(f"the slide '{self.slide.title}' needs the picture {self.slide.setting('picture') or '(none named)'}")
        if not self.slide.setting("shows"):
            raise DeckError(f"the slide '{self.slide.title}' does not say what its picture shows: add `shows: …`")
        wide, high = size_of(path)
        x, y, w, h = place
        scale = min(w / wide, h / high)
        left = {"left": x, "center": x + (w - wide * scale) / 2, "right": x + w - wide * scale}[anchor]
        self.shapes.append(
            Picture(
                left,
                y + (h - high * scale) / 2,
                wide * scale,
                high * scale,
                path,
                self.slide.setting("shows"),
                self.theme.line if edged else self.theme.page,
            )
        )

    def bars(self, place: tuple[float, float, float, float], labels: Sequence[str], references: Sequence[str]) -> None:
        """Draw a chart of figures, each with its own colour."""
        values, written = (tuple(map(read, references)) for read in (self.words.value, self.words.plain))
        strong = [self.tone.strong, *[self.theme.tones["source"].strong] * (len(labels) - 1)]
        self.shapes.append(Bars(*place, tuple(labels), values, written, tuple(strong), BODY, self.theme.text))  # type: ignore[arg-type]

    def height(self, paragraphs: Paragraphs, room: float, size: float = BODY, *, bold: bool = False, gap: float = 0) -> float:
        """Return the height of paragraphs in a room of so many inches."""
        return measure.height(paragraphs, size, room, bold=bold, gap=gap)

    def frame(self) -> None:
        """Write what stands on almost every slide: section, title and foot. What a slide shows begins below them."""
        self.framed = True
        section = self.words.plain(self.slide.setting("section")).upper()
        self.text((LEFT, TOP, WIDTH, 0.3), ((Run(section),),), EYEBROW, self.tone.strong, bold=True, role="small")
        title = self.paragraphs(self.slide.title)
        high = self.height(title, WIDTH, TITLE, bold=True)
        self.text((LEFT, TOP + 0.34, WIDTH, high), title, TITLE, bold=True, role="title")
        self.top = TOP + 0.34 + high + 0.42

    def foot(self) -> Page:
        """Write the foot, which tells of the figures on the slide, and return the page with its notes."""
        figures = [one for one in self.words.used.values() if not one.missing]
        dates, machines = sorted({one.date.isoformat() for one in figures}), sorted({one.machine for one in figures if one.machine})
        span = " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else ""
        source = f"Computed {span} from list prices" if machines == [COMPUTED] else f"Measured {span} · {', '.join(machines)}"
        told = [source] if figures else []
        if any(run.mark for shape in self.shapes for run in runs_of(shape)):
            told.append("Planned: not built yet")
        for place, text, align in (
            (0.0, "Tillstream", "left"),
            (2.5, "   ·   ".join(told), "center"),
            (WIDTH - 1.5, f"{self.number}", "right"),
        ):
            wide = WIDTH - 5 if align == "center" else 1.5
            if text and self.framed:
                self.text((LEFT + place, FOOT, wide, 0.25), ((Run(text),),), SMALL, self.theme.muted, align=align, role="small")
        amber = self.theme.tones["batch"]
        notes = tuple(self.words.note(note) for note in self.slide.notes)
        return Page(
            title=self.words.plain(self.slide.title),
            background=self.theme.page,
            shapes=tuple(self.shapes),
            notes=notes,
            sources=tuple(figure.source() for figure in self.words.used.values()),
            mark=(amber.strong, amber.soft),
        )


def runs_of(shape: Shape) -> list[Run]:
    """Return the pieces of text of a shape."""
    parts = getattr(shape, "paragraphs", ()) or [cell for row in getattr(shape, "rows", ()) for cell in row]
    return [run for part in parts for run in part]


def size_of(path: Path) -> tuple[int, int]:
    """Return width and height of a PNG in pixels.

    Raises:
        DeckError: the file is no PNG.
    """
    head = path.read_bytes()[:24]
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        raise DeckError(f"{path} is no PNG")
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
