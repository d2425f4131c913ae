"""Figures by name, from the file that the measurements write: no document has a figure that nobody measured."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from docgen.results import RESULTS, read
from tillstream.core.errors import TerminalError

#: A figure that is older is still shown, but whoever makes the slides is told.
OLD_DAYS = 60
#: What stands where a figure is to come.
PENDING = "pending"


class FigureError(TerminalError):
    """A document names a figure that was not measured, or shows it in a way that does not exist."""


@dataclass(frozen=True)
class Figure:
    """A measured value, or the values of several rounds, and what repeats the measurement.

    Attributes:
        missing: why there is no value yet; empty for a measured figure.
    """

    name: str
    values: tuple[float, ...]
    unit: str
    date: date
    machine: str
    command: str
    note: str = ""
    missing: str = ""

    def shown(self, filters: Sequence[str] = ()) -> str:
        """Return the figure as a document shows it.

        Without a filter it is the value, or the range of several rounds. The filters are `min`, `max`, `median`, `minutes` (of seconds),
        `round N` (to N significant digits) and `unit` (with its unit).

        Raises:
            FigureError: there is no such filter.
        """
        if self.missing:
            return PENDING
        values, unit, digits = list(self.values), "", 0
        for step in filters:
            word, _, number = step.partition(" ")
            if word in _CHOICES:
                values = [_CHOICES[word](values)]
            elif word == "minutes" and self.unit == "s":
                values = [value / 60 for value in values]
            elif word == "round" and number.isdigit():
                digits = int(number)
            elif word == "unit":
                unit = f" {'min' if 'minutes' in filters else self.unit}"
            else:
                raise FigureError(f"{{{{{self.name}}}}}: there is no filter '{step}' for a figure in {self.unit}")
        texts = [_written(value, digits) for value in (min(values), max(values))]
        return (texts[0] if texts[0] == texts[1] else f"{texts[0]} to {texts[1]}") + unit

    def source(self) -> str:
        """Return where the figure comes from, in one line."""
        rounds = ", ".join(_written(value, 0) for value in self.values) or self.missing
        return f"{self.name}: {rounds} {self.unit}; {self.date}, {self.machine}, {self.command}" + (f" ({self.note})" if self.note else "")


_CHOICES: dict[str, Callable[[list[float]], float]] = {"min": min, "max": max, "median": statistics.median}


def _written(value: float, digits: int) -> str:
    """Return a number with separators, rounded to a number of significant digits unless that is 0."""
    rounded = float(f"{value:.{digits}g}") if digits else float(value)
    return f"{int(rounded):,}" if rounded.is_integer() else f"{rounded:,}"


def load(root: Path) -> dict[str, Figure]:
    """Return all figures by name.

    Raises:
        FigureError: two figures have one name, or one has neither a value nor a reason why it is missing.
    """
    figures: dict[str, Figure] = {}
    for entry in read(root / RESULTS):
        figure = _figure(entry)
        if figure.name in figures:
            raise FigureError(f"{RESULTS} has the figure {figure.name} twice")
        figures[figure.name] = figure
    return figures


def _figure(entry: dict[str, Any]) -> Figure:
    value, missing = entry["value"], entry.get("missing", "")
    if (value is None) != bool(missing):
        raise FigureError(f"{RESULTS}: {entry['name']} needs a value, or under 'missing' the reason why it has none")
    values = () if value is None else tuple(value) if isinstance(value, list) else (value,)
    told = {key: entry.get(key, "") for key in ("unit", "machine", "command", "note")}
    return Figure(entry["name"], values, date=date.fromisoformat(entry["date"]), missing=missing, **told)


def find(figures: dict[str, Figure], reference: str) -> tuple[Figure, str]:
    """Return the figure that a reference such as `sales.rate, max, unit` names, and the text that it shows.

    Raises:
        FigureError: no measurement has written this figure.
    """
    name, *filters = (part.strip() for part in reference.split(","))
    if name not in figures:
        raise FigureError(f"the figure {name} is not in {RESULTS}: measure it, or take it out")
    return figures[name], figures[name].shown(filters)


def old(used: Sequence[Figure], today: date) -> list[str]:
    """Return a warning for each figure that was measured too long ago."""
    return [f"{one.name} is from {one.date}: repeat {one.command}" for one in used if (today - one.date).days > OLD_DAYS]
