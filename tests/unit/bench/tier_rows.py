"""Lines and stock for the tests of the tiers, and the exchange folder that has them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from bench.tiers import parameters
from bench.tiers.lake import SHARES
from bench.tiers.rows import LINES, STOCK, Exchange, Exported, Line

UNTIL = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)
DAYS = 400


def lines(baskets: int = 400) -> list[Line]:
    """Return the lines of baskets over a year, half of them of today, in the order of their times."""
    draw = Random(4)  # noqa: S311 - the same each time
    found: list[Line] = []
    for number in range(baskets):
        age = timedelta(seconds=draw.random() * (19 * 3600 if number % 2 else DAYS * 86400))
        kind = draw.choices(["SALE", "RETURN"], [9, 1])[0]
        head = {
            "event_id": f"basket-{number}",
            "transaction_type": kind,
            "channel": draw.choice(["STORE", "WEB"]),
            "store_id": str(draw.randint(1, 5)),
            "region": None,
            "customer_id": draw.choice([None, "ann", "bob", "cleo"]),
            "event_time": (UNTIL - age).replace(tzinfo=None, microsecond=number),
        }
        for position in range(1, draw.randint(2, 7)):
            product, units = draw.randint(1, 30), draw.randint(1, 3) * (1 if kind == "SALE" else -1)
            item = {
                "line_position": position,
                "department": f"DEPT {product % 4}, fresh",
                "category": f'CAT "{product % 7}"' if product % 7 else None,
                "product_id": f"p{product}",
                "units": units,
                "net_amount": Decimal(draw.randint(1, 3) * 50 * units).scaleb(-2),
            }
            found.append(head | item)
    return sorted(found, key=lambda line: (line["event_time"], line["event_id"], line["line_position"]))


def exchange(folder: Path) -> Exchange:
    """Write the files of an export with their parameters."""
    made, rows = Exchange(folder), lines()
    stock = [{"product_id": f"p{product}", "store_id": str(store), "units": product * store} for product in range(30) for store in range(4)]
    pq.write_table(pa.Table.from_pylist(rows, LINES), made.lines)
    pq.write_table(pa.Table.from_pylist(stock, STOCK), made.stock)
    days = Counter(f"{line['event_time']:%Y-%m-%d}" for line in rows)
    made.describe(Exported(UNTIL, min(days), len(rows), len(stock), 1, 2, SHARES, dict(days)))
    parameters.store(made)
    return made
