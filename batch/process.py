"""One file's way: read, standardised, checked, loaded, and written down what became of it. Every step can be run again."""

import sys
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from minio import Minio
from pyiceberg.catalog import Catalog

from batch import attempts
from batch.announced import UNKNOWN_DUMP, Announced, Landing, Misplaced, landing_bucket
from batch.blame import Blame, blame, place_of
from batch.landing import Landed, read
from batch.load import catalog, load, stage
from batch.lock import exclusively
from batch.movements import publish
from batch.notes import Notes, Outcome
from batch.reference import refresh
from tillstream.contracts import DumpContract, dump_contracts
from tillstream.deploy.buckets import client
from tillstream.errors import FileRefusedError, TerminalError
from tillstream.queries import Trino
from tillstream.sql_files import quoted

if TYPE_CHECKING:
    from batch.check import Checked


class Loader:
    """Loads files; holds the connections that it needs."""

    def __init__(self, home: Path) -> None:
        """`home` is where Great Expectations keeps its suites, results and pages."""
        self._home = home
        self._trino = Trino(user="batch")

    @cached_property
    def _s3(self) -> Minio:
        return client()

    @cached_property
    def _lake(self) -> Catalog:
        return catalog()

    @cached_property
    def _notes(self) -> Notes:
        return Notes(self._trino, self._lake)

    def waiting(self) -> list[Announced]:
        """The files that were announced and of which nothing is written down yet, in the order they were sent."""
        return self.look().files

    def look(self) -> Landing:
        """What was announced and is not written down: the files that wait, and what can only be refused."""
        done = {(path, etag) for path, etag in self._trino.rows("SELECT path, etag FROM lake.quality.files")}
        found = self._bucket()
        return Landing(
            [a for a in found.files if (a.path, a.etag) not in done], [m for m in found.misplaced if (m.path, m.etag) not in done]
        )

    def _bucket(self) -> Landing:
        return landing_bucket(self._s3, datetime.now(tz=UTC).date())

    def refuse(self, misplaced: Sequence[Misplaced]) -> None:
        """Writes down of each that it is refused, all in one commit."""
        with exclusively(UNKNOWN_DUMP):
            self._notes.refuse(misplaced)

    def load_dates(self, dump: str, dates: Collection[date], *, again: bool = False) -> Iterator[Outcome]:
        """Loads what waits of a dump for some dates, the first date first; `again` loads what was loaded before once more."""
        with exclusively(dump):
            files = self._bucket().files if again else self.waiting()
            yield from self._with_later(dump, [a for a in files if a.dump == dump and a.business_date in dates])

    def load_path(self, path: str) -> Iterator[Outcome]:
        """Loads one file by its path, and after a file of a history what came later.

        Raises:
            TerminalError: no such file was announced, or it can only be refused.
        """
        bucket = self._bucket()
        if misplaced := [m for m in bucket.misplaced if m.path == path]:
            self.refuse(misplaced)
            raise TerminalError(f"{path} is refused: {misplaced[0].reason}")
        found = [a for a in bucket.files if a.path == path]
        if not found:
            raise TerminalError(f"{path} is not in the landing bucket, or its manifest is not")
        with exclusively(found[0].dump):
            # Whoever asks by hand has mended what killed it.
            attempts.ended(found[0])
            yield from self._with_later(found[0].dump, found)

    def _with_later(self, dump: str, files: list[Announced]) -> Iterator[Outcome]:
        """Loads these files of one dump, the first date first, and then what this has set waiting."""
        files = sorted(files, key=lambda a: a.business_date)
        yield from map(self.load_file, files)
        if files and dump_contracts()[dump].load == "history":
            later = [a for a in self.waiting() if a.dump == dump and a.business_date > files[0].business_date]
            yield from map(self.load_file, sorted(later, key=lambda a: (a.business_date, a.path)))

    def _set_later_waiting(self, announced: Announced) -> None:
        """A history is told in order: what was loaded of later days has to come again, and waits from now on, whatever happens here."""
        self._trino.rows(
            f"DELETE FROM lake.quality.files WHERE dump = '{announced.dump}' AND status = 'LOADED' AND business_date > DATE '{announced.business_date}'"
        )

    def load_file(self, announced: Announced) -> Outcome:
        """Loads one file and writes down what became of it; the note in lake.quality.files comes last, so that a crash leaves the file waiting.

        Raises:
            RetryableError: something outside has failed, or may have. The file is tried again.
        """
        earlier = attempts.begin(announced)
        try:
            outcome = Outcome(announced, "REFUSED", earlier.too_many) if earlier.too_many else self._judged(announced)
            self._notes.note(outcome)
        except Exception as error:
            fault = blame(error)
            # Not the exception's words, which may quote a row.
            print(f"{announced.path!r}: {fault.value}: {place_of(error)}", file=sys.stderr, flush=True)
            if fault is not Blame.FILE:
                attempts.failed(announced, in_doubt=fault is Blame.UNCLEAR)
                raise
            outcome = Outcome(announced, "REFUSED", f"crash: its load has failed by a {place_of(error)}")
            self._notes.note(outcome)
        attempts.ended(announced)
        return outcome

    def _judged(self, announced: Announced) -> Outcome:
        """What becomes of a file."""
        try:
            landed = read(self._s3, announced)
            return self._repeated(landed) or self._checked(landed)
        except FileRefusedError as error:
            return Outcome(announced, "REFUSED", str(error), error.sha256)

    def _repeated(self, landed: Landed) -> Outcome | None:
        """The outcome where another file of the same content was loaded for the same day."""
        a = landed.announced
        query = (
            f"SELECT path FROM lake.quality.files WHERE status = 'LOADED' AND dump = '{a.dump}' AND business_date = DATE '{a.business_date}' "
            f"AND sha256 = '{landed.sha256}' AND path <> '{quoted(a.path)}'"
        )
        if same := self._trino.rows(query):
            return Outcome(a, "REPEATED", f"the same as {same[0][0]}", landed.sha256, rows_in=landed.count)
        return None

    def _checked(self, landed: Landed) -> Outcome:
        # Great Expectations takes 4 s of a core to import: only a load pays for it, not every turn of the upkeep.
        from batch.judging import judge

        contract, a = landed.announced.contract, landed.announced
        judged = judge(landed, self._known(contract, a.business_date), self._home)
        outcome = Outcome(a, "LOADED", None, landed.sha256, landed.count, checked=judged.checked, changed=judged.changed)
        if judged.refusal:
            outcome.status, outcome.reason = "REFUSED", judged.refusal
            return outcome
        outcome.rows_loaded, outcome.rows_quarantined = len(judged.good), landed.count - len(judged.good)
        if contract.load == "history":
            self._set_later_waiting(landed.announced)
        staging = stage(self._lake, contract.name.replace(".", "_"), judged.table)
        load(self._trino, contract, staging, a.business_date)
        refresh(self._trino, contract)
        publish(contract, judged.good, a.business_date)
        self._quarantine(landed, judged.checked)
        return outcome

    def _quarantine(self, landed: Landed, checked: "Checked") -> None:
        self._notes.quarantine(landed, checked)

    def _known(self, contract: DumpContract, business_date: date) -> dict[str, set[str]]:
        """The keys of every dump that this one refers to, as of the business date: a back-fill is to find what the first load found.

        What a master told of first of all counts as known before: its beginning is the platform's, not the master's.
        """
        found = {}
        for dump in set(contract.references.values()):
            other = dump_contracts()[dump]
            since = "valid_from" if other.load == "history" else "known_since"
            first = f"coalesce((SELECT min({since}) FROM {other.table}), DATE '{business_date}')"
            query = f"SELECT DISTINCT {other.key[0]} FROM {other.table} WHERE {since} IS NULL OR {since} <= greatest(DATE '{business_date}', {first})"
            found[dump] = {row[0] for row in self._trino.rows(query)}
        return found
