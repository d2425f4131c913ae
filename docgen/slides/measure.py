"""How wide and how high a text is, without a font: the widths of Arial are known, and Liberation Sans has the same."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from docgen.slides.words import Run

#: Height of a line as a share of the letters' size, and room for programs that set text a little wider.
LINE, SAFETY = 1.2, 1.03
#: Size of a mark in points.
MARK_SIZE = 16
_WIDTHS = {
    weight: {letter: int(width) / 1000 for width, letters in widths.items() for letter in letters}
    for weight, widths in json.loads(Path(__file__).with_name("arial.json").read_text(encoding="utf-8")).items()
}
#: Of a letter that is not listed.
_WIDE = 1.0


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in inches, for a size in points."""
    widths = _WIDTHS["bold" if bold else "regular"]
    return sum(widths.get(letter, _WIDE) for letter in text) * size / 72 * SAFETY


def lines(runs: Sequence[Run], size: float, room: float, *, bold: bool = False) -> int:
    """Return how many lines a paragraph takes in a room of so many inches; a word that is wider than the room counts as too many."""
    count, used, blank = 1, 0.0, width(" ", size, bold=bold)
    for wide in _words(runs, size, bold=bold):
        if wide > room:
            return 99
        if used and used + blank + wide > room:
            count, used = count + 1, wide
        else:
            used += (blank if used else 0) + wide
    return count


def _words(runs: Sequence[Run], size: float, *, bold: bool) -> list[float]:
    """Return the width of each word; runs that touch without a blank between them are one word."""
    words: list[float] = []
    open_word = False
    for run in runs:
        for part in re.findall(r"\S+|\s+", run.text):
            if part.isspace():
                open_word = False
                continue
            wide = width(part, MARK_SIZE, bold=True) + 0.2 if run.mark else width(part, size, bold=bold or run.bold)
            if open_word:
                words[-1] += wide
            else:
                words.append(wide)
            open_word = True
    return words


def height(paragraphs: Sequence[Sequence[Run]], size: float, room: float, *, bold: bool = False, gap: float = 0) -> float:
    """Return the height of paragraphs in inches, with a gap between each two."""
    counts = [lines(runs, size, room, bold=bold) for runs in paragraphs]
    return sum(counts) * size / 72 * LINE + gap * max(len(counts) - 1, 0)
