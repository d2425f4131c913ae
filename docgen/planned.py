"""What is offered but not built yet: one list, and the mark beside whatever speaks of it."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

PLANNED = Path("docs/proposal/planned.yaml")
#: A mark in a slide or its notes.
MARK = re.compile(r"\s*\[planned: ([a-z_]+)\]")


@dataclass(frozen=True)
class Planned:
    """One thing that is planned.

    Attributes:
        words: what speaks of this thing; a text that has one of these needs its mark.
        card: title and explanation on its card in the diagram of the whole; empty if it is not drawn there.
    """

    name: str
    title: str
    what: str
    words: tuple[str, ...]
    card: tuple[str, ...] = ()

    def spoken_of(self, text: str) -> bool:
        """Say whether a text has one of the words."""
        return any(re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) for word in self.words)


def load(root: Path) -> dict[str, Planned]:
    """Return what is planned, by its short name."""
    entries = yaml.safe_load((root / PLANNED).read_text(encoding="utf-8")) or []
    return {one["id"]: Planned(one["id"], one["title"], one["what"], tuple(one["words"]), tuple(one.get("card", ()))) for one in entries}


def unmarked(planned: dict[str, Planned], text: str) -> list[str]:
    """Return the short names of what a text speaks of without a mark for it."""
    marks = set(MARK.findall(text))
    words = MARK.sub("", text)
    return [name for name, one in planned.items() if one.spoken_of(words) and name not in marks]
