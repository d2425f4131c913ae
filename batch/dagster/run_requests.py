"""For which business dates runs are asked for, and when."""

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import dagster as dg

from batch.loading.announced import Announced, Misplaced
from batch.loading.blame import place_of

if TYPE_CHECKING:
    from batch.loading.loader import Loader

#: A day whose run has failed for good is asked for again after so long: what was wrong outside may have been put right.
ASK_AGAIN = timedelta(minutes=10)
#: A day of which a file has come so lately is left until the others are there too: starting a run takes longer.
SETTLED = timedelta(seconds=20)
#: So long the others wait for it at most: one sender that sends a file again and again holds up no other.
WAITED = timedelta(minutes=2)
#: Days asked for in one turn of the sensor, which has a minute; the next turn asks for more.
DAYS_A_TURN = 100


def run_requests(
    waiting: Collection[Announced], under_way: Collection[str | None], killed: Mapping[str | None, int], now: datetime
) -> list[dg.RunRequest]:
    """A run for each business date of which files wait, the oldest first; one at a time for a date.

    `under_way` has the partitions of runs that have not ended, `killed` how many runs of a partition were killed lately: it is asked for again.
    """
    by_day: dict[date, list[Announced]] = {}
    for announced in waiting:
        by_day.setdefault(announced.business_date, []).append(announced)
    slot = int(now.timestamp() // ASK_AGAIN.total_seconds())
    return [
        dg.RunRequest(
            run_key=f"{day}:{slot}:{killed.get(str(day), 0)}:{_digest(files)}",
            partition_key=str(day),
            asset_selection=sorted({dg.AssetKey(a.contract.table.split(".")) for a in files}),
            tags={"files": str(len(files)), "dagster/priority": str(-day.toordinal())},
        )
        for day, files in sorted(by_day.items())
        if str(day) not in under_way and _settled(files, now)
    ][:DAYS_A_TURN]


def _settled(files: list[Announced], now: datetime) -> bool:
    return max(a.sent_at for a in files) < now - SETTLED or min(a.sent_at for a in files) < now - WAITED


def _digest(files: list[Announced]) -> str:
    """What the files are, in few characters: Postgres indexes the key, and an entry of its index has 2,704 bytes, 80 ETags."""
    return sha256(",".join(sorted(f"{a.etag} {a.sent_at}" for a in files)).encode()).hexdigest()[:32]


def refuse(loader: "Loader", misplaced: list[Misplaced], log: logging.Logger) -> None:
    """Writes down that these are refused. Where that fails the others are asked for all the same, and the next turn writes it down."""
    try:
        loader.refuse(misplaced)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, and it stops no file
        log.error("not written down of %d files that they are refused: %s", len(misplaced), place_of(error))
    for m in misplaced:
        log.warning("%r is refused: %s", m.path, m.reason)
