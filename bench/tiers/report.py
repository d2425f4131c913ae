"""Print the measurement as tables, and record its figures."""

import os
from collections.abc import Callable

from bench.at_rest import table
from bench.results import record, remove
from bench.tiers.measure import PLACES, Measured
from bench.tiers.questions import questions

COMMAND = "make bench-tiers"


def report(stores: list[Measured]) -> str:
    """Return the tables: the times of each question, what the stores cost, and what a crash lost."""
    titles = ["", *(PLACES[figures.store].title for figures in stores)]
    asked = [[question.text, *(_times(figures, question.name) for figures in stores)] for question in questions().values()]
    first = [
        [question.text, *(f"{figures.times[question.name]['first_ms']:,.6g}" for figures in stores)] for question in questions().values()
    ]
    rows: dict[str, Callable[[Measured], str]] = {
        "lines/s while loading, with the stock": lambda one: f"{one.load['lines'] / one.load['seconds']:,.0f}" if one.load else "-",
        "CPU s a million lines, without the client": lambda one: f"{_cpu(one):.1f}" if one.load else "-",
        "MB of data and indexes": lambda one: f"{one.load['bytes'] / 1e6:,.0f}" if one.load else "-",
        "data files": lambda one: f"{one.load['files']:,}" if "files" in one.load else "-",
        "memory after the questions, MB": lambda one: f"{one.memory_mb:,.0f}",
        "rows/s in acknowledged batches of ten": lambda one: f"{_write_rate(one):,.0f}" if one.drill else "-",
        "acknowledged rows, then lost by a crash": lambda one: f"{one.drill['acknowledged']:,}, {lost(one):,}" if one.drill else "-",
        "loaded lines after it": lambda one: f"{one.drill['loaded']:,}" if one.drill else "-",
        "answers again after, s": lambda one: f"{one.drill['answers_after_seconds']:.1f}" if "answers_after_seconds" in one.drill else "-",
    }
    costs = [[title, *map(cell, stores)] for title, cell in rows.items()]
    parts = [
        "p50 · p99 in ms, with the number of askings; a maximum (max) stands for the p99 of fewer than a hundred askings:",
        table(titles, asked),
        "The very first asking in ms, with nothing read before:",
        table(titles, first),
        "What each store costs, and what a crash loses (Iceberg: an insert abandoned before its commit, nothing is killed):",
        table(titles, costs),
        f"load {os.getloadavg()[0]:.1f}",
    ]
    return "\n\n".join(["", *parts])


def _times(figures: Measured, question: str) -> str:
    times = figures.times[question]
    worst = f"{times['p99_ms']:,.6g}" if "p99_ms" in times else f"max {times['max_ms']:,.6g}"
    return f"{times['p50_ms']:,.6g} · {worst} ({times['n']:.0f})"


def _cpu(figures: Measured) -> float:
    return float(figures.load["cpu_seconds"] / figures.load["lines"] * 1e6)


def _write_rate(figures: Measured) -> float:
    return float(figures.drill["acknowledged"] / figures.drill["seconds"])


def lost(figures: Measured) -> int:
    """Return how many acknowledged rows a store does not have after its crash."""
    return int(figures.drill["acknowledged"] - figures.drill["written"])


def record_figures(stores: list[Measured], size: str) -> None:
    """Record the figures of the stores, in place of all earlier ones of these stores.

    Args:
        stores: what was measured.
        size: the size of the measurement in words, which every figure's note has.
    """
    for figures in stores:
        prefix = f"tiers.{figures.store}."
        remove(prefix)
        for name, (value, unit, note) in _figures(figures).items():
            record(f"{prefix}{name}", value, unit, COMMAND, f"{size}; {note}" if note else size)


def _figures(one: Measured) -> dict[str, tuple[float, str, str]]:
    """Return value, unit and note of each figure of a store, by name."""
    found: dict[str, tuple[float, str, str]] = {"memory_mb": (round(one.memory_mb), "MB", "")}
    for question, times in one.times.items():
        for statistic in ("first_ms", "p50_ms", "p99_ms", "max_ms"):
            if statistic in times:
                found[f"{question}.{statistic}"] = (times[statistic], "ms", f"{times['n']:.0f} askings")
    if one.load:
        found["load.lines_per_s"] = (round(one.load["lines"] / one.load["seconds"]), "lines/s", "")
        found["load.cpu_s_per_million_lines"] = (round(_cpu(one), 1), "s", "without the client")
        found["data_mb"] = (round(one.load["bytes"] / 1e6), "MB", "data and indexes")
    if "files" in one.load:
        found["files"] = (one.load["files"], "files", "")
    if one.drill:
        found["write.rows_per_s"] = (round(_write_rate(one)), "rows/s", "acknowledged batches of ten rows, one client")
        crash = "killed" if "answers_after_seconds" in one.drill else "an insert was abandoned, nothing was killed"
        found["restart.lost_rows"] = (lost(one), "rows", f"of {one.drill['acknowledged']:,} acknowledged; {crash}")
        found["restart.loaded_lines"] = (one.drill["loaded"], "lines", f"of {one.load['lines']:,} loaded; {crash}")
    if "answers_after_seconds" in one.drill:
        found["restart.answers_after_s"] = (round(one.drill["answers_after_seconds"], 1), "s", "after a kill")
    return found
