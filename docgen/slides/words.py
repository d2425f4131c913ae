"""From what is written to what is shown: figures and marks take the place of their references."""

import re
from dataclasses import dataclass, field

from docgen.planned import MARK, Planned
from docgen.slides import figures as named
from docgen.slides.figures import PENDING, Figure

REFERENCE = re.compile(r"\{\{([^}]+)\}\}")
_PARTS = re.compile(r"(\*\*.+?\*\*|\[planned: [a-z_]+\])")


@dataclass(frozen=True)
class Run:
    """A piece of text in one style; a mark says that something is planned."""

    text: str
    bold: bool = False
    mark: bool = False


@dataclass
class Words:
    """Resolves references, and remembers which figures it has shown."""

    figures: dict[str, Figure]
    planned: dict[str, Planned]
    used: dict[str, Figure] = field(default_factory=dict)

    def runs(self, text: str) -> tuple[Run, ...]:
        """Return the pieces of a text. A mark of something that is not planned any more is left out.

        Raises:
            FigureError: a figure has no source.
        """
        runs = list[Run]()
        for part in _PARTS.split(self._with_figures(text)):
            mark = MARK.fullmatch(part)
            if mark:
                # One mark is enough for several things beside each other.
                seen = [run for run in runs if run.text.strip()][-1:]
                if mark[1] in self.planned and not (seen and seen[0].mark):
                    runs.append(Run("planned", mark=True))
            elif part:
                bold = part.startswith("**") and part.endswith("**")
                runs.append(Run(part[2:-2] if bold else part, bold))
        while runs and not runs[-1].text.strip():
            runs.pop()
        return tuple(runs)

    def plain(self, text: str) -> str:
        """Return a text as it is read, without styles."""
        return re.sub(r"\s+", " ", "".join(run.text for run in self.runs(text))).strip()

    def note(self, text: str) -> str:
        """Return a sentence of the speaker."""
        return re.sub(r"\s+", " ", "".join("(planned)" if run.mark else run.text for run in self.runs(text))).strip()

    def value(self, reference: str) -> float:
        """Return the number that a text of one reference shows, for a chart."""
        shown = self.plain(reference)
        return 0.0 if shown == PENDING else float(shown.replace(",", ""))

    def _with_figures(self, text: str) -> str:
        def shown(match: re.Match[str]) -> str:
            figure, written = named.find(self.figures, match[1])
            self.used[figure.name] = figure
            return written

        return REFERENCE.sub(shown, text)


def split(text: str) -> tuple[str, str]:
    """Return the head of an item, which is written in bold at its beginning, and the rest."""
    match = re.fullmatch(r"\*\*(.+?)\*\*\s*(.*)", text)
    return (match[1], match[2]) if match else ("", text)


def count(text: str) -> int:
    """Return the number of words of a text as it is read."""
    return sum(bool(re.search(r"\w", word)) for word in text.split())
