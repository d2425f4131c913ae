"""The documents are readable and correct: lines are short, decisions have a date, and links, commands and paths exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.compose_platform import ROOT

#: Folders without documents of this repository.
NOT_OURS = {".build", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", "target"}
LONGEST_LINE, LONGEST_README = 200, 120
#: The top folders by which a path of the repository is known.
TOP = (
    "batch",
    "bench",
    "docgen",
    "docs",
    "flink_jobs",
    "images",
    "lake",
    "producers",
    "requirements",
    "schemas",
    "scripts",
    "superset",
    "tests",
    "tillstream",
)
#: The end of a sentence and the start of another in one line.
TWO_SENTENCES = re.compile(r"[a-z0-9)`%\"”][.?!] +(?=[A-Z`\[*\"“])")
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_TARGETS = re.compile(r"^([a-z-]+):", re.MULTILINE)


def documents() -> list[Path]:
    """Return every Markdown file of the repository."""
    return sorted(path for path in ROOT.rglob("*.md") if not NOT_OURS & set(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    """Return a document's name as a test's id."""
    return str(path.relative_to(ROOT))


def lines(path: Path, *, code: bool = False) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line, or only of those outside blocks of code."""
    fenced = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif code or not fenced:
            yield number, line


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Return number and text of each line outside tables and blocks of code."""
    return ((number, line) for number, line in lines(path) if not line.lstrip().startswith("|"))


def anchors(path: Path) -> set[str]:
    """Return the names by which a document's headings are linked."""
    headings = (line.lstrip("#").strip().lower() for _, line in lines(path) if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


DOCUMENTS = documents()
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_no_line_is_longer_than_a_reader_follows(path: Path) -> None:
    assert [f"{number}: {len(line)} characters" for number, line in prose(path) if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_line_has_one_sentence(path: Path) -> None:
    told = ((number, re.sub(r"^\s*(\d+\.|[-*])\s+|^#+ \d+\. ", "", line)) for number, line in prose(path))
    assert [f"{number}: {line}" for number, line in told if TWO_SENTENCES.search(_CODE.sub("`x`", line))] == []


def test_the_readme_is_read_in_one_go() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LONGEST_README


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_a_decision_has_a_number_a_status_a_date_and_says_what_why_and_what_was_measured(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {path.name[2:4]}\. \S", text)
    (status,) = re.findall(r"^Status: (.+)$", text, re.MULTILINE)
    assert re.match(r"(proposed|accepted|rejected|superseded)\b", status)
    (date,) = re.findall(r"^Date: (\d{4}-\d{2}-\d{2})$", text, re.MULTILINE)
    assert {"What", "Why", "Measured"} <= set(re.findall(r"^## (.+)$", text, re.MULTILINE))
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\({re.escape(path.name)}\) \| {date} \|", listed)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_link_leads_to_a_file_and_a_heading_that_exist(path: Path) -> None:
    broken = []
    for number, line in lines(path):
        for link in _LINK.findall(_CODE.sub("", line)):
            target, _, anchor = link.partition("#")
            found = (path.parent / target).resolve() if target else path
            if "://" not in link and not (found.exists() and (not anchor or anchor in anchors(found))):
                broken.append(f"{number}: {link}")
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_command_of_make_is_in_the_makefile(path: Path) -> None:
    there = set(_TARGETS.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    named = {
        (number, target)
        for number, line in lines(path, code=True)
        for part in (_CODE.findall(line) if "`" in line else [line] if line.startswith("make ") else [])
        for target in re.findall(r"(?:^|&& |, )make ([a-z][a-z-]*)", part)
    }
    assert [f"{number}: make {target}" for number, target in sorted(named) if target not in there] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_path_that_is_named_exists(path: Path) -> None:
    known = re.compile(rf"(?:{'|'.join(TOP)})/[\w./-]*")
    missing = [
        f"{number}: {part}"
        for number, line in lines(path)
        for part in _CODE.findall(line)
        if known.fullmatch(part) and not (ROOT / part).exists()
    ]
    assert missing == []
