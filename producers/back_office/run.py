"""Run the back office: close each business day that is over, send its files, and send broken files again.

The work takes minutes a day and 400 MB of memory. So it runs in a process of its own that ends with the work.
"""

import logging
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

from producers.back_office.business_days import days_to_close, open_books
from producers.running import Stop, beat
from tillstream.core.errors import RetryableError
from tillstream.core.logging import configure_logging
from tillstream.core.settings import DumpSettings, LedgerSettings

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 10


def _history_sent(ledger: Path) -> bool:
    """Return whether the tills have sent their history, which the back office starts from."""
    if not ledger.exists():
        return False
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT finished_at FROM runs WHERE run_id = 'history'").fetchone()
    return bool(row and row[0])


def _has_work(path: Path, opening_days: int, now: datetime) -> bool:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        due = db.execute("SELECT 1 FROM plan WHERE due <= ? LIMIT 1", (now.isoformat(),)).fetchone()
        return bool(due or days_to_close(db, opening_days, now.date()))


def _work(path: Path, first_day: date, now: datetime) -> None:
    from producers.back_office.sending import send

    # This process was started for the work, and has none of its parent's handlers.
    configure_logging("produce back-office")
    send(path, first_day, now)


def run() -> None:
    """Run until SIGTERM."""
    settings, stop = DumpSettings(), Stop()
    directory = LedgerSettings().directory
    while not _history_sent(directory / "tills.sqlite"):
        beat(live=False)
        if stop.wait(LOOK_EVERY_SECONDS):
            return
    path = directory / "back_office.db"
    first_day = open_books(path, settings.days)
    log.info("back office: open")
    while True:
        now = datetime.now(tz=UTC)
        try:
            if _has_work(path, settings.days, now):
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as office:
                    office.submit(_work, path, first_day, now).result()
            beat(live=True)
        except (RetryableError, BrokenProcessPool) as error:
            log.warning("back office: %s; tried again in %d s", error, LOOK_EVERY_SECONDS)
            beat(live=False)
        if stop.wait(LOOK_EVERY_SECONDS):
            return
