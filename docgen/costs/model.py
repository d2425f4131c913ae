"""The cost model as it stands in docs/costs/model.yaml: sizes, assumptions, prices, and the items of each design."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from docgen.costs.formulas import ModelError

MODEL = Path("docs/costs/model.yaml")
#: A value for all sizes, or one for each.
BySize = float | dict[str, float]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Size(_Part):
    """A size of the trade."""

    title: str
    factor: float
    what: str


class Assumption(_Part):
    """A value that a reader can change.

    Attributes:
        kind: measured here; a setting or contract of ours; a vendor's document; assumed; or yours to set.
        value: the value, or the value until the figures are measured.
        figures: names of figures in bench/results.json, each by the name that the formula uses.
        formula: the value as a formula of these figures; each of them is a list of rounds.
        source: where the value comes from: an address, or a file of this repository; empty for an assumption.
    """

    kind: Literal["measured", "ours", "documented", "assumed", "yours"]
    value: BySize
    unit: str
    why: str
    date: date
    source: str = ""
    figures: dict[str, str] = {}
    formula: str = ""


class Derived(_Part):
    """A value that is computed from others, the same for all designs."""

    formula: str
    unit: str
    what: str


class Source(_Part):
    """A list of prices.

    Attributes:
        grade: the vendor's own; read from the vendor's page or price list by a third party; a third party's word alone.
    """

    url: str
    date: date
    what: str
    grade: Literal["vendor", "read", "third"]


class Price(_Part):
    """A price in US dollars."""

    usd: float
    unit: str
    what: str
    source: str
    region: str = "us-east-1"


class Item(_Part):
    """Something that costs: a quantity in a month times a price.

    Attributes:
        part: what it serves; the keys of Model.parts.
        price: name of a price; or by size.
    """

    title: str
    part: str
    quantity: str
    price: str | dict[str, str]

    def price_at(self, size: str) -> str:
        """Return the name of the price at a size."""
        return self.price if isinstance(self.price, str) else self.price[size]


class Design(_Part):
    """A way to build the platform.

    Attributes:
        priced_as: what a reader of its sums must know about their prices.
        people: name of the assumption that has its hours of people.
    """

    title: str
    what: str
    priced_as: str
    freshness: str
    availability: str
    people: str
    items: dict[str, Item]


class Change(_Part):
    """A change of the model that shows what the answer depends on.

    Attributes:
        set: new values of assumptions.
        multiply: factors of assumptions.
        prices: factors of prices, by a pattern of their names.
        words: whether it is shown with texts, calls and photos, whose cost would otherwise hide what it does.
    """

    title: str
    words: bool = False
    set: dict[str, BySize] = {}
    multiply: dict[str, float] = {}
    prices: dict[str, float] = {}


class Tool(_Part):
    """A tool alone.

    Attributes:
        items: what it costs: items of designs, each as `design.item`.
    """

    title: str
    what: str
    items: list[str]


class Model(_Part):
    """The whole cost model.

    Attributes:
        without_words: values of assumptions where texts, calls and photos are left out.
    """

    date: date
    sizes: dict[str, Size]
    parts: dict[str, str]
    assumptions: dict[str, Assumption]
    derived: dict[str, Derived]
    sources: dict[str, Source]
    prices: dict[str, Price]
    designs: dict[str, Design]
    changes: list[Change]
    without_words: dict[str, BySize]
    tools: list[Tool]
    missing: list[str]

    @model_validator(mode="after")
    def _names_exist(self) -> "Model":
        names = [*self.assumptions, *self.derived]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ModelError(f"both an assumption and derived: {', '.join(twice)}")
        for name, assumption in self.assumptions.items():
            self._sized(assumption.value, f"assumption {name}")
            if bool(assumption.figures) != bool(assumption.formula):
                raise ModelError(f"assumption {name}: figures and their formula belong together")
            if not assumption.source and assumption.kind not in ("assumed", "yours"):
                raise ModelError(f"assumption {name}: a value that is {assumption.kind} needs a source")
        for name, price in self.prices.items():
            _known(price.source, self.sources, f"price {name}", "source")
        for key, design in self.designs.items():
            _known(design.people, self.assumptions, f"design {key}", "assumption")
            for name, item in design.items.items():
                _known(item.part, self.parts, f"item {key}.{name}", "part")
                self._sized(item.price, f"item {key}.{name}")
                for size in self.sizes:
                    _known(item.price_at(size), self.prices, f"item {key}.{name}", "price")
        for change in (*self.changes, Change(title="without_words", set=self.without_words)):
            for name, value in change.set.items():
                _known(name, self.assumptions, f"change '{change.title}'", "assumption")
                self._sized(value, f"change '{change.title}'")
            for name in change.multiply:
                _known(name, self.assumptions, f"change '{change.title}'", "assumption")
        return self

    @model_validator(mode="after")
    def _items_of_tools_exist(self) -> "Model":
        items = {f"{key}.{name}": item for key, design in self.designs.items() for name, item in design.items.items()}
        for tool in self.tools:
            for name in tool.items:
                _known(name, items, f"tool '{tool.title}'", "item")
        return self

    def _sized(self, value: object, where: str) -> None:
        if isinstance(value, dict) and set(value) != set(self.sizes):
            raise ModelError(f"{where}: give one value, or one for each of {', '.join(self.sizes)}")


def _known(name: str, names: Mapping[str, object], where: str, kind: str) -> None:
    if name not in names:
        raise ModelError(f"{where}: there is no {kind} '{name}'")


def read(text: str) -> Model:
    """Return the model of a text in YAML.

    Raises:
        ModelError: the text is no valid model.
    """
    try:
        return Model.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ModelError(f"{MODEL}: {error}") from error
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}".lstrip(": ") for one in error.errors())
        raise ModelError(f"{MODEL}: {told}") from error


def load(root: Path) -> Model:
    """Return the model of the repository.

    Raises:
        ModelError: the file is no valid model.
    """
    return read((root / MODEL).read_text(encoding="utf-8"))
