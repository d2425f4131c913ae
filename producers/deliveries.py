"""Simulate the delivery of web orders: most vans are in time, except on a store's bad days."""

import hashlib
import random
from datetime import datetime, timedelta

#: Share of a store's days that are bad; share of late deliveries on a bad day, and on other days.
BAD_DAYS, LATE_ON_A_BAD_DAY, LATE = 0.1, 0.7, 0.05
#: Delay of a late delivery, and lead of another one, as multiples of the promised time.
DELAY, SOONER = (0.3, 3.0), (0.05, 0.5)


def bad_day(store_id: str, when: datetime) -> bool:
    """Return whether a store's vans are late on a day; fixed for each store and day."""
    return int(hashlib.sha256(f"vans:{store_id}:{when:%Y-%m-%d}".encode()).hexdigest()[:4], 16) / 0x10000 < BAD_DAYS


def delivered_at(store_id: str, paid_at: datetime, promised: timedelta, draw: random.Random) -> datetime:
    """Return when an order arrives. `promised` is the promised time after its payment."""
    late = draw.random() < (LATE_ON_A_BAD_DAY if bad_day(store_id, paid_at) else LATE)
    return paid_at + promised * (1 + draw.uniform(*DELAY) if late else 1 - draw.uniform(*SOONER))
