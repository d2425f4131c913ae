"""Write the tables of lake.quality: the outcome of each file, the result of each rule, and each quarantined row."""

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
from tillstream.core.topology import FILES, QUARANTINE, RESULTS

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

#: Longest reason in characters. A file's header or path, which a reason may quote, can be a megabyte.
_REASON_AT_MOST = 1_000


def storable(text: str) -> str:
    """Return a text that every table accepts: without half surrogate pairs, which JSON allows, and without NUL, which Postgres refuses."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")


def printable(reason: str) -> str:
    """Return a reason as one line of bounded length."""
    cut = storable(reason) if len(reason) <= _REASON_AT_MOST else f"{storable(reason[:_REASON_AT_MOST])}…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


@dataclass
class Outcome:
    """The outcome of a file: LOADED, REPEATED or REFUSED, with the reason and the numbers of rows."""

    announced: Announced
    status: str
    reason: str | None = None
    sha256: str | None = None
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    checked: "Checked | None" = None
    changed: dict[str, int] = field(default_factory=dict)


class QualityTables:
    """The tables of lake.quality. Each write replaces the rows of an earlier attempt at the same file."""

    def __init__(self, trino: Trino, lake: Catalog) -> None:
        self._trino = trino
        self._lake = lake

    def refuse(self, misplaced: Sequence[Misplaced]) -> None:
        """Record in one commit that these announcements are refused."""
        now = datetime.now(tz=UTC)
        rows = [
            {
                "path": m.path, "etag": m.etag, "dump": m.dump, "business_date": m.business_date, "sha256": None, "status": "REFUSED",
                "reason": printable(m.reason), "rows_in": 0, "rows_loaded": 0, "rows_quarantined": 0, "processed_at": now,
            }
            for m in misplaced
        ]  # fmt: skip
        self._replace(FILES, rows, _FILES, [m.path for m in misplaced], UNKNOWN_DUMP)

    def quarantine(self, landed: Landed, checked: "Checked") -> None:
        """Record each quarantined row as it was in the file."""
        a, now = landed.announced, datetime.now(tz=UTC)
        bad = landed.rows[landed.rows[LINE].isin(checked.bad_lines)].set_index(LINE)
        # JSON has null but not NaN.
        texts = {
            line: storable(json.dumps({k: v if isinstance(v, str) else None for k, v in row.items()}, ensure_ascii=False))
            for line, row in bad.to_dict("index").items()
        } | {broken.line: broken.row for broken in landed.broken}
        rows = [
            {
                "path": a.path, "line": bad_row.line, "dump": a.dump, "business_date": a.business_date, "rule": bad_row.rule,
                "reason": printable(bad_row.reason),
                "row": texts[bad_row.line], "set_aside_at": now,
            }
            for bad_row in checked.bad
        ]  # fmt: skip
        self._replace(QUARANTINE, rows, _QUARANTINE, [a.path], a.dump)

    def record(self, outcome: Outcome) -> None:
        """Record the results of the rules, and last the outcome of the file. From then on the file is no longer pending."""
        a, now = outcome.announced, datetime.now(tz=UTC)
        shared = {"path": a.path, "dump": a.dump, "business_date": a.business_date}
        results = [
            {
                **shared,
                "kind": "EXPECTATION",
                "rule": result.rule,
                "column": result.column,
                "checked": result.checked,
                "failed": result.failed,
                "checked_at": now,
            }
            for result in (outcome.checked.results if outcome.checked else [])
        ]
        results += [
            {
                **shared,
                "kind": "STANDARD",
                "rule": rule.split(": ")[1],
                "column": rule.split(": ")[0],
                "checked": outcome.rows_in,
                "failed": count,
                "checked_at": now,
            }
            for rule, count in outcome.changed.items()
        ]
        self._replace(RESULTS, results, _RESULTS, [a.path], a.dump)
        if outcome.status != "LOADED":
            self._replace(QUARANTINE, [], _QUARANTINE, [a.path], a.dump)
        file = {
            **shared, "etag": a.etag, "sha256": outcome.sha256, "status": outcome.status,
            "reason": printable(outcome.reason or "") or None, "rows_in": outcome.rows_in, "rows_loaded": outcome.rows_loaded, "rows_quarantined": outcome.rows_quarantined, "processed_at": now,
        }  # fmt: skip
        self._replace(FILES, [file], _FILES, [a.path], a.dump)

    def _replace(self, table: str, rows: list[dict[str, Any]], schema: pa.Schema, paths: Sequence[str], dump: str) -> None:
        """Replace the rows of files in a table.

        The staging table belongs to one dump, because loaders of other dumps run at the same time.
        """
        columns = ", ".join(f'"{name}"' for name in schema.names)
        literals = ", ".join(f"'{quoted(path)}'" for path in paths)
        self._trino.rows(f"DELETE FROM {table} WHERE path IN ({literals})")
        if rows:
            name = "_".join([*table.split(".")[1:], *dump.split(".")])
            try:
                staging = stage(self._lake, name, pa.Table.from_pylist(rows, schema=schema))
                self._trino.rows(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging}")
            finally:
                unstage(self._lake, name)
