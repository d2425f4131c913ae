"""What is written down of files: of each what became of it, of each rule, and of each row that was set aside."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyiceberg.catalog import Catalog

from batch.loading.announced import UNKNOWN_DUMP, Announced, Misplaced
from batch.loading.landing import Landed
from batch.loading.load import stage, unstage
from batch.loading.records import LINE
from tillstream.core.clients.trino import Trino
from tillstream.core.sql_templates import quoted

if TYPE_CHECKING:
    from batch.loading.check import Checked

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

#: A reason is a sentence. What a file has as its header, or a sender as a path, may be a megabyte.
_REASON_AT_MOST = 1_000


def storable(text: str) -> str:
    """The text as any table takes it: half of a surrogate pair, which JSON may hold, is no Unicode, and Postgres takes no NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")


def printable(reason: str) -> str:
    """The reason on one line of bounded length."""
    cut = storable(reason) if len(reason) <= _REASON_AT_MOST else f"{storable(reason[:_REASON_AT_MOST])}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


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


class Notes:
    """Writes them down."""

    def __init__(self, trino: Trino, lake: Catalog) -> None:
        self._trino = trino
        self._lake = lake

    def refuse(self, misplaced: Sequence[Misplaced]) -> None:
        """Writes down of each that it is refused, all in one commit."""
        now = datetime.now(tz=UTC)
        rows = [
            {
                "path": m.path, "etag": m.etag, "dump": m.dump, "business_date": m.business_date, "sha256": None, "status": "REFUSED",
                "reason": printable(m.reason), "rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "processed_at": now,
            }
            for m in misplaced
        ]  # fmt: skip
        self._record("lake.quality.files", rows, _FILES, [m.path for m in misplaced], UNKNOWN_DUMP)

    def quarantine(self, landed: Landed, checked: "Checked") -> None:
        """Writes down each row that was set aside, as it came."""
        a, now = landed.announced, datetime.now(tz=UTC)
        bad = landed.rows[landed.rows[LINE].isin(checked.bad_lines)].set_index(LINE)
        # null, not NaN: it is JSON.
        texts = {
            line: storable(json.dumps({k: v if isinstance(v, str) else None for k, v in row.items()}, ensure_ascii=False))
            for line, row in bad.to_dict("index").items()
        } | {broken.line: broken.row for broken in landed.broken}
        rows = [
            {
                "path": a.path, "line": found.line, "dump": a.dump, "business_date": a.business_date, "rule": found.rule,
                "reason": printable(found.reason),
                "row": texts[found.line], "set_aside_at": now,
            }
            for found in checked.bad
        ]  # fmt: skip
        self._record("lake.quality.quarantine", rows, _QUARANTINE, [a.path], a.dump)

    def note(self, outcome: Outcome) -> None:
        """Writes down the results by rule, and last what became of the file: from then on it does not wait."""
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
        self._record("lake.quality.results", results, _RESULTS, [a.path], a.dump)
        if outcome.status != "LOADED":
            self._record("lake.quality.quarantine", [], _QUARANTINE, [a.path], a.dump)
        file = {
            **shared, "etag": a.etag, "sha256": outcome.sha256, "status": outcome.status,
            "reason": printable(outcome.reason or "") or None, "rows_in": outcome.rows_in, "rows_loaded": outcome.rows_loaded, "rows_quarantined": outcome.rows_quarantined, "processed_at": now,
        }  # fmt: skip
        self._record("lake.quality.files", [file], _FILES, [a.path], a.dump)

    def _record(self, table: str, rows: list[dict[str, Any]], schema: pa.Schema, paths: Sequence[str], loader: str) -> None:
        """Writes what was found of files into a quality table, in the place of what an earlier attempt at the same files has left.

        The staging table is the loader's own, that is a dump's: loaders of other dumps are at work at the same time.
        """
        columns = ", ".join(f'"{name}"' for name in schema.names)
        literals = ", ".join(f"'{quoted(path)}'" for path in paths)
        self._trino.rows(f"DELETE FROM {table} WHERE path IN ({literals})")
        if rows:
            name = "_".join([*table.split(".")[1:], *loader.split(".")])
            try:
                staging = stage(self._lake, name, pa.Table.from_pylist(rows, schema=schema))
                self._trino.rows(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}")
            finally:
                unstage(self._lake, name)
