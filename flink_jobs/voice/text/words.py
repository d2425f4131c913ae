"""Words of texts, and lists of words."""

import unicodedata
from pathlib import Path

#: For regular expressions: what a capital is, within brackets, and what any letter is.
UPPER, LETTER = "A-ZÀ-ÖØ-Þ", r"[^\W\d_]"


def plain(text: str) -> str:
    """Small letters without accents."""
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()


def listed(path: Path) -> frozenset[str]:
    """The lines of a list, without those that begin with #."""
    return frozenset(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))


#: What is nobody's name and may stand with a capital beside one.
COMMON = listed(Path(__file__).parent / "common.txt")
