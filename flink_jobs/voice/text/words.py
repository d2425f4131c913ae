"""Words of texts, and lists of words."""

import unicodedata
from pathlib import Path

#: For regular expressions: the capitals, for use in brackets, and any letter.
UPPER, LETTER = "A-ZÀ-ÖØ-Þ", r"[^\W\d_]"


def plain(text: str) -> str:
    """Return a text in small letters without accents, in ASCII."""
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()


def listed(path: Path) -> frozenset[str]:
    """Return the lines of a file, without those that begin with #."""
    return frozenset(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))


#: Common words: nobody's name, though they may stand beside one with a capital.
COMMON = listed(Path(__file__).parent / "common.txt")
