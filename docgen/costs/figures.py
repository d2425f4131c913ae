"""Read and write bench/results.json: the newest figure of each measurement, sorted by name, one a line as bench/results.py writes it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

RESULTS = Path("bench/results.json")


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
    path = root / RESULTS
    entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {entry["name"]: entry for entry in entries}


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
    _write(root / RESULTS, [*kept, *map(entry, figures)])


def _write(path: Path, entries: Iterable[dict[str, Any]]) -> None:
    ordered = sorted(entries, key=lambda one: str(one["name"]))
    lines = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in ordered)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
