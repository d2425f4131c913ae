"""Make the slides: `python -m docgen.slides` writes docs/proposal/out/ and says what is wrong; `make slides` installs first what it needs."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from docgen.slides import documents, figures, powerpoint, proposal, rendered, web
from tillstream.core.errors import TillstreamError

ROOT = Path(__file__).parent.parent.parent
OUT = Path("docs/proposal/out")
NAME = "tillstream-proposal"
#: The file that says what the files beside it were made from.
MADE_FROM = "made-from.sha256"


def main() -> int:
    """Write the slides, and return 1 if anything is wrong with them."""
    try:
        made = proposal.build(ROOT)
        changed = documents.refresh(ROOT)
    except TillstreamError as error:
        return _told([str(error)])
    for path in changed:
        _say(f"written again, because a figure or a mark has changed: {path.relative_to(ROOT)}")
    for figure in made.used.values():
        if figure.missing:
            _say(f"warning: {figure.name} is to come: {figure.missing}")
    for warning in figures.old(list(made.used.values()), datetime.now(UTC).date()):
        _say(f"warning: {warning}")
    if made.problems:
        return _told(list(made.problems))
    return _told(_write(made))


def _write(made: proposal.Proposal) -> list[str]:
    """Write page, PDF and PowerPoint file, and return what other programs see wrong in them."""
    folder = ROOT / OUT
    folder.mkdir(parents=True, exist_ok=True)
    page, printed, deck = (folder / f"{NAME}.{kind}" for kind in ("html", "pdf", "pptx"))
    page.write_text(web.page(made.title, made.pages), encoding="utf-8")
    powerpoint.save(deck, made.title, made.pages)
    problems = rendered.print_page(page, printed)
    if shutil.which("soffice") and shutil.which("pdftotext"):
        problems += rendered.open_deck(deck, made.pages)
    else:
        _say("warning: LibreOffice or pdftotext is not here, so nobody has opened the PowerPoint file")
    (folder / MADE_FROM).write_text(web.digest(made.title, made.pages) + "\n", encoding="utf-8")
    for path in (page, printed, deck):
        _say(f"{path.relative_to(ROOT)}: {len(made.pages)} slides, {path.stat().st_size / 1e6:.1f} MB")
    return problems


def _told(problems: list[str]) -> int:
    for problem in problems:
        _say(f"error: {problem}")
    return 1 if problems else 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
