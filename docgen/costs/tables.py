"""Write numbers and tables in Markdown."""

import re
from collections.abc import Iterable, Sequence


def dollars(usd: float) -> str:
    """Return dollars with separators, with cents below ten."""
    return f"{usd:,.2f}" if 0 < usd < 10 else f"{usd:,.0f}"


def number(value: float) -> str:
    """Return a number to three significant digits, with separators."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:,.10f}".rstrip("0").rstrip(".")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def points(sentences: Iterable[str]) -> str:
    """Return a list, with a line for each sentence of a point."""
    return "\n".join("- " + re.sub(r"(?<=\.) (?=[A-Z\[])", "\n  ", one) for one in sentences)


def link(source: str) -> str:
    """Return a link to an address, or to a file of the repository as docs/costs/ sees it."""
    if not source:
        return "our judgement"
    return f"[page]({source})" if "://" in source else f"[{source}](../../{source})"
