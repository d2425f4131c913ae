"""Close business days and send their dumps. Some files are broken on purpose and sent again a little later."""

import io
import json
import logging
import random
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError

from producers.back_office.business_days import days_to_close
from producers.back_office.faults import REFUSED_FILE_FAULTS, file_fault, spoil_rows, untidy
from producers.back_office.files import DumpFile, write
from producers.back_office.members import Members
from producers.back_office.stock import Stock
from producers.back_office.systems import BackOffice
from producers.back_office.trade_log import TradeLog
from producers.source_dataset import load_source_dataset
from tillstream.core.buckets import LANDING
from tillstream.core.clients.minio import client
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.errors import RetryableError
from tillstream.core.settings import DumpSettings, PseudonymSettings, TradeSettings
from tillstream.core.topology import CAMPAIGNS, MEMBERS, POINTS, PRODUCTS, REDEMPTIONS, RESTOCKS, STOCK_COUNTS, STORES, SUPPLIERS

log = logging.getLogger(__name__)

#: Rate in lines a second at which live trade sells all lines of the source year in one day.
_YEAR_IN_A_DAY = 1_469_307 / 86_400
#: Order of the dumps: each comes after the dumps that it refers to.
ORDER = (STORES, PRODUCTS, SUPPLIERS, CAMPAIGNS, MEMBERS, POINTS, REDEMPTIONS, STOCK_COUNTS, RESTOCKS)


class Sender:
    """The sender of the files. It stores a plan first, so that the plan is carried out after a crash too."""

    def __init__(self, db: sqlite3.Connection, office: BackOffice, s3: Minio, settings: DumpSettings, seed: int) -> None:
        self._db = db
        self._office = office
        self._s3 = s3
        self._settings = settings
        self._seed = seed

    def close_day(self, day: date, now: datetime) -> None:
        """Close the books of a day and plan its files."""
        # The files of the first day have no fault: there is no earlier data that could be served instead.
        rate = self._settings.bad_files if self._db.execute("SELECT 1 FROM closed").fetchone() else 0.0
        self._office.close_day(day)
        self._db.execute("BEGIN IMMEDIATE")
        for dump in ORDER:
            fault = file_fault(rate, random.Random(f"{self._seed}:{dump}:{day}:file"))  # noqa: S311 - a simulation, repeatable by its seed
            again = now + timedelta(seconds=self._settings.resend_seconds)
            self._plan(dump, day, 1, fault, again if fault == "late_file" else now)
            if fault in REFUSED_FILE_FAULTS | {"repeated_file"}:
                self._plan(dump, day, 2, fault if fault == "repeated_file" else None, again)
        self._db.execute("INSERT INTO closed VALUES (?)", (str(day),))
        self._db.execute("COMMIT")

    def _plan(self, dump: str, day: date, number: int, fault: str | None, due: datetime) -> None:
        self._db.execute("INSERT OR IGNORE INTO plan VALUES (?, ?, ?, ?, ?)", (dump, str(day), number, fault, due.isoformat()))

    def send_due(self, now: datetime) -> int:
        """Send the files that are due; return their number.

        Raises:
            RetryableError: the bucket cannot be reached; files that were not sent stay planned.
        """
        due = self._db.execute("SELECT dump, business_date, number, fault FROM plan WHERE due <= ?", (now.isoformat(),)).fetchall()
        for dump, day, number, fault in sorted(due, key=lambda item: (item[1], ORDER.index(item[0]), item[2])):
            self._send(dump_contracts()[dump], date.fromisoformat(day), number, fault, now)
            self._db.execute("DELETE FROM plan WHERE dump = ? AND business_date = ? AND number = ?", (dump, day, number))
        return len(due)

    def _send(self, contract: DumpContract, day: date, number: int, fault: str | None, now: datetime) -> None:
        # The same seed for a repeated file, and for one that is sent again after a crash.
        draw = random.Random(f"{self._seed}:{contract.name}:{day}:rows")  # noqa: S311 - a simulation, repeatable by its seed
        spoilt = spoil_rows(list(self._office.rows(contract.name, day)), set(contract.references), self._settings.bad_rows, draw)
        untidy(spoilt.rows, contract.standards, self._settings.untidy, draw)
        file = write(contract, day, number, spoilt.rows, fault, now)
        row = (file.path, contract.name, str(day), file.rows, fault, json.dumps(spoilt.faults))
        self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, NULL)", row)
        self._upload(file)
        self._db.execute("UPDATE files SET sent_at = ? WHERE path = ?", (now.isoformat(), file.path))
        log.info("%s: %s rows%s", file.path, f"{file.rows:,}", f", {fault}" if fault else "", extra={"dump": contract.name, "fault": fault})

    def _upload(self, file: DumpFile) -> None:
        try:
            for path, body in ((file.path, file.body), (file.manifest_path, file.manifest)):
                self._s3.put_object(LANDING, path, io.BytesIO(body), len(body))
        except (S3Error, HTTPError) as error:
            raise RetryableError(f"the landing bucket did not take {file.path}: {error}") from error


def send(path: Path, first_day: date, now: datetime) -> None:
    """Close the days that are over and send what is due.

    Raises:
        RetryableError: Kafka or the bucket cannot be reached; the rest is done the next time.
    """
    settings, trade = DumpSettings(), TradeSettings()
    dataset = load_source_dataset(PseudonymSettings().key.get_secret_value())
    log = TradeLog(path, first_day)
    with closing(log.db):
        members = Members(dataset, trade.seed)
        stock = Stock(dataset, log.db, trade.seed, trade.live_rate / _YEAR_IN_A_DAY, settings.stock_stores)
        sender = Sender(log.db, BackOffice(dataset, log.db, members, stock), client(), settings, trade.seed)
        if days := days_to_close(log.db, settings.days, now.date()):
            log.catch_up()
            for day in days:
                sender.close_day(day, now)
        sender.send_due(now)
