"""Keep the newest figure of each measurement in bench/results.json, for documents and slides to refer to.

The file is a list of objects {"name", "value", "unit", "date", "machine", "command", "note"}, sorted by name, one a line. A value is a number, or
a list with the number of each round. A figure replaces the earlier one of its name. A measurement records only what it measured at its default
size, so that a quick trial replaces no figure.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from docgen import results

RESULTS = Path(__file__).parents[1] / results.RESULTS


def machine() -> str:
    """Return the machine's size in words."""
    gibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} cores, {gibibytes:.0f} GiB"


def record(name: str, value: float | Sequence[float], unit: str, command: str, note: str = "", path: Path = RESULTS) -> None:
    """Store a figure with today's date and this machine, in place of the earlier one.

    Args:
        name: dotted name, from the measurement to the figure, such as tiers.redis.basket_by_id.p50_ms.
        value: the figure, or that of each round.
        unit: its unit, such as ms or lines/s.
        command: the command that repeats the measurement.
        note: what a reader must know beside it.
        path: the file.
    """
    figure = {
        "name": name,
        "value": value,
        "unit": unit,
        "date": f"{datetime.now(tz=UTC):%Y-%m-%d}",
        "machine": machine(),
        "command": command,
        "note": note,
    }
    results.write(path, [*(other for other in results.read(path) if other["name"] != name), figure])


def remove(prefix: str, path: Path = RESULTS) -> None:
    """Remove the figures whose names begin so. A measurement calls it first if it does not record the same figures each time."""
    results.write(path, [figure for figure in results.read(path) if not figure["name"].startswith(prefix)])
