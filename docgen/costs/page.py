"""Write docs/costs/README.md from the computed model."""

from collections.abc import Callable, Iterator

from docgen.costs.calculation import Figures, Result, break_even, calculate
from docgen.costs.model import Change, Model
from docgen.costs.tables import dollars, link, number, points, table

GRADES = {
    "vendor": "the vendor's own price list or page, in a stored copy",
    "read": "read from the vendor's page or price list by a third party",
    "third": "a third party's word alone: check it before you quote it",
}
KINDS = {
    "measured": "measured here",
    "ours": "our setting or contract",
    "documented": "a vendor's document",
    "assumed": "**assumed**",
    "yours": "**yours to set**",
}
#: How many items of a design the first tables show.
LARGEST = 5


def page(model: Model, figures: Figures) -> str:
    """Return the page as Markdown."""
    result, wordless = calculate(model, figures), calculate(model, figures, words=False)
    sections = [
        "# What it costs\n",
        "<!-- Made by `make costs` from model.yaml: change that file, not this one. -->\n",
        "This page compares what three designs cost a month, at three sizes of the trade.",
        "It is computed from [model.yaml](model.yaml): change an assumption or a price there, and run `make costs`.",
        "All prices are list prices in US dollars; each has a source and a date.",
        f"The model is of {model.date}.\n",
        _answer(model, result, wordless),
        _designs(model),
        _largest(model, result),
        _changes(model, figures),
        _people(model, result, wordless),
        "## What is not in it\n\n" + points(model.missing) + "\n",
        _items(model, result),
        _assumptions(model, figures, result),
        _derived(model, result),
        _prices(model),
    ]
    return "\n".join(sections)


def _titles(model: Model) -> list[str]:
    return [size.title for size in model.sizes.values()]


def _answer(model: Model, result: Result, wordless: Result) -> str:
    rows = []
    for key, design in model.designs.items():
        rows.append([f"**{design.title}**", *(f"**{number(result.usd(key, size))}**" for size in model.sizes)])
        rows.append([f"{design.title}, without texts and photos", *(number(wordless.usd(key, size)) for size in model.sizes)])
        rows.append([f"{design.title}, with people's hours as assumed", *(number(result.with_people(key, size)) for size in model.sizes)])
        both = "with people's hours, without texts and photos"
        rows.append([f"{design.title}, {both}", *(number(wordless.with_people(key, size)) for size in model.sizes)])
    return "\n".join(
        [
            "## The answer\n",
            "Dollars a month for machines and services, rounded to three digits.",
            "People are not in the bold lines.\n",
            table(["", *_titles(model)], rows),
            "\nHow they are priced:\n",
            points(f"**{design.title}**: {design.priced_as}" for design in model.designs.values()),
            "\nWhich design costs the least:\n",
            table(["", *_titles(model)], _least(model, result, wordless)),
            "\nThe sizes:\n",
            *(f"- {one.title} is {one.what}." for one in model.sizes.values()),
            "",
        ]
    )


def _least(model: Model, result: Result, wordless: Result) -> Iterator[list[str]]:
    """Yield a row for each way to count: the cheapest design of each size."""
    ways: dict[str, Callable[[str, str], float]] = {
        "machines and services": result.usd,
        "the same, without texts and photos": wordless.usd,
        "with people's hours as assumed": result.with_people,
        "with people's hours, without texts and photos": wordless.with_people,
    }
    for title, usd in ways.items():
        best = (min((usd(key, size), design.title) for key, design in model.designs.items()) for size in model.sizes)
        yield [title, *(name for _, name in best)]


def _designs(model: Model) -> str:
    designs = model.designs.values()
    rows = [[title, *(getattr(one, name) for one in designs)] for title, name in _ABOUT]
    return "## The three designs\n\n" + table(["", *(one.title for one in designs)], rows) + "\n"


_ABOUT = (("what it is", "what"), ("how fresh", "freshness"), ("what a failure does", "availability"))


def _largest(model: Model, result: Result) -> str:
    parts = ["## What drives it\n", "Dollars a month by part:\n"]
    rows = [
        [f"{design.title}: {title}", *(number(result.part(key, size, part)) for size in model.sizes)]
        for key, design in model.designs.items()
        for part, title in model.parts.items()
        if any(result.part(key, size, part) for size in model.sizes)
    ]
    parts += [table(["", *_titles(model)], rows), f"\nThe {LARGEST} largest items of each design:\n"]
    lists = []
    for key, design in model.designs.items():
        cells = []
        for size in model.sizes:
            ordered = sorted(result.costs[key, size].items(), key=lambda one: -one[1].usd)[:LARGEST]
            cells.append("<br>".join(f"{number(cost.usd)} {design.items[name].title}" for name, cost in ordered if cost.usd))
        lists.append([design.title, *cells])
    return "\n".join([*parts, table(["", *_titles(model)], lists), ""])


def _changes(model: Model, figures: Figures) -> str:
    calm = [change for change in model.changes if not change.words]
    told = [change for change in model.changes if change.words]
    return "\n".join(
        [
            "## What changes the answer\n",
            "Dollars a month, without people and without texts, calls and photos.",
            "A figure in bold is the lowest of its size; a dot (·) is a figure that the change does not move.\n",
            _changed(model, figures, calm, words=False),
            "\nThe same with texts, calls and photos:\n",
            _changed(model, figures, told, words=True),
            "",
        ]
    )


def _changed(model: Model, figures: Figures, changes: list[Change], *, words: bool) -> str:
    """Return a table with a row for each change: what each design costs at each size, with texts, calls and photos or without."""
    before = calculate(model, figures, words=words)
    pairs = [(key, size) for size in model.sizes for key in model.designs]
    head = ["change", *(f"{model.sizes[size].title} {model.designs[key].title}" for key, size in pairs)]

    def row(result: Result) -> Iterator[str]:
        for key, size in pairs:
            usd = {one: result.usd(one, size) for one in model.designs}
            shown = number(usd[key])
            if usd[key] == min(usd.values()):
                yield f"**{shown}**"
            else:
                yield "·" if result is not before and shown == number(before.usd(key, size)) else shown

    rows = [["as it stands", *row(before)], *([change.title, *row(calculate(model, figures, change, words=words))] for change in changes)]
    return table(head, rows)


def _people(model: Model, result: Result, wordless: Result) -> str:
    first, *others = model.designs
    titles = {key: design.title for key, design in model.designs.items()}
    rows = [
        [f"hours of people, {titles[key]}", *(number(result.values[size][design.people]) for size in model.sizes)]
        for key, design in model.designs.items()
    ]
    for other in others:
        for title, counted in (("", result), (", without texts and photos", wordless)):
            hours = [break_even(counted, first, other, size) for size in model.sizes]
            rows.append([f"hours that {titles[first]} may take more than '{titles[other]}'{title}", *(number(one) for one in hours)])
    values = next(iter(result.values.values()))
    return "\n".join(
        [
            "## People\n",
            "No price list has people's time, and nobody has measured it here: the first lines are guesses that you replace.",
            f"An hour costs {number(values['people_usd_per_hour'])} USD in this model.",
            f"Until {titles[first]} is live, people's hours cost {number(values['go_live_usd'])} USD once (`go_live_usd` below).",
            "The other lines need no guess of hours, only this rate.",
            f"They say how many hours a month {titles[first]} may take more than the other design until both cost the same.",
            "A negative figure means that the other design costs less anyway.\n",
            table(["a month", *_titles(model)], rows),
            "",
        ]
    )


def _items(model: Model, result: Result) -> str:
    parts = ["## Every item\n", "The quantity is in the unit of the price.\n"]
    for key, design in model.designs.items():
        rows = []
        for name, item in design.items.items():
            costs = [result.costs[key, size][name] for size in model.sizes]
            prices = list(dict.fromkeys(item.price_at(size) for size in model.sizes))
            shown = [f"{number(cost.quantity)} → {dollars(cost.usd)}" for cost in costs]
            rows.append([item.title, f"`{item.quantity}`", ", ".join(f"`{one}`" for one in prices), *shown])
        rows.append(["**sum**", "", "", *(f"**{dollars(result.usd(key, size))}**" for size in model.sizes)])
        head = ["item", "quantity", "price", *(f"{title}: quantity → USD" for title in _titles(model))]
        parts += [f"### {design.title}\n", table(head, rows), ""]
    return "\n".join(parts)


def _assumptions(model: Model, figures: Figures, result: Result) -> str:
    rows = []
    for name, one in model.assumptions.items():
        values = [result.values[size][name] for size in model.sizes]
        shown = number(values[0]) if len(set(values)) == 1 else " / ".join(map(number, values))
        known = ", ".join(f"`{figure}`" for figure in one.figures.values())
        told = "" if not known else f"; not in bench/results.json yet: {known}" if name in result.unmeasured else f"; figures {known}"
        dates = [str(figures[figure]["date"]) for figure in one.figures.values() if figure in figures and name not in result.unmeasured]
        kind = "measured here" if dates else KINDS[one.kind]
        source = "[bench/results.json](../../bench/results.json)" if dates and not one.source else link(one.source)
        rows.append([f"`{name}`", shown, one.unit, kind, one.why, source + told, max(dates, default=one.date.isoformat())])
    return "\n".join(
        [
            "## Assumptions\n",
            "Three values are those of the three sizes.\n",
            table(["name", "value", "unit", "kind", "why", "source", "date"], rows),
            "",
        ]
    )


def _derived(model: Model, result: Result) -> str:
    rows = [
        [f"`{name}`", *(number(result.values[size][name]) for size in model.sizes), f"{one.unit} {one.what}", f"`{one.formula}`"]
        for name, one in model.derived.items()
    ]
    return "\n".join(["## Computed from them\n", table(["name", *_titles(model), "unit", "formula"], rows), ""])


def _prices(model: Model) -> str:
    rows = []
    for name, price in model.prices.items():
        source = model.sources[price.source]
        rows.append(
            [
                f"`{name}`",
                number(price.usd),
                price.unit,
                price.what,
                price.region,
                f"[{source.what}]({source.url})",
                f"{source.date}",
                source.grade,
            ]
        )
    return "\n".join(
        [
            "## Prices\n",
            "List prices in US dollars, without tax and discount.\nThe grades:\n",
            points(f"`{grade}`: {told}." for grade, told in GRADES.items()),
            "",
            table(["name", "USD", "unit", "what", "region", "source", "price date", "grade"], rows),
            "",
        ]
    )
