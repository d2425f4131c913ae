"""Documents that show figures and marks: each is a link whose title names it, and is written again when its source has changed.

A figure is `[131,000](../bench/results.json "sales.catch_up.warm.lines_per_second, median")`.
What is planned is `[planned](proposal/planned.yaml "encryption")`; when it is built, the mark goes.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from docgen import planned
from docgen.planned import Planned
from docgen.slides import figures
from docgen.slides.figures import Figure

DOCUMENTS = tuple(Path("docs", name) for name in ("proposal/one-page.md", "faq.md", "dashboards.md", "storage-tiers.md"))
_FIGURE = re.compile(r'\[([^\]]*)\]\((\S*results\.json) "([^"]+)"\)')
_MARK = re.compile(r'( ?)\[planned\]\((\S*planned\.yaml) "([a-z_]+)"\)')
#: What may hold a number without a source: code, links to other pages, and names in italics.
_NAMES = re.compile(r"`[^`]*`|\[[^\]]*\]\([^)]*\)|(?<!\*)\*[^*]+\*(?!\*)")
_LIST = re.compile(r"(<!-- what is planned -->\n).*?(<!-- end -->)", re.DOTALL)


def refreshed(text: str, listed: dict[str, Figure], marks: dict[str, Planned]) -> str:
    """Return a document with its figures and marks as they are now.

    Raises:
        FigureError: a figure has no source.
    """

    def figure(match: re.Match[str]) -> str:
        return f'[{figures.find(listed, match[3])[1]}]({match[2]} "{match[3]}")'

    def mark(match: re.Match[str]) -> str:
        return match[0] if match[3] in marks else ""

    items = "".join(f"- **{one.title}**: {one.what}\n" for one in marks.values())
    return _LIST.sub(rf"\g<1>{items}\g<2>", _MARK.sub(mark, _FIGURE.sub(figure, text)))


def problems(text: str, marks: dict[str, Planned]) -> Iterator[str]:
    """Yield each number without a source, and each line that speaks of what is planned without its mark."""
    for number, line in enumerate(_LIST.sub("", text).splitlines(), 1):
        told = _NAMES.sub("", _MARK.sub("", _FIGURE.sub("", line)))
        for digits in re.findall(r"(?<![\w.])\d[\d.,]*", re.sub(r"^\s*\d+\. ", "", told)):
            yield f"{number}: {digits} is no link to its figure"
        for name, one in marks.items():
            if one.spoken_of(told) and name not in [mark[2] for mark in _MARK.findall(line)]:
                yield f"{number}: speaks of what is planned ({name}) without a mark"


def refresh(root: Path) -> list[Path]:
    """Write each document again whose figures or marks have changed, and return these."""
    changed = []
    for path in (root / document for document in DOCUMENTS):
        text = path.read_text(encoding="utf-8")
        new = refreshed(text, figures.load(root), planned.load(root))
        if new != text:
            path.write_text(new, encoding="utf-8")
            changed.append(path)
    return changed
