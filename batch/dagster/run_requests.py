"""Decide for which business dates runs are requested, and when."""

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import dagster as dg

from batch.loading.announced import Announced, Misplaced
from batch.loading.failures import place_of

if TYPE_CHECKING:
    from batch.loading.loader import Loader

#: A date whose run failed after all retries is requested again after this time: the cause outside may be fixed by then.
ASK_AGAIN = timedelta(minutes=10)
#: A date waits this long after its newest file, so that files that arrive together are one run: starting a run takes longer.
SETTLED = timedelta(seconds=20)
#: A date waits no longer than this after its oldest pending file: one sender that sends a file again and again delays no other file for
#: longer.
WAITED = timedelta(minutes=2)
#: Most dates requested in one evaluation of the sensor, which may take a minute. The next evaluation requests more.
DAYS_A_TURN = 100
#: The marts are rebuilt after this time even if no dumps arrive.
MARTS_AT_LEAST_EVERY = timedelta(hours=24)


def run_requests(
    waiting: Collection[Announced], under_way: Collection[str | None], killed: Mapping[str | None, int], now: datetime
) -> list[dg.RunRequest]:
    """Return a run request for each business date with pending files, the oldest first.

    Args:
        waiting: the pending files.
        under_way: partitions of runs that have not ended; nothing is requested for them.
        killed: number of runs killed lately by partition, part of the run key, so that the date is requested again.
        now: the current time.
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


def marts_not_due(newest: date, cursor: str, now: datetime) -> str | None:
    """Return why the marts are not built now; None if they are due.

    While a file of the newest date is loaded again, that date lacks a dump for a moment. So a date before the requested one is no reason to build.

    Args:
        newest: the newest business date that has all its dumps.
        cursor: the date that was requested last, and the time of the request; empty if there was none.
        now: the current time.
    """
    requested, _, requested_at = cursor.partition(" ")
    if requested and newest <= date.fromisoformat(requested) and now - datetime.fromisoformat(requested_at) < MARTS_AT_LEAST_EVERY:
        return f"the marts of {requested} were requested at {requested_at}"
    return None


def _settled(files: list[Announced], now: datetime) -> bool:
    return max(a.sent_at for a in files) < now - SETTLED or min(a.sent_at for a in files) < now - WAITED


def _digest(files: list[Announced]) -> str:
    """Return a digest of the files. Postgres indexes the run key, and an index entry holds 2,704 bytes, which is 80 ETags."""
    return sha256(",".join(sorted(f"{a.etag} {a.sent_at}" for a in files)).encode()).hexdigest()[:32]


def refuse(loader: "Loader", misplaced: list[Misplaced], log: logging.Logger) -> None:
    """Record that announcements are refused. If that fails, it is logged, and the next evaluation records it."""
    try:
        loader.refuse(misplaced)
    except Exception as error:  # noqa: BLE001 - any error is logged and blocks no file
        log.error("could not record the refusal of %d files: %s", len(misplaced), place_of(error))
    for m in misplaced:
        log.warning("%r is refused: %s", m.path, m.reason)
