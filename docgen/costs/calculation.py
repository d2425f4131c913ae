"""Compute what each design costs a month at each size."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from docgen.costs.figures import values
from docgen.costs.formulas import ModelError, Value, evaluate
from docgen.costs.model import Assumption, BySize, Change, Model

Figures = Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class Cost:
    """What an item costs at a size: a quantity times a price."""

    part: str
    quantity: float
    price: float

    @property
    def usd(self) -> float:
        """Dollars a month."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Result:
    """The computed model.

    Attributes:
        values: each assumption and derived value, by size and name.
        costs: the items of each design at each size, by (design, size) and name.
        people: dollars a month for people's hours, by (design, size).
        unmeasured: assumptions whose figures are not in bench/results.json yet.
    """

    values: dict[str, dict[str, float]]
    costs: dict[tuple[str, str], dict[str, Cost]]
    people: dict[tuple[str, str], float]
    unmeasured: tuple[str, ...]

    def usd(self, design: str, size: str) -> float:
        """Return a design's dollars a month at a size, without people."""
        return sum(cost.usd for cost in self.costs[design, size].values())

    def with_people(self, design: str, size: str) -> float:
        """Return a design's dollars a month at a size, with people's hours."""
        return self.usd(design, size) + self.people[design, size]

    def part(self, design: str, size: str, part: str) -> float:
        """Return the dollars a month of one part of a design."""
        return sum(cost.usd for cost in self.costs[design, size].values() if cost.part == part)


def calculate(model: Model, figures: Figures, change: Change | None = None, *, words: bool = True) -> Result:
    """Compute the model, with the measured figures and after a change.

    Args:
        words: whether texts, calls and photos are counted: the services that read them, and our own cores.

    Raises:
        ModelError: a formula is wrong. The message names the item.
    """
    change = change or Change(title="none")
    if not words:
        change = change.model_copy(update={"set": change.set | model.without_words})
    at_sizes: dict[str, dict[str, float]] = {}
    costs: dict[tuple[str, str], dict[str, Cost]] = {}
    for size in model.sizes:
        names = _values(model, figures, change, size)
        at_sizes[size] = names
        for key, design in model.designs.items():
            costs[key, size] = {
                name: Cost(
                    item.part, evaluate(item.quantity, names, f"item {key}.{name}, {size}"), _price(model, change, item.price_at(size))
                )
                for name, item in design.items.items()
            }
    people = {
        (key, size): at_sizes[size][design.people] * at_sizes[size]["people_usd_per_hour"]
        for key, design in model.designs.items()
        for size in model.sizes
    }
    unmeasured = tuple(name for name, one in model.assumptions.items() if one.figures and _measured(one, figures, name) is None)
    return Result(at_sizes, costs, people, unmeasured)


def _price(model: Model, change: Change, name: str) -> float:
    usd = model.prices[name].usd
    for pattern, factor in change.prices.items():
        usd *= factor if fnmatch(name, pattern) else 1.0
    return usd


def _values(model: Model, figures: Figures, change: Change, size: str) -> dict[str, float]:
    """Return the assumptions and the derived values at a size, by name."""
    names = {"scale": model.sizes[size].factor}
    for name, assumption in model.assumptions.items():
        measured = _measured(assumption, figures, name)
        value = change.set.get(name, assumption.value if measured is None else measured)
        names[name] = at(value, size) * change.multiply.get(name, 1.0)
    for name, derived in model.derived.items():
        names[name] = evaluate(derived.formula, names, f"derived {name}, {size}")
    return names


def at(value: BySize, size: str) -> float:
    """Return a value at a size."""
    return float(value[size]) if isinstance(value, dict) else float(value)


def _measured(assumption: Assumption, figures: Figures, name: str) -> BySize | None:
    """Return the value by its figures; None where it has none, or where they are not measured yet."""
    names: dict[str, Value] = {short: values(figures[full]) for short, full in assumption.figures.items() if full in figures}
    if not assumption.figures or len(names) < len(assumption.figures) or not all(names.values()):
        return None
    return evaluate(assumption.formula, names, f"assumption {name}")


def unused(model: Model) -> list[str]:
    """Return the assumptions, derived values and prices that nothing uses."""
    formulas = [derived.formula for derived in model.derived.values()]
    formulas += [item.quantity for design in model.designs.values() for item in design.items.values()]
    words = {word for formula in formulas for word in _words(formula)} | {design.people for design in model.designs.values()}
    priced = {item.price_at(size) for design in model.designs.values() for item in design.items.values() for size in model.sizes}
    sourced = {price.source for price in model.prices.values()}
    free = {"go_live_usd"}
    return sorted(
        {name for name in (*model.assumptions, *model.derived) if name not in words | free}
        | (set(model.prices) - priced)
        | (set(model.sources) - sourced)
    )


def _words(formula: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter == "_" else " " for letter in formula).split()


def break_even(result: Result, design: str, other: str, size: str) -> float:
    """Return how many hours of people a month make up the difference between two designs' costs at a size.

    It is positive if the design costs less than the other one: then it may take so many hours more.

    Raises:
        ModelError: an hour costs nothing.
    """
    usd_per_hour = result.values[size]["people_usd_per_hour"]
    if usd_per_hour == 0:
        raise ModelError("people_usd_per_hour must be above 0")
    return (result.usd(other, size) - result.usd(design, size)) / usd_per_hour
