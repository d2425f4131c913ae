"""Load the eight questions, and bind a question's parameters for each kind of store."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import yaml

from tillstream.core.sql_templates import quoted

#: A moment is UTC with a time zone; everything else is a text.
Parameters = dict[str, str | datetime]
_PARAMETER = re.compile(r"(?<!:):([a-z]+)")


@dataclass(frozen=True)
class Question:
    """A question of a retailer.

    Attributes:
        name: its name in figures.
        text: the question in plain English.
        parameters: names of its parameters.
        key: how many columns name a row of the answer.
        sql: the query, with ${lines}, ${stock} and :parameters.
        ordered: whether the order of the rows is a part of the answer.
        answer: function of answers.py that makes the answer from the rows; empty if the rows are the answer.
    """

    name: str
    text: str
    parameters: tuple[str, ...]
    key: int
    sql: str
    ordered: bool = False
    answer: str = ""


def questions() -> dict[str, Question]:
    """Return the questions by name, in their order."""
    document = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8"))
    return {name: Question(name=name, **entry | {"parameters": tuple(entry["parameters"])}) for name, entry in document.items()}


def bound(question: Question, lines: str, stock: str, mark: Callable[[str], str]) -> str:
    """Return the query with its tables, and each parameter in the way that `mark` writes it."""
    return _PARAMETER.sub(lambda match: mark(match[1]), Template(question.sql).substitute(lines=lines, stock=stock))


def order(question: Question) -> list[str]:
    """Return the names of the parameters in the order in which the query has them, for clients that bind by position."""
    return _PARAMETER.findall(question.sql)


def literal(value: str | datetime) -> str:
    """Return a value as a literal of Trino."""
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC'"
    return f"'{quoted(value)}'"


def as_json(parameters: Parameters) -> dict[str, str]:
    """Return parameters for a JSON file."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in parameters.items()}


def from_json(document: dict[str, str]) -> Parameters:
    """Return the parameters of a JSON file. The names `start` and `end` are moments."""
    return {name: datetime.fromisoformat(value) if name in ("start", "end") else value for name, value in document.items()}
