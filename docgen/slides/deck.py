"""Read the slides from Markdown: a heading, settings, then a list, a table or sentences, and what the speaker says as a quotation."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tillstream.core.errors import TerminalError

DECK = Path("docs/proposal/slides.md")
SETTINGS = ("kind", "section", "tone", "tones", "picture", "shows", "columns", "ends", "dark")
_SETTING = re.compile(rf"({'|'.join(SETTINGS)}): (.+)")


class DeckError(TerminalError):
    """A slide cannot be read or made as it is written."""


@dataclass
class Item:
    """An item of a list, with the items below it."""

    text: str
    items: list[str] = field(default_factory=list)


@dataclass
class Slide:
    """One slide as it is written: figures and marks are still references."""

    title: str
    settings: dict[str, str] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def setting(self, name: str, default: str = "") -> str:
        """Return a setting of the slide."""
        return self.settings.get(name, default)

    def texts(self) -> list[str]:
        """Return each text that is seen on the slide, as it is written."""
        listed = [text for item in self.items for text in (item.text, *item.items)]
        shown = [self.setting("section"), self.title, *self.sentences, *listed, *(cell for row in self.rows for cell in row)]
        return [text for text in shown if text]


def read(text: str) -> tuple[str, list[Slide]]:
    """Return the title of a deck and its slides.

    Raises:
        DeckError: a slide has no title, or an unknown line.
    """
    head, *parts = re.split(r"^---$", text, flags=re.MULTILINE)
    title = re.search(r"^# (.+)$", head, re.MULTILINE)
    if not title:
        raise DeckError("the deck has no title: its first line is `# title`")
    return title[1], [_slide(part) for part in parts]


def _slide(text: str) -> Slide:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not lines[0].startswith("## "):
        raise DeckError(f"a slide begins with `## title`, and not with: {lines[0] if lines else 'nothing'}")
    slide = Slide(lines[0][3:])
    for line in lines[1:]:
        _add(slide, line)
    return slide


def _add(slide: Slide, line: str) -> None:
    """Add a line to the part of the slide that it belongs to."""
    setting = _SETTING.fullmatch(line)
    if setting:
        slide.settings[setting[1]] = setting[2].strip()
    elif line.startswith("> "):
        slide.notes.append(line[2:].strip())
    elif line.startswith("- "):
        slide.items.append(Item(line[2:].strip()))
    elif line.startswith("  - ") and slide.items:
        slide.items[-1].items.append(line[4:].strip())
    elif line.startswith("|"):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            slide.rows.append(cells)
    elif line.startswith((" ", "#", ">", "*", "+")):
        raise DeckError(f"the slide '{slide.title}' has a line that is no sentence, list, table, setting or note: {line}")
    else:
        slide.sentences.append(line.strip())
