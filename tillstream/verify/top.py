"""Compare the ranking of products in Redis with the lake."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from tillstream.core.clients.trino import Trino
from tillstream.core.hot_keys import parts_of
from tillstream.core.rules import RANKED
from tillstream.core.topology import TOP_PRODUCTS, redis_prefix
from tillstream.verify.bounds import HotResult, Known
from tillstream.verify.rollups import products_of_a_day


def products(trino: Trino, now: datetime, before: datetime, after: datetime) -> dict[str, Known]:
    """Return the bounds of today's figures of each product when Redis was read, by product id."""
    day = f"{now:%Y-%m-%d}", f"{now + timedelta(days=1):%Y-%m-%d}"
    sold = products_of_a_day(*day).from_lake(trino, before, after)
    return {parts_of(key)[0]: known for key, known in sold.items()}


def compare_top(held: Mapping[str, Mapping[str, str]], sold: Mapping[str, Known], now: datetime) -> HotResult:
    """Compare the best sellers: their number, each one's figures, and that no product is left out that was above the last one all the time.

    After a recovery Redis may have more than RANKED products (docs/decisions/0005). The figures of the surplus ones no longer change, and are
    below the last's.
    """
    ranked = {parts_of(key)[0]: fields for key, fields in held.items() if key.endswith(f"{now:%Y%m%d}")}
    best = sorted(ranked, key=lambda product: Decimal(ranked[product]["net_amount"]), reverse=True)
    today, surplus = {product: ranked[product] for product in best[:RANKED]}, best[RANKED:]
    result = HotResult(redis_prefix(TOP_PRODUCTS), skipped=len(held) - len(ranked) + len(surplus))
    result.wrong.update(
        (product, f"surplus with {ranked[product]['net_amount']}, more than was sold of it")
        for product in surplus
        if product not in sold or Decimal(ranked[product]["net_amount"]) > sold[product].bounds["net_amount"][1]
    )
    # A product that drops out of the ranking while Redis is read may be missing for a moment.
    if abs(len(today) - min(RANKED, len(sold))) > 1:
        result.wrong["the ranking"] = f"{len(today)} products are in Redis, {min(RANKED, len(sold))} should be"
    for product, fields in today.items():
        result.take(product, fields, sold.get(product))
    last = min((Decimal(fields["net_amount"]) for fields in today.values()), default=Decimal(0))
    result.wrong.update(
        (product, f"left out, though {known.bounds['net_amount'][0]} is above the last")
        for product, known in sold.items()
        if product not in today and not known.unsettled and known.bounds["net_amount"][0] > last
    )
    return result
