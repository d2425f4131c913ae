"""Write docs/costs/README.md and what tools cost alone from docs/costs/model.yaml, and record the totals in bench/results.json: `make costs`."""

import logging
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from docgen.costs import figures, model, tools
from docgen.costs.calculation import Result, calculate
from docgen.costs.figures import Figure
from docgen.costs.formulas import ModelError
from docgen.costs.model import Model
from docgen.costs.page import page
from docgen.costs.tables import number
from docgen.results import COMPUTED, RESULTS

ROOT = Path(__file__).parent.parent.parent
PAGE = Path("docs/costs/README.md")
log = logging.getLogger("docgen.costs")


def totals(made: Model, result: Result, wordless: Result) -> Iterator[Figure]:
    """Yield the figures to record, rounded to three digits: what each design costs and saves a month at each size, and what going live costs."""
    first, *others = made.designs
    people, words = "with people's hours as assumed", "texts, calls and photos"
    saved = f"dollars that {made.designs[first].title} costs less, {people}"
    kinds: dict[str, tuple[str, Callable[[str, str], float], list[str]]] = {
        "month": ("machines and services, without people", result.usd, [first, *others]),
        "month_without_words": (f"without people, {words}", wordless.usd, [first, *others]),
        "month_with_people": (people, result.with_people, [first, *others]),
        "saved_a_month": (saved, partial(_saved, result, first), others),
        "saved_a_month_without_words": (f"{saved}, without {words}", partial(_saved, wordless, first), others),
    }
    for kind, (note, usd, designs) in kinds.items():
        for key in designs:
            for size, one in made.sizes.items():
                told = f"{made.designs[key].title} at {one.title}: {note}; list prices of AWS us-east-1, docs/costs/README.md"
                yield _figure(made, f"{kind}.{key}.{size}", usd(key, size), told)
    go_live = next(iter(result.values.values()))["go_live_usd"]
    yield _figure(made, "go_live", go_live, "people's hours until the platform is live, once; docs/costs/README.md")


def _saved(result: Result, first: str, other: str, size: str) -> float:
    """Return how many dollars a month the first design costs less than another one, with people's hours; negative if it costs more."""
    return result.with_people(other, size) - result.with_people(first, size)


def _figure(made: Model, name: str, usd: float, note: str) -> Figure:
    return Figure(f"cost.{name}", float(f"{usd:.3g}"), "USD", made.date, COMPUTED, "make costs", note)


def main() -> None:
    """Write the pages and record the totals, or say what is wrong in the model."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        made = model.load(ROOT)
        known = figures.load(ROOT)
        result, wordless = calculate(made, known), calculate(made, known, words=False)
        (ROOT / PAGE).write_text(page(made, known), encoding="utf-8")
        written = tools.write(ROOT, made, result)
    except ModelError as error:
        sys.exit(f"error: {error}")
    figures.record(ROOT, *totals(made, result, wordless), replace="cost.")
    for key, design in made.designs.items():
        log.info(
            "%-18s %s", design.title, "  ".join(f"{one.title} {number(result.usd(key, size))} USD" for size, one in made.sizes.items())
        )
    log.info("written: %s, cost.* in %s", ", ".join(map(str, (PAGE, *written))), RESULTS)
    if result.unmeasured:
        log.info("not measured yet, so the values of the model hold: %s", ", ".join(result.unmeasured))


if __name__ == "__main__":
    main()
