"""One file's way: read, standardised, checked, loaded, and written down what became of it. Every step can be run again."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from minio import Minio
from pyiceberg.catalog import Catalog

from batch.landing import LINE, Announced, Landed, announced_files, read
from batch.load import catalog, load, record, stage, to_arrow
from batch.lock import exclusively
from batch.movements import publish
from batch.reference import refresh
from batch.standardise import standardise
from tillstream.contracts import DumpContract, dump_contracts
from tillstream.deploy.buckets import client
from tillstream.errors import FileRefusedError, TerminalError
from tillstream.queries import Trino

if TYPE_CHECKING:
    from batch.check import Checked

_TEXT, _COUNT, _DAY, _MOMENT = pa.string(), pa.int64(), pa.date32(), pa.timestamp("us", tz="UTC")
_FILES = pa.schema(
    [
        ("path", _TEXT), ("etag", _TEXT), ("dump", _TEXT), ("business_date", _DAY), ("sha256", _TEXT), ("status", _TEXT), ("reason", _TEXT),
        ("rows_in", _COUNT), ("rows_loaded", _COUNT), ("rows_quarantined", _COUNT), ("processed_at", _MOMENT),
    ]
)  # fmt: skip
_RESULTS = pa.schema(
    [
        ("path", _TEXT), ("dump", _TEXT), ("business_date", _DAY), ("kind", _TEXT), ("rule", _TEXT), ("column", _TEXT),
        ("checked", _COUNT), ("failed", _COUNT), ("checked_at", _MOMENT),
    ]
)  # fmt: skip
_QUARANTINE = pa.schema(
    [
        ("path", _TEXT), ("line", _COUNT), ("dump", _TEXT), ("business_date", _DAY), ("rule", _TEXT), ("reason", _TEXT),
        ("row", _TEXT), ("set_aside_at", _MOMENT),
    ]
)  # fmt: skip


@dataclass
class Outcome:
    """What became of a file."""

    announced: Announced
    status: str
    reason: str | None = None
    sha256: str | None = None
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    checked: "Checked | None" = None
    changed: dict[str, int] = field(default_factory=dict)


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

    def waiting(self) -> list[Announced]:
        """The files that were announced and of which nothing is written down yet, in the order they were sent."""
        done = {(path, etag) for path, etag in self._trino.rows("SELECT path, etag FROM lake.quality.files")}
        return [a for a in announced_files(self._s3) if (a.path, a.etag) not in done]

    def load_dates(self, dump: str, dates: Collection[date], *, again: bool = False) -> Iterator[Outcome]:
        """Loads what waits of a dump for some dates, the first date first; `again` loads what was loaded before once more."""
        with exclusively(dump):
            files = announced_files(self._s3) if again else self.waiting()
            yield from self._with_later(dump, [a for a in files if a.dump == dump and a.business_date in dates])

    def load_path(self, path: str) -> Iterator[Outcome]:
        """Loads one file by its path, and after a file of a history what came later.

        Raises:
            TerminalError: no such file was announced.
        """
        found = [a for a in announced_files(self._s3) if a.path == path]
        if not found:
            raise TerminalError(f"{path} is not in the landing bucket, or its manifest is not")
        with exclusively(found[0].dump):
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
        """Loads one file and writes down what became of it; the note in lake.quality.files comes last, so that a crash leaves the file waiting."""
        try:
            landed = read(self._s3, announced)
            outcome = self._repeated(landed) or self._checked(landed)
        except FileRefusedError as error:
            outcome = Outcome(announced, "REFUSED", str(error), error.sha256)
        self._note(outcome)
        return outcome

    def _repeated(self, landed: Landed) -> Outcome | None:
        """The outcome where another file of the same content was loaded for the same day."""
        a = landed.announced
        query = (
            f"SELECT path FROM lake.quality.files WHERE status = 'LOADED' AND dump = '{a.dump}' AND business_date = DATE '{a.business_date}' "
            f"AND sha256 = '{landed.sha256}' AND path <> '{a.path}'"
        )
        if same := self._trino.rows(query):
            return Outcome(a, "REPEATED", f"the same as {same[0][0]}", landed.sha256, rows_in=len(landed.rows))
        return None

    def _checked(self, landed: Landed) -> Outcome:
        # Great Expectations takes 4 s of a core to import: only a load pays for it, not every turn of the upkeep.
        from batch.check import check

        contract = landed.announced.contract
        standardised = standardise(landed.rows, contract, LINE)
        checked = check(landed, standardised, self._known(contract, landed.announced.business_date), self._home)
        rows = standardised.rows
        good = rows[~rows[LINE].isin(checked.bad_lines)]
        outcome = Outcome(
            landed.announced, "LOADED", None, landed.sha256, len(rows), len(good), len(rows) - len(good), checked, standardised.changed
        )
        share = outcome.rows_quarantined / max(1, len(rows))
        if checked.refusals or share > contract.tolerance:
            outcome.status, outcome.rows_loaded, outcome.rows_quarantined = "REFUSED", 0, 0
            outcome.reason = (
                f"rules: {'; '.join(checked.refusals)}"
                if checked.refusals
                else f"tolerance: {share:.1%} of its rows are bad, {contract.tolerance:.1%} may be"
            )
            return outcome
        if contract.load == "history":
            self._set_later_waiting(landed.announced)
        staging = stage(
            self._lake, contract.name.replace(".", "_"), to_arrow(good, contract, landed.announced.business_date, landed.announced.path)
        )
        load(self._trino, contract, staging, landed.announced.business_date)
        refresh(self._trino, contract)
        publish(contract, good, landed.announced.business_date)
        self._quarantine(landed, checked)
        return outcome

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

    def _quarantine(self, landed: Landed, checked: "Checked") -> None:
        a, now = landed.announced, datetime.now(tz=UTC)
        bad = landed.rows[landed.rows[LINE].isin(checked.bad_lines)].set_index(LINE)
        # null, not NaN: it is JSON.
        texts = {
            line: json.dumps({k: v if isinstance(v, str) else None for k, v in row.items()}, ensure_ascii=False)
            for line, row in bad.to_dict("index").items()
        }
        rows = [
            {
                "path": a.path, "line": found.line, "dump": a.dump, "business_date": a.business_date, "rule": found.rule, "reason": found.reason,
                "row": texts[found.line], "set_aside_at": now,
            }
            for found in checked.bad
        ]  # fmt: skip
        record(self._trino, self._lake, "lake.quality.quarantine", rows, _QUARANTINE, a.path)

    def _note(self, outcome: Outcome) -> None:
        a, now = outcome.announced, datetime.now(tz=UTC)
        shared = {"path": a.path, "dump": a.dump, "business_date": a.business_date}
        results = [
            {
                **shared,
                "kind": "EXPECTATION",
                "rule": r.rule,
                "column": r.column,
                "checked": r.checked,
                "failed": r.failed,
                "checked_at": now,
            }
            for r in (outcome.checked.results if outcome.checked else [])
        ]
        results += [
            {
                **shared,
                "kind": "STANDARD",
                "rule": rule.split(": ")[1],
                "column": rule.split(": ")[0],
                "checked": outcome.rows_in,
                "failed": n,
                "checked_at": now,
            }
            for rule, n in outcome.changed.items()
        ]
        record(self._trino, self._lake, "lake.quality.results", results, _RESULTS, a.path)
        if outcome.status != "LOADED":
            record(self._trino, self._lake, "lake.quality.quarantine", [], _QUARANTINE, a.path)
        file = {
            **shared, "etag": a.etag, "sha256": outcome.sha256, "status": outcome.status, "reason": outcome.reason, "rows_in": outcome.rows_in,
            "rows_loaded": outcome.rows_loaded, "rows_quarantined": outcome.rows_quarantined, "processed_at": now,
        }  # fmt: skip
        record(self._trino, self._lake, "lake.quality.files", [file], _FILES, a.path)
