"""Write docs/costs/README.md from docs/costs/model.yaml, and record the totals in bench/results.json: `make costs`."""

import logging
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from docgen.costs import figures, model
from docgen.costs.calculation import Result, calculate
from docgen.costs.figures import Figure
from docgen.costs.formulas import ModelError
from docgen.costs.model import Model
from docgen.costs.page import page
from docgen.costs.tables import number
from docgen.results import RESULTS

ROOT = Path(__file__).parent.parent.parent
PAGE = Path("docs/costs/README.md")
log = logging.getLogger("docgen.costs")


def totals(made: Model, result: Result) -> Iterator[Figure]:
    """Yield the figures to record: each design's dollars a month at each size, rounded to three digits."""
    kinds: dict[str, tuple[str, Callable[[str, str], float]]] = {
        "month": ("machines and services, without people", result.usd),
        "month_without_words": ("without people, texts, calls and photos", partial(result.usd, without="words")),
        "month_with_people": ("with people's hours as assumed", result.with_people),
    }
    for kind, (note, usd) in kinds.items():
        for key, design in made.designs.items():
            for size, one in made.sizes.items():
                value = float(f"{usd(key, size):.3g}")
                told = f"{design.title} at {one.title}: {note}; list prices of AWS us-east-1, docs/costs/README.md"
                yield Figure(f"cost.{kind}.{key}.{size}", value, "USD", made.date, "computed", "make costs", told)


def main() -> None:
    """Write the page and record the totals, or say what is wrong in the model."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        made = model.load(ROOT)
        known = figures.load(ROOT)
        result = calculate(made, known)
        (ROOT / PAGE).write_text(page(made, known), encoding="utf-8")
    except ModelError as error:
        sys.exit(f"error: {error}")
    figures.record(ROOT, *totals(made, result), replace="cost.")
    for key, design in made.designs.items():
        log.info(
            "%-18s %s", design.title, "  ".join(f"{one.title} {number(result.usd(key, size))} USD" for size, one in made.sizes.items())
        )
    log.info("written: %s, cost.* in %s", PAGE, RESULTS)
    if result.unmeasured:
        log.info("not measured yet, so the values of the model hold: %s", ", ".join(result.unmeasured))


if __name__ == "__main__":
    main()
