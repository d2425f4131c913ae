"""The colours and fonts of everything that docgen draws: diagrams, and whatever else shall look like them."""

from dataclasses import dataclass

#: Fonts that are about equally wide, so that a text fits on every machine. Liberation and DejaVu are Debian's, where the pictures for slides are made.
SANS = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans Condensed', sans-serif"
MONO = "Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"


@dataclass(frozen=True)
class Tone:
    """The colours of one kind of thing: its strong colour for lines, icons and headings, and a soft one for what lies behind."""

    strong: str
    soft: str


@dataclass(frozen=True)
class Theme:
    """All colours of a picture, for a light or a dark page.

    Attributes:
        name: light or dark.
        page: the background.
        card: the background of a card.
        line: the border of a card.
        text: titles.
        muted: explanations.
        tones: the colours by the kind of thing: the part of the platform that it belongs to.
    """

    name: str
    page: str
    card: str
    line: str
    text: str
    muted: str
    tones: dict[str, Tone]


LIGHT = Theme(
    name="light",
    page="#ffffff",
    card="#ffffff",
    line="#d3dae6",
    text="#0f1b2d",
    muted="#46546a",
    tones={
        "source": Tone("#475569", "#f1f4f8"),
        "stream": Tone("#1d4ed8", "#ebf1fe"),
        "batch": Tone("#a8500a", "#fdf2e3"),
        "hot": Tone("#c8291f", "#fdecea"),
        "cold": Tone("#0b7285", "#e3f5f8"),
        "answer": Tone("#6d28d9", "#f2ecfd"),
        "quality": Tone("#15743a", "#e8f6ec"),
        "security": Tone("#9d1c5a", "#fcebf3"),
    },
)
DARK = Theme(
    name="dark",
    page="#0d1117",
    card="#161d28",
    line="#364254",
    text="#f0f4fa",
    muted="#b3bfd0",
    tones={
        "source": Tone("#a9b6c8", "#141b25"),
        "stream": Tone("#7fb0ff", "#0f1c34"),
        "batch": Tone("#f5b057", "#261d11"),
        "hot": Tone("#ff8f85", "#2b1517"),
        "cold": Tone("#5ccfe0", "#0c252c"),
        "answer": Tone("#c0a2ff", "#1f1936"),
        "quality": Tone("#6fd392", "#0f2318"),
        "security": Tone("#f78fc0", "#2a1421"),
    },
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
