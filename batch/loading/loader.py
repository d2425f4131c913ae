"""One file's way: read, standardised, checked, loaded, and written down what became of it. Every step can be run again."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from minio import Minio
from pyiceberg.catalog import Catalog

from batch.loading import attempts
from batch.loading.announced import UNKNOWN_DUMP, Announced, Landing, Misplaced, landing_bucket
from batch.loading.blame import Blame, blame, place_of
from batch.loading.conflicts import set_aside
from batch.loading.history_rebuild import Rebuild, has_later, swap_table, table_copy
from batch.loading.landing import Landed, read
from batch.loading.load import catalog, load, stage, unstage, version, with_lines
from batch.loading.movements import publish
from batch.loading.notes import Notes, Outcome
from batch.loading.reference import refresh
from batch.paths import HOME
from tillstream.core.clients.minio import client
from tillstream.core.clients.postgres import exclusive_lock
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.errors import FileRefusedError, TerminalError

if TYPE_CHECKING:
    from batch.loading.check import Checked

log = logging.getLogger(__name__)


def _was_resent(a: Announced, status: str, processed_at: datetime) -> bool:
    """Whether it was refused, and has come once more since: what was wrong with the file may be right, and the manifest is the same to the letter."""
    return status == "REFUSED" and a.sent_at > processed_at


#: Of each sending, by its path and ETag, what became of it and when that was written down.
ProcessedFiles = dict[tuple[str, str], tuple[str, datetime]]


class Loader:
    """Loads files; holds the connections that it needs."""

    def __init__(self, home: Path) -> None:
        """`home` is where Great Expectations keeps its suites, results and pages."""
        self._home = home
        self._trino = Trino(user="batch")
        self._processed: tuple[str, ProcessedFiles] = ("", {})

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
        done, found = self._processed_files(), self._bucket()
        return Landing(
            [a for a in found.files if (a.path, a.etag) not in done or _was_resent(a, *done[a.path, a.etag])],
            [m for m in found.misplaced if (m.path, m.etag) not in done],
        )

    def state(self) -> str:
        """What is another after each change of lake.quality.files.

        Raises:
            RetryableError: the lake's catalog does not answer.
        """
        return version(self._lake, "lake.quality.files")

    def _processed_files(self) -> ProcessedFiles:
        """What lake.quality.files says. Trino is asked only where it has changed since: the sensors look five times a minute."""
        now = self.state()
        if now != self._processed[0]:
            query = "SELECT path, etag, status, processed_at FROM lake.quality.files"
            self._processed = now, {(path, etag): (status, at) for path, etag, status, at in self._trino.rows(query)}
        return self._processed[1]

    def _bucket(self) -> Landing:
        return landing_bucket(self._s3, datetime.now(tz=UTC).date())

    def refuse(self, misplaced: Sequence[Misplaced]) -> None:
        """Writes down of each that it is refused, all in one commit."""
        with exclusive_lock(UNKNOWN_DUMP):
            self._notes.refuse(misplaced)

    def load_dates(
        self, dump: str, dates: Collection[date], *, again: bool = False, plan: Callable[[int], None] = lambda _: None
    ) -> Iterator[Outcome]:
        """Loads what waits of a dump for some dates, the first date first; `again` loads what was loaded before once more.

        `plan` is called before the first file with how many dates it will take: a file of a history that comes late has all later ones rebuild again.
        """
        with exclusive_lock(dump):
            files = self._bucket().files if again else self.waiting()
            yield from self._load_in_order(dump_contracts()[dump], [a for a in files if a.dump == dump and a.business_date in dates], plan)

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
        with exclusive_lock(found[0].dump):
            # Whoever asks by hand has mended what killed it.
            attempts.clear(found[0])
            yield from self._load_in_order(found[0].contract, found)

    def _load_in_order(
        self, contract: DumpContract, files: list[Announced], plan: Callable[[int], None] = lambda _: None
    ) -> Iterator[Outcome]:
        """Loads these files of one dump, the first date first. A file that may be at fault for a failure holds up none of the others.

        Raises:
            RetryableError: something outside has failed, or may have.
        """
        files = sorted(files, key=lambda a: a.business_date)
        if files and contract.load == "history" and has_later(self._trino, contract, files[0].business_date):
            files = sorted([*files, *self._later_files(contract, files)], key=lambda a: a.business_date)
            plan(len({a.business_date for a in files}))
            yield from self._rebuild_history(contract, files)
            return
        plan(len({a.business_date for a in files}))
        unclear: Exception | None = None
        for announced in files:
            try:
                yield self.load_file(announced)
            except Exception as error:
                if blame(error) is Blame.OUTSIDE:
                    raise
                unclear = error
        if unclear:
            raise unclear

    def _later_files(self, contract: DumpContract, files: list[Announced]) -> list[Announced]:
        """Of the dump what is later than the first of these files and not among them: what was loaded, and what waits."""
        noted = {(path, etag): status for path, etag, status in self._trino.rows("SELECT path, etag, status FROM lake.quality.files")}
        return [
            a
            for a in self._bucket().files
            if a.dump == contract.name
            and a.business_date > files[0].business_date
            and a not in files
            and noted.get((a.path, a.etag), "LOADED") == "LOADED"
        ]

    def _rebuild_history(self, contract: DumpContract, files: list[Announced]) -> Iterator[Outcome]:
        """Tells a history again beside its table, and then puts it into its place; only then is anything noted of the files."""
        with table_copy(self._trino, contract) as copy:
            rebuild = Rebuild(copy)
            for announced in files:
                rebuild.outcomes.append(self._attempt(announced, rebuild))
                attempts.record_failure(announced, in_doubt=False)
            self._requeue_later_files(files[0])
            swap_table(self._trino, contract, copy)
            refresh(self._trino, contract)
            for outcome in rebuild.outcomes:
                self._notes.note(outcome)
                attempts.clear(outcome.announced)
                yield outcome

    def _requeue_later_files(self, announced: Announced) -> None:
        """What was loaded of later days waits from now on, whatever happens before it is noted again."""
        self._trino.rows(
            f"DELETE FROM lake.quality.files WHERE dump = '{announced.dump}' AND status = 'LOADED' AND business_date > DATE '{announced.business_date}'"
        )

    def load_file(self, announced: Announced) -> Outcome:
        """Loads one file and writes down what became of it; the note in lake.quality.files comes last, so that a crash leaves the file waiting.

        Raises:
            RetryableError: something outside has failed, or may have. The file is tried again.
        """
        outcome = self._attempt(announced)
        attempts.clear(announced)
        return outcome

    def _attempt(self, announced: Announced, rebuild: Rebuild | None = None) -> Outcome:
        """Loads a file, and notes it unless its history is being rebuild again. An exception that is the file's own fault is its refusal."""
        earlier = attempts.begin(announced)
        try:
            outcome = Outcome(announced, "REFUSED", earlier.too_many) if earlier.too_many else self._process(announced, rebuild)
            if not rebuild:
                self._notes.note(outcome)
        except Exception as error:
            fault = blame(error)
            # Not the exception's words, which may quote a row.
            log.warning("%r: %s: %s", announced.path, fault.value, place_of(error), extra={"path": announced.path, "dump": announced.dump})
            if fault is not Blame.FILE:
                attempts.record_failure(announced, in_doubt=fault is Blame.UNCLEAR)
                raise
            outcome = Outcome(announced, "REFUSED", f"crash: its load has failed by a {place_of(error)}")
            if not rebuild:
                self._notes.note(outcome)
        return outcome

    def _process(self, announced: Announced, rebuild: Rebuild | None = None) -> Outcome:
        """What becomes of a file."""
        try:
            landed = read(self._s3, announced)
            return self._repeated(landed, rebuild) or self._check_and_load(landed, rebuild)
        except FileRefusedError as error:
            return Outcome(announced, "REFUSED", str(error), error.sha256)

    def _repeated(self, landed: Landed, rebuild: Rebuild | None) -> Outcome | None:
        """The outcome where the newest file that was loaded for the same day has the same content. An older one may have been corrected since."""
        a = landed.announced
        newest = rebuild.newest.get(a.business_date) if rebuild else None
        if not newest:
            query = (
                "SELECT path, sha256 FROM lake.quality.files "
                f"WHERE status = 'LOADED' AND dump = '{a.dump}' AND business_date = DATE '{a.business_date}' ORDER BY processed_at DESC LIMIT 1"
            )
            newest = next(((path, digest) for path, digest in self._trino.rows(query)), None)
        if newest and newest[0] != a.path and newest[1] == landed.sha256:
            return Outcome(a, "REPEATED", f"the same as {newest[0]}", landed.sha256, rows_in=landed.count)
        return None

    def _check_and_load(self, landed: Landed, rebuild: Rebuild | None) -> Outcome:
        # Great Expectations takes 4 s of a core to import: only a load pays for it, not every turn of the upkeep.
        from batch.loading.judging import judge, why_refused
        from batch.loading.records import LINE

        a, contract = landed.announced, landed.announced.contract
        judged = judge(landed, self._known_keys(contract, a.business_date), self._home)
        good, refusal = judged.good, judged.refusal
        outcome = Outcome(a, "LOADED", None, landed.sha256, landed.count, checked=judged.checked, changed=judged.changed)
        name = contract.name.replace(".", "_")
        try:
            if not refusal:
                staging = stage(self._lake, name, with_lines(judged.table, good))
                if contract.load == "append" and set_aside(self._trino, landed, judged.checked, staging):
                    good = good[~good[LINE].isin(judged.checked.bad_lines)]
                    refusal = why_refused(judged.checked, contract, landed.count, len(good))
            if refusal:
                outcome.status, outcome.reason = "REFUSED", refusal
                return outcome
            load(self._trino, contract, staging, a.business_date, rebuild.table if rebuild else contract.table)
        finally:
            unstage(self._lake, name)
        outcome.rows_loaded, outcome.rows_quarantined = len(good), landed.count - len(good)
        if rebuild:
            rebuild.newest[a.business_date] = (a.path, landed.sha256)
            self._quarantine(landed, judged.checked)
            return outcome
        try:
            refresh(self._trino, contract)
            publish(contract, good, a.business_date)
            self._quarantine(landed, judged.checked)
        except Exception as error:
            if blame(error) is not Blame.FILE:
                raise
            raise FileRefusedError(
                "crash", f"its rows are in the table, and then it has failed by a {place_of(error)}", landed.sha256
            ) from error
        return outcome

    def _quarantine(self, landed: Landed, checked: "Checked") -> None:
        self._notes.quarantine(landed, checked)

    def _known_keys(self, contract: DumpContract, business_date: date) -> dict[str, set[str]]:
        """The keys of every dump that this one refers to, as of the business date: a back-fill is to find what the first load found.

        What a master rebuild of first of all counts as known before: its beginning is the platform's, not the master's.
        """
        found = {}
        for dump in set(contract.references.values()):
            other = dump_contracts()[dump]
            since = "valid_from" if other.load == "history" else "known_since"
            first = f"coalesce((SELECT min({since}) FROM {other.table}), DATE '{business_date}')"
            query = f"SELECT DISTINCT {other.key[0]} FROM {other.table} WHERE {since} IS NULL OR {since} <= greatest(DATE '{business_date}', {first})"
            found[dump] = {row[0] for row in self._trino.rows(query)}
        return found


@cache
def watching() -> Loader:
    """The one by which the sensors look, turn after turn. Its connections stay open, and it remembers what it was rebuild."""
    return Loader(HOME)
