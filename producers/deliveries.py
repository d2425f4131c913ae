"""How the web shop's orders are brought: in time by most vans; on a store's bad day, by few."""

import hashlib
import random
from datetime import datetime, timedelta

#: Of a store's days so many are bad; and how many deliveries are late on such a day, and on the others.
BAD_DAYS, LATE_ON_A_BAD_DAY, LATE = 0.1, 0.7, 0.05
#: How much later a late one is, and how much sooner another, in multiples of the time that was promised.
DELAY, SOONER = (0.3, 3.0), (0.05, 0.5)


def bad_day(store_id: str, when: datetime) -> bool:
    """Whether the store's vans are late on this day: the same for the same store and day."""
    return int(hashlib.sha256(f"vans:{store_id}:{when:%Y-%m-%d}".encode()).hexdigest()[:4], 16) / 0x10000 < BAD_DAYS


def delivered_at(store_id: str, paid_at: datetime, promised: timedelta, draw: random.Random) -> datetime:
    """When an order comes that was promised so long after it was paid."""
    late = draw.random() < (LATE_ON_A_BAD_DAY if bad_day(store_id, paid_at) else LATE)
    return paid_at + promised * (1 + draw.uniform(*DELAY) if late else 1 - draw.uniform(*SOONER))
