"""How Redis answers the questions: each reads the keys that redis_keys.py wrote, and adds up what more than one day has."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from bench.tiers.questions import Parameters

#: Adds up the sorted sets of the days, and returns the ten best products with all that sold as much as the tenth.
TOP = """
redis.call('ZUNIONSTORE', 'top', #KEYS, unpack(KEYS))
local tenth = redis.call('ZREVRANGE', 'top', 9, 9, 'WITHSCORES')
local best = redis.call('ZREVRANGEBYSCORE', 'top', '+inf', tenth[2] or '-inf', 'WITHSCORES')
redis.call('DEL', 'top')
return best
"""
PLACES = 10
Row = tuple[Any, ...]


def days(parameters: Parameters) -> Iterator[str]:
    """Yield each day of a range as 2026-11-28."""
    day, end = _moment(parameters, "start"), _moment(parameters, "end")
    while day < end:
        yield f"{day:%Y-%m-%d}"
        day += timedelta(days=1)


def _moment(parameters: Parameters, name: str) -> datetime:
    return cast("datetime", parameters[name])


def money(cents: str | int) -> Decimal:
    """Return cents as an amount of money."""
    return Decimal(int(cents)).scaleb(-2)


def grouped(fields: Mapping[str, str | int], *measures: str) -> Iterator[Row]:
    """Yield name and measures of each group in a hash, whose fields are group|measure. The measure `cents` becomes an amount."""
    for group in dict.fromkeys(field.rsplit("|", 1)[0] for field in fields):
        yield (group, *(_value(measure, fields[f"{group}|{measure}"]) for measure in measures))


def _value(measure: str, value: str | int) -> int | Decimal:
    return money(value) if measure == "cents" else int(value)


def sales_this_minute(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return channel, baskets, lines, units and net amount."""
    fields = redis.hgetall(f"minute:{_moment(parameters, 'start'):%Y-%m-%dT%H:%M}")
    return grouped(fields, "baskets", "lines", "units", "cents")


def customer_profile(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return baskets, lines, spend, last purchase and favourite department."""
    fields = redis.hgetall(f"customer:{parameters['customer']}")
    spend = {field.rsplit("|", 1)[0]: int(cents) for field, cents in fields.items() if field.endswith("|cents")}
    favourite = min(spend, key=lambda department: (-spend[department], department))
    return [(int(fields["baskets"]), int(fields["lines"]), money(fields["cents"]), datetime.fromisoformat(fields["last"]), favourite)]


def stock_of_product(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return store and units."""
    return [(store, int(units)) for store, units in redis.hgetall(f"stock:{parameters['product']}").items()]


def today_by_store_and_department(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return store, department, units and net amount."""
    (day,) = days(parameters)
    return ((*place.split("|", 1), *measures) for place, *measures in grouped(redis.hgetall(f"stores:{day}"), "units", "cents"))


def same_weekday_last_year(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return baskets and net amount."""
    (day,) = days(parameters)
    fields = redis.hgetall(f"day:{day}")
    return [(int(fields["baskets"]), money(fields["cents"]))]


def year_by_category(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return category, units and net amount."""
    pipeline = redis.pipeline(transaction=False)
    for day in days(parameters):
        pipeline.hgetall(f"categories:{day}")
    sums: Counter[str] = Counter()
    for fields in pipeline.execute():
        for field, value in fields.items():
            sums[field] += int(value)
    return ((category or None, *measures) for category, *measures in grouped(sums, "units", "cents"))


def basket_by_id(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return position, type, channel, store, product, units and net amount."""
    kind, channel, store, items = json.loads(redis.get(f"basket:{parameters['basket']}"))
    return [(position, kind, channel, store, product, units, money(cents)) for position, product, units, cents in items]


def top_products_of_season(redis: Any, parameters: Parameters) -> Iterable[Row]:
    """Return product and net amount of ten products, the best first."""
    keys = [f"products:{day}" for day in days(parameters)]
    flat = redis.eval(TOP, len(keys), *keys)
    best = sorted(zip(flat[::2], map(int, map(float, flat[1::2])), strict=True), key=lambda pair: (-pair[1], pair[0]))
    return [(product, money(cents)) for product, cents in best[:PLACES]]


ANSWERS: dict[str, Callable[[Any, Parameters], Iterable[Row]]] = {
    answer.__name__: answer
    for answer in (
        sales_this_minute,
        customer_profile,
        stock_of_product,
        today_by_store_and_department,
        same_weekday_last_year,
        year_by_category,
        basket_by_id,
        top_products_of_season,
    )
}
