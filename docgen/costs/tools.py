"""Write what tools cost alone: into docs/tools/prices.md, and again on the pages that repeat it."""

import re
from collections.abc import Iterator
from pathlib import Path

from docgen.costs.calculation import Cost, Result
from docgen.costs.formulas import evaluate
from docgen.costs.model import Model
from docgen.costs.tables import table

PRICES = Path("docs/tools/prices.md")
#: What the page tells about a size: a title, a formula of the model's values, and where the value comes from.
SIZES = (
    ("till lines a second, on average", "lines_s", "`LIVE_RATE` of `.env.example`"),
    ("till lines a day, million", "million_lines_day", "86,400 s"),
    ("till lines a month, million", "million_lines_day * days", "730 hours"),
    ("baskets a month, million", "baskets_day * days / 1000000", "`lines_basket`"),
    ("baskets a second in the busiest hour", "lines_s_peak / lines_basket", "`busiest_hour`"),
    ("GB that a year of lines takes in the lake", "lake_gb_day * 365", "`lake_bytes_line`"),
    ("GB of the full lake: all tables", "lake_gb", "`lake_other_tables`, `years_kept`"),
    ("GB of hot figures", "hot_gb", "`stock_pairs`, `customers`"),
    ("customers' texts a month, thousand", "texts / 1000", "`texts_a_thousand_baskets`"),
    ("photos a month, thousand; half of them are receipts", "photos / 1000", "`photos_a_text`"),
    ("people who build pages", "authors", "`authors`"),
    ("people who read them", "readers", "`readers`"),
)
_TIMES = "\N{MULTIPLICATION SIGN}"
_TABLES = re.compile(r"(<!-- (sizes|tools) of docs/costs/model\.yaml -->\n).*?(<!-- end -->)", re.DOTALL)
_NUMBER = r"\d+(?:,\d{3})*"
_THREE = re.compile(rf"{_NUMBER} / {_NUMBER} / {_NUMBER}")
_CALCULATED = re.compile(r"^\| ([^|]+) \| [^|]+ \| [^|]* = ([\d,]+) \| [^|]* = ([\d,]+) \| [^|]* = ([\d,]+) \|$", re.MULTILINE)


def page(text: str, model: Model, result: Result) -> str:
    """Return the page of prices with its tables as the model has them."""
    made = {"sizes": _sizes(model, result), "tools": _tools(model, result)}
    return _TABLES.sub(lambda match: f"{match[1]}{made[match[2]]}\n{match[3]}", text)


def _sizes(model: Model, result: Result) -> str:
    rows = []
    for title, formula, source in SIZES:
        values = [evaluate(formula, result.values[size], f"size '{title}'") for size in model.sizes]
        rows.append([title, *(f"{float(f'{value:.4g}'):,}".removesuffix(".0") for value in values), source])
    return table(["", *(size.title for size in model.sizes.values()), "from"], rows)


def _tools(model: Model, result: Result) -> str:
    rows = []
    for tool in model.tools:
        names = [name.split(".") for name in tool.items]
        cells = [_calculation([result.costs[design, size][item] for design, item in names]) for size in model.sizes]
        rows.append([tool.title, tool.what, *cells])
    return table(["tool", "what is counted", *(size.title for size in model.sizes.values())], rows)


def _calculation(costs: list[Cost]) -> str:
    """Return the sum of some items as a reader can compute it again."""
    products = " + ".join(f"{_quantity(cost.quantity)} {_TIMES} {_price(cost.price)}" for cost in costs if cost.quantity)
    return f"{products} = {round(sum(cost.usd for cost in costs)):,}"


def _price(usd: float) -> str:
    return f"{usd:.10f}".rstrip("0").rstrip(".")


def _quantity(value: float) -> str:
    """Return a quantity with two decimals, or four significant digits: the sums of the page come out to the dollar."""
    return f"{round(value, 2) if value > 10 else float(f'{value:.4g}'):,}".removesuffix(".0")


def repeated(text: str, before: str, after: str) -> str:
    """Return a page with the costs at three sizes as the page of prices now has them.

    Args:
        text: the page, which repeats costs as `171 / 2,270 / 72,300`.
        before: the page of prices as it was when the text was right.
        after: the page of prices now.
    """
    new = _costs(after)
    moved: dict[str, set[str]] = {}
    for title, costs in _costs(before).items():
        moved.setdefault(costs, set()).add(new.get(title, costs))
    clear = {old: costs.pop() for old, costs in moved.items() if len(costs) == 1}
    return _THREE.sub(lambda match: clear.get(match[0], match[0]), text)


def _costs(prices: str) -> dict[str, str]:
    """Return the costs at three sizes of each tool of the page of prices."""
    return {match[1]: f"{match[2]} / {match[3]} / {match[4]}" for match in _CALCULATED.finditer(prices)}


def write(root: Path, model: Model, result: Result) -> list[Path]:
    """Write the page of prices and the pages that repeat it, where they have changed, and return these."""
    before = (root / PRICES).read_text(encoding="utf-8")
    after = page(before, model, result)
    return list(_written(root, before, after))


def _written(root: Path, before: str, after: str) -> Iterator[Path]:
    others = (path for path in (root / "docs/tools").glob("*.md") if path != root / PRICES)
    for path in (root / PRICES, root / "docs/tool-selection.md", *sorted(others)):
        text = path.read_text(encoding="utf-8")
        new = after if path == root / PRICES else repeated(text, before, after)
        if new != text:
            path.write_text(new, encoding="utf-8")
            yield path.relative_to(root)
