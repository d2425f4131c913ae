"""Bring the answers of different stores into one form, and compare them exactly: no rounding, no tolerance."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bench.tiers.questions import Question
from tillstream.core.errors import TerminalError

Row = tuple[str | None, ...]
Answers = dict[str, dict[str, list[Row]]]
"""Rows of each answer, by the name of its question and its parameters as text."""


class InexactValueError(TerminalError):
    """A store answered with a value that cannot be compared exactly, such as a floating-point number."""

    def __init__(self, value: object) -> None:
        super().__init__(f"a store answered with {value!r} of type {type(value).__name__}")
        self.value = value


def text(value: Any) -> str | None:
    """Return a value as a text that is the same for equal values of different clients.

    Raises:
        InexactValueError: the value is a float, or of a type that no question asks for.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.replace(tzinfo=None).isoformat(timespec="microseconds")
    if isinstance(value, int | Decimal):
        number = Decimal(value) + 0
        return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize(), "f")
    raise InexactValueError(value)


def profile(rows: Iterable[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Return a customer's profile from the rows of the departments: the favourite is the one with the highest spend."""
    departments = list(rows)
    favourite = min(departments, key=lambda row: (-row[3], row[0]))[0]
    sums = (sum(row[column] for row in departments) for column in (1, 2, 3))
    return [(*sums, max(row[4] for row in departments), favourite)]


#: The functions that questions.yaml names.
MAKERS = {"profile": profile}


def made(question: Question, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the answer that the rows of the question's query make."""
    return MAKERS[question.answer](rows) if question.answer else rows


def canonical(question: Question, rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Return the rows of an answer as texts, sorted unless their order is a part of the answer."""
    texts = [tuple(map(text, row)) for row in rows]
    return texts if question.ordered else sorted(texts, key=lambda row: [(value is not None, value or "") for value in row])


def difference(question: Question, one: Sequence[Row], other: Sequence[Row]) -> str:
    """Return the first difference between two answers in words; empty if they are equal."""
    if list(one) == list(other):
        return ""
    if question.ordered:
        place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
        return f"row {place + 1}: {_at(one, place)} against {_at(other, place)}"
    rows, others = ({row[: question.key]: row for row in answer} for answer in (one, other))
    for key in sorted(rows.keys() | others.keys(), key=str):
        if rows.get(key) != others.get(key):
            return f"{rows.get(key, 'no row')} against {others.get(key, 'no row')}"
    return f"{len(one)} rows against {len(other)}"


def _at(rows: Sequence[Row], place: int) -> Row | str:
    return rows[place] if place < len(rows) else "no row"


def differences(by_name: dict[str, Question], stores: dict[str, Answers]) -> list[str]:
    """Return what differs between the first store's answers and each other's, a line for each question and store."""
    first, *others = stores
    found = []
    for other in others:
        for name, question in by_name.items():
            mine, theirs = stores[first].get(name, {}), stores[other].get(name, {})
            if (mine or theirs) and not mine.keys() & theirs.keys():
                found.append(f"{name}: {first} and {other} were not asked the same")
            for asked in sorted(mine.keys() & theirs.keys()):
                if told := difference(question, mine[asked], theirs[asked]):
                    found.append(f"{name} {asked}: {first} against {other}: {told}")
                    break
    return found
