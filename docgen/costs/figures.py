"""Take measured figures from bench/results.json, and record those of the cost model there."""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from docgen.results import RESULTS, read, write


@dataclass(frozen=True)
class Figure:
    """A figure, and what repeats it."""

    name: str
    value: float
    unit: str
    date: date
    machine: str
    command: str
    note: str = ""


def load(root: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of the file by name; none if there is no file."""
    return {entry["name"]: entry for entry in read(root / RESULTS)}


def values(entry: dict[str, Any]) -> list[float]:
    """Return the values of an entry: those of several rounds, one, or none if it was not measured yet."""
    value = entry["value"]
    return [] if value is None else [float(one) for one in value] if isinstance(value, list) else [float(value)]


def entry(figure: Figure) -> dict[str, Any]:
    """Return a figure as an entry of the file."""
    return asdict(figure) | {"date": figure.date.isoformat()}


def record(root: Path, *figures: Figure, replace: str = "") -> None:
    """Store figures in place of earlier ones of their names, and of all whose names begin with `replace`."""
    names = {figure.name for figure in figures}
    kept = (old for name, old in load(root).items() if name not in names and not (replace and name.startswith(replace)))
    write(root / RESULTS, [*kept, *map(entry, figures)])
