"""Module docstrings of the platform begin in the imperative or with a noun, as ruff's D401 asks of functions."""

import ast

import pytest

from tests.support.compose_platform import ROOT

#: Verbs with which docstrings of this repository begin or have begun, in the third person.
THIRD_PERSON = frozenset(
    [
        "adds",
        "answers",
        "asks",
        "awaits",
        "begins",
        "builds",
        "calls",
        "checks",
        "classifies",
        "clears",
        "closes",
        "collects",
        "compares",
        "computes",
        "connects",
        "converts",
        "copies",
        "counts",
        "creates",
        "decides",
        "decodes",
        "defines",
        "deletes",
        "deploys",
        "describes",
        "draws",
        "drops",
        "ends",
        "explains",
        "fetches",
        "fills",
        "finds",
        "follows",
        "gives",
        "groups",
        "holds",
        "imports",
        "injects",
        "keeps",
        "lists",
        "loads",
        "makes",
        "marks",
        "measures",
        "moves",
        "opens",
        "parses",
        "prints",
        "publishes",
        "puts",
        "quarantines",
        "queries",
        "reads",
        "rebuilds",
        "records",
        "registers",
        "removes",
        "renames",
        "replays",
        "reports",
        "restores",
        "returns",
        "rewrites",
        "runs",
        "says",
        "seeds",
        "sends",
        "serves",
        "sets",
        "shows",
        "simulates",
        "starts",
        "stops",
        "stores",
        "submits",
        "tells",
        "tests",
        "tries",
        "turns",
        "understands",
        "updates",
        "uploads",
        "validates",
        "verifies",
        "waits",
        "watches",
        "works",
        "writes",
    ]
)


def in_third_person(docstring: str) -> bool:
    """Return whether a docstring begins with a verb as in "Reads the file", and not with a noun as in "Counts of files"."""
    first, second, *_ = [*docstring.lower().split(), "", ""]
    return first.strip(".,:;") in THIRD_PERSON and second != "of"


@pytest.mark.parametrize(
    ("docstring", "found"),
    [
        ("Reads a file.", True),
        ("Validates.", True),
        ("Counts the attempts.", True),
        ("Counts of attempts.", False),
        ("Read a file.", False),
        ("Settings of a peer.", False),
        ("Process a day.", False),
        ("Clients: Trino and Redis.", False),
        ("Dagster's assets.", False),
        ("", False),
    ],
)
def test_a_verb_in_the_third_person_is_told_from_a_noun(docstring: str, found: bool) -> None:
    assert in_third_person(docstring) == found


@pytest.mark.parametrize("folder", ["tillstream", "batch", "producers", "flink_jobs", "docgen", "bench"])
def test_no_docstring_of_a_module_begins_in_the_third_person(folder: str) -> None:
    docstrings = {
        str(path.relative_to(ROOT)): ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for path in (ROOT / folder).rglob("*.py")
    }
    assert docstrings
    assert {path: text.splitlines()[0] for path, text in docstrings.items() if in_third_person(text)} == {}
