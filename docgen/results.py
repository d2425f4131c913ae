"""Read and write bench/results.json: the newest figure of each measurement, sorted by name, one a line."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: The file, below the root of the repository.
RESULTS = Path("bench/results.json")
#: The machine of a figure that was computed from prices and assumptions.
COMPUTED = "computed"


def read(path: Path) -> list[dict[str, Any]]:
    """Return the figures of a file; none if there is no file."""
    figures: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return figures


def write(path: Path, figures: Iterable[dict[str, Any]]) -> None:
    """Write figures in the order of their names."""
    ordered = sorted(figures, key=lambda figure: str(figure["name"]))
    lines = ",\n".join(f"  {json.dumps(figure, ensure_ascii=False)}" for figure in ordered)
    path.write_text(f"[\n{lines}\n]\n" if ordered else "[]\n", encoding="utf-8")
