"""Load files: read and validate each, load its good rows, and record the outcome.

Every step can be run again after a crash.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path

from minio import Minio
from pyiceberg.catalog import Catalog

from batch.loading import attempts
from batch.loading.announced import UNKNOWN_DUMP, Announced, Landing, Misplaced, landing_bucket
from batch.loading.conflicts import set_aside
from batch.loading.failures import FailureCause, cause_of, place_of
from batch.loading.history_rebuild import Rebuild, has_later, swap_table, table_copy
from batch.loading.landing import Landed, read
from batch.loading.load import catalog, load, stage, unstage, version, with_lines
from batch.loading.movements import publish
from batch.loading.quality_tables import Outcome, QualityTables
from batch.loading.reference import refresh
from batch.paths import HOME
from tillstream.core.clients.minio import client
from tillstream.core.clients.postgres import exclusive_lock
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.errors import FileRefusedError, TerminalError
from tillstream.core.topology import FILES

log = logging.getLogger(__name__)


def _was_resent(announced: Announced, status: str, processed_at: datetime) -> bool:
    """Return whether a refused file was sent again since. The file may be right now although its manifest, and so the ETag, is the same."""
    return status == "REFUSED" and announced.sent_at > processed_at


#: Status and time of processing of each file, by path and ETag.
ProcessedFiles = dict[tuple[str, str], tuple[str, datetime]]


class Loader:
    """A loader of files. It holds the connections that loads need."""

    def __init__(self, home: Path) -> None:
        """Create a loader with `home` as the folder of the Great Expectations project."""
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
    def _quality(self) -> QualityTables:
        return QualityTables(self._trino, self._lake)

    def pending(self) -> list[Announced]:
        """Return the pending files in the order they were sent. A file is pending until lake.quality.files has a row for it."""
        return self.pending_landing().files

    def pending_landing(self) -> Landing:
        """Return the pending files, and the misplaced announcements that are not refused yet."""
        processed, bucket = self._processed_files(), self._bucket()
        return Landing(
            [a for a in bucket.files if (a.path, a.etag) not in processed or _was_resent(a, *processed[a.path, a.etag])],
            [m for m in bucket.misplaced if (m.path, m.etag) not in processed],
        )

    def state(self) -> str:
        """Return a text that changes with every commit to lake.quality.files.

        Raises:
            RetryableError: the lake's catalog does not answer.
        """
        return version(self._lake, FILES)

    def _processed_files(self) -> ProcessedFiles:
        """Return the rows of lake.quality.files. Trino is queried only after a change, because the sensors call this seven times a minute."""
        state = self.state()
        if state != self._processed[0]:
            query = f"SELECT path, etag, status, processed_at FROM {FILES}"
            self._processed = state, {(path, etag): (status, at) for path, etag, status, at in self._trino.rows(query)}
        return self._processed[1]

    def _bucket(self) -> Landing:
        return landing_bucket(self._s3, datetime.now(tz=UTC).date())

    def refuse(self, misplaced: Sequence[Misplaced]) -> None:
        """Record in one commit that these announcements are refused."""
        with exclusive_lock(UNKNOWN_DUMP):
            self._quality.refuse(misplaced)

    def load_dates(
        self, dump: str, dates: Collection[date], *, again: bool = False, plan: Callable[[int], None] = lambda _: None
    ) -> Iterator[Outcome]:
        """Load the pending files of a dump for some dates, the first date first.

        Args:
            dump: name of the dump.
            dates: business dates.
            again: load files too that were loaded before.
            plan: called before the first file with the number of dates; a late file of a history adds all later dates.
        """
        with exclusive_lock(dump):
            files = self._bucket().files if again else self.pending()
            yield from self._load_in_order(dump_contracts()[dump], [a for a in files if a.dump == dump and a.business_date in dates], plan)

    def load_path(self, path: str) -> Iterator[Outcome]:
        """Load one file by its path. For a history the later files follow.

        Raises:
            TerminalError: no such file was announced, or it can only be refused.
        """
        bucket = self._bucket()
        if misplaced := [m for m in bucket.misplaced if m.path == path]:
            self.refuse(misplaced)
            raise TerminalError(f"{path} is refused: {misplaced[0].reason}")
        files = [a for a in bucket.files if a.path == path]
        if not files:
            raise TerminalError(f"{path} is not in the landing bucket, or its manifest is not")
        with exclusive_lock(files[0].dump):
            # A person who loads a file by hand has removed the cause of earlier crashes.
            attempts.clear(files[0])
            yield from self._load_in_order(files[0].contract, files)

    def _load_in_order(
        self, contract: DumpContract, files: list[Announced], plan: Callable[[int], None] = lambda _: None
    ) -> Iterator[Outcome]:
        """Load files of one dump, the first date first.

        If a file may be at fault for a failure, the other files are loaded and the failure is raised at the end.

        Raises:
            RetryableError: something outside failed, or may have failed.
        """
        files = sorted(files, key=lambda a: a.business_date)
        if files and contract.load == "history" and has_later(self._trino, contract, files[0].business_date):
            files = sorted([*files, *self._later_files(contract, files)], key=lambda a: a.business_date)
            plan(len({a.business_date for a in files}))
            yield from self._rebuild_history(contract, files)
            return
        plan(len({a.business_date for a in files}))
        failure: Exception | None = None
        for announced in files:
            try:
                yield self.load_file(announced)
            except Exception as error:
                if cause_of(error) is FailureCause.OUTSIDE:
                    raise
                failure = error
        if failure:
            raise failure

    def _later_files(self, contract: DumpContract, files: list[Announced]) -> list[Announced]:
        """Return the loaded and pending files of the dump that are later than the first of these files and not among them."""
        statuses = {(path, etag): status for path, etag, status in self._trino.rows(f"SELECT path, etag, status FROM {FILES}")}
        return [
            a
            for a in self._bucket().files
            if a.dump == contract.name
            and a.business_date > files[0].business_date
            and a not in files
            and statuses.get((a.path, a.etag), "LOADED") == "LOADED"
        ]

    def _rebuild_history(self, contract: DumpContract, files: list[Announced]) -> Iterator[Outcome]:
        """Rebuild a history in a copy of its table and swap it in. Only then are the outcomes recorded."""
        with table_copy(self._trino, contract) as copy:
            rebuild = Rebuild(copy)
            for announced in files:
                rebuild.outcomes.append(self._attempt(announced, rebuild))
                attempts.record_failure(announced, in_doubt=False)
            self._requeue_later_files(files[0])
            swap_table(self._trino, contract, copy)
            refresh(self._trino, contract)
            for outcome in rebuild.outcomes:
                self._quality.record(outcome)
                attempts.clear(outcome.announced)
                yield outcome

    def _requeue_later_files(self, announced: Announced) -> None:
        """Delete the records of later files, so that they are pending again until their new outcome is recorded."""
        self._trino.rows(
            f"DELETE FROM {FILES} WHERE dump = '{announced.dump}' AND status = 'LOADED' AND business_date > DATE '{announced.business_date}'"
        )

    def load_file(self, announced: Announced) -> Outcome:
        """Load one file and record its outcome. The row in lake.quality.files is written last, so that a file is pending after a crash.

        Raises:
            RetryableError: something outside failed, or may have failed. The file is tried again.
        """
        outcome = self._attempt(announced)
        attempts.clear(announced)
        return outcome

    def _attempt(self, announced: Announced, rebuild: Rebuild | None = None) -> Outcome:
        """Load a file and record its outcome, unless it is part of a rebuild.

        An exception that is the file's own fault makes it refused.
        """
        earlier = attempts.begin(announced)
        try:
            outcome = Outcome(announced, "REFUSED", earlier.too_many) if earlier.too_many else self._process(announced, rebuild)
            if not rebuild:
                self._quality.record(outcome)
        except Exception as error:
            cause = cause_of(error)
            # The message is left out: it may quote a row.
            log.warning("%r: %s: %s", announced.path, cause.value, place_of(error), extra={"path": announced.path, "dump": announced.dump})
            if cause is not FailureCause.FILE:
                attempts.record_failure(announced, in_doubt=cause is FailureCause.UNCLEAR)
                raise
            outcome = Outcome(announced, "REFUSED", f"crash: its load has failed by a {place_of(error)}")
            if not rebuild:
                self._quality.record(outcome)
        return outcome

    def _process(self, announced: Announced, rebuild: Rebuild | None = None) -> Outcome:
        """Read, check and load a file; return its outcome."""
        try:
            landed = read(self._s3, announced)
            return self._repeated(landed, rebuild) or self._check_and_load(landed, rebuild)
        except FileRefusedError as error:
            return Outcome(announced, "REFUSED", str(error), error.sha256)

    def _repeated(self, landed: Landed, rebuild: Rebuild | None) -> Outcome | None:
        """Return the outcome REPEATED if the newest loaded file of the same day has the same content, else None.

        Older files do not count: they may have been corrected since.
        """
        announced = landed.announced
        newest = rebuild.newest.get(announced.business_date) if rebuild else None
        if not newest:
            query = (
                f"SELECT path, sha256 FROM {FILES} "
                f"WHERE status = 'LOADED' AND dump = '{announced.dump}' AND business_date = DATE '{announced.business_date}' ORDER BY processed_at DESC LIMIT 1"
            )
            newest = next(((path, digest) for path, digest in self._trino.rows(query)), None)
        if newest and newest[0] != announced.path and newest[1] == landed.sha256:
            return Outcome(announced, "REPEATED", f"the same as {newest[0]}", landed.sha256, rows_in=landed.count)
        return None

    def _check_and_load(self, landed: Landed, rebuild: Rebuild | None) -> Outcome:
        # Great Expectations takes 4 s of a core to import, so only a load imports it, not every upkeep run.
        from batch.loading.records import LINE
        from batch.loading.validation import known_keys, validate, why_refused

        announced, contract = landed.announced, landed.announced.contract
        validated = validate(landed, known_keys(self._trino, contract, announced.business_date), self._home)
        good, refusal = validated.good, validated.refusal
        outcome = Outcome(announced, "LOADED", None, landed.sha256, landed.count, checked=validated.checked, changed=validated.changed)
        name = contract.name.replace(".", "_")
        try:
            if not refusal:
                staging = stage(self._lake, name, with_lines(validated.table, good))
                if contract.load == "append" and set_aside(self._trino, landed, validated.checked, staging):
                    good = good[~good[LINE].isin(validated.checked.bad_lines)]
                    refusal = why_refused(validated.checked, contract, landed.count, len(good))
            if refusal:
                outcome.status, outcome.reason = "REFUSED", refusal
                return outcome
            load(self._trino, contract, staging, announced.business_date, rebuild.table if rebuild else contract.table)
        finally:
            unstage(self._lake, name)
        outcome.rows_loaded, outcome.rows_quarantined = len(good), landed.count - len(good)
        if rebuild:
            rebuild.newest[announced.business_date] = (announced.path, landed.sha256)
            self._quality.quarantine(landed, validated.checked)
            return outcome
        try:
            refresh(self._trino, contract)
            publish(contract, good, announced.business_date)
            self._quality.quarantine(landed, validated.checked)
        except Exception as error:
            if cause_of(error) is not FailureCause.FILE:
                raise
            raise FileRefusedError(
                "crash", f"its rows were loaded, but a later step failed with a {place_of(error)}", landed.sha256
            ) from error
        return outcome


@cache
def sensor_loader() -> Loader:
    """Return the loader of the sensors. It keeps its connections open and caches what lake.quality.files holds."""
    return Loader(HOME)
