"""What is written to Redis for each basket: the basket itself, and every figure that a question asks for, counted at write time.

Figures that are asked for today only are not kept for older baskets, as they would have expired.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bench.tiers.rows import Line, aware, cents

Command = tuple[str | int, ...]
#: How long figures by minute, and figures by store and department, are kept.
MINUTES_KEPT, STORES_KEPT = timedelta(hours=24), timedelta(days=2)


def commands(lines: Sequence[Line], until: datetime) -> Iterator[Command]:
    """Yield the commands that write one basket, given the end of all rows."""
    head = lines[0]
    at, day = aware(head["event_time"]), f"{head['event_time']:%Y-%m-%d}"
    yield "SET", f"basket:{head['event_id']}", basket(lines)
    hashes: Counter[tuple[str, str]] = Counter()
    products: Counter[str] = Counter()
    for line in lines:
        products[line["product_id"]] += cents(line["net_amount"])
        for key, fields in _figures(line, day, until - at).items():
            hashes.update({(key, field): amount for field, amount in fields.items()})
    yield from (("HINCRBY", key, field, amount) for (key, field), amount in hashes.items())
    yield from (("ZINCRBY", f"products:{day}", amount, product) for product, amount in products.items())
    if head["customer_id"]:
        yield "HSET", f"customer:{head['customer_id']}", "last", head["event_time"].isoformat(timespec="microseconds")
    yield "INCRBY", "lines", len(lines)


def _figures(line: Line, day: str, age: timedelta) -> dict[str, dict[str, int]]:
    """Return what a line adds, by key and field."""
    units, money = line["units"], cents(line["net_amount"])
    baskets = int(line["line_position"] == 1 and line["transaction_type"] == "SALE")
    # A category may be unknown. An empty field stands for it.
    category, channel, place = line["category"] or "", line["channel"], f"{line['store_id']}|{line['department']}"
    figures = {
        f"day:{day}": {"baskets": baskets, "cents": money},
        f"categories:{day}": {f"{category}|units": units, f"{category}|cents": money},
    }
    if age <= MINUTES_KEPT:
        measures = {"baskets": baskets, "lines": 1, "units": units, "cents": money}
        figures[f"minute:{line['event_time']:%Y-%m-%dT%H:%M}"] = {f"{channel}|{name}": value for name, value in measures.items()}
    if age <= STORES_KEPT:
        figures[f"stores:{day}"] = {f"{place}|units": units, f"{place}|cents": money}
    if line["customer_id"]:
        spend = {"baskets": baskets, "lines": 1, "cents": money, f"{line['department']}|cents": money}
        figures[f"customer:{line['customer_id']}"] = spend
    return figures


def basket(lines: Sequence[Line]) -> str:
    """Return a basket as JSON, without what it repeats in each line."""
    head = lines[0]
    items = [[line["line_position"], line["product_id"], line["units"], cents(line["net_amount"])] for line in lines]
    return json.dumps([head["transaction_type"], head["channel"], head["store_id"], items], separators=(",", ":"))
