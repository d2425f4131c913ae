"""Compare each file in the back office's ledger with its result: rows in = rows loaded + rows quarantined, and each fault is found by its rule."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.rules import QUARANTINE_KEPT_DAYS
from tillstream.core.topology import FILES, QUARANTINE

#: The rules that may refuse a file for each injected fault.
REFUSED_BY = {
    "missing_column": {"missing_column"},
    "wrong_delimiter": {"delimiter", "unreadable"},
    "wrong_encoding": {"encoding"},
    "half_file": {"half_file"},
    "wrong_checksum": {"checksum"},
}

Row = tuple[int, str]
"""A bad row: its line in the file, and the rule that refused it or should have."""

#: The end of a rule that a row can break without a fault of its own: the row that it refers to was quarantined.
CONSEQUENCE = ": known"


@dataclass(frozen=True)
class SentFile:
    """A file in the back office's ledger.

    Attributes:
        path: in the landing bucket.
        dump: the dump's name.
        rows: how many rows it has.
        fault: the fault of the whole file; None where it has none.
        planted: the line of each faulty row and the rule that it breaks; the rule is empty where the ledger does not name the column.
    """

    path: str
    dump: str
    rows: int
    fault: str | None
    planted: frozenset[Row]


@dataclass(frozen=True)
class DoneFile:
    """A file's result in the lake.

    Attributes:
        status: LOADED, REFUSED or REPEATED, from lake.quality.files, as are the next four.
        reason: why the file was refused; empty where it was not.
        rows_in: rows of the file.
        rows_loaded: rows loaded into the table.
        rows_quarantined: rows put into the quarantine.
        quarantined: its rows in the quarantine; None where retention may have deleted them.
        in_table: its rows in the table; None where they cannot be counted, because later files change them.
    """

    status: str
    reason: str
    rows_in: int
    rows_loaded: int
    rows_quarantined: int
    quarantined: frozenset[Row] | None
    in_table: int | None


@dataclass
class DumpTotals:
    """One dump's row in the report's table.

    Attributes:
        files: how many files were sent.
        refused: how many of them were refused.
        repeated: how many were recognised as sent before.
        rows_in: rows of the loaded files.
        rows_loaded: of these, rows loaded.
        rows_quarantined: of these, rows quarantined.
        planted: faulty rows in the loaded files.
        consequences: rows quarantined only because the row that they refer to was.
        problems: what is wrong, one text per problem.
    """

    files: int = 0
    refused: int = 0
    repeated: int = 0
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    planted: int = 0
    consequences: int = 0
    problems: list[str] = field(default_factory=list)


def sent_files(ledger: Path) -> list[SentFile]:
    """Return the files that the back office has sent by now; an empty list where there is no back office."""
    path = ledger / "back_office.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
            return []
        files = db.execute("SELECT path, dump, rows, file_fault, row_faults FROM files WHERE sent_at IS NOT NULL").fetchall()
    return [
        SentFile(path, dump, rows, fault, frozenset(planted(dump_contracts()[dump], faults))) for path, dump, rows, fault, faults in files
    ]


def planted(contract: DumpContract, faults: str) -> Iterator[Row]:
    """Yield the line of each planted fault and the rule that it breaks, from the ledger's JSON."""
    for fault, number, *column in json.loads(faults):
        yield number + (contract.format == "csv"), rule_broken(contract, fault, column[0]) if column else ""


def rule_broken(contract: DumpContract, fault: str, column: str) -> str:
    """Return the name of the rule that a planted fault breaks, from the limits of its column in the contract."""
    if fault == "duplicate_key":
        return f"{', '.join(contract.key)}: unique key"
    if fault == "orphan":
        return f"{column}: known"
    spec = next(spec for spec in contract.fields if spec["name"] == column)
    if fault == "impossible_value" and "allowed" in spec:
        return f"{column}: allowed"
    if fault == "impossible_value" and ("minimum" in spec or "maximum" in spec):
        return f"{column}: range"
    return f"{column}: type and standard"


def done_files(trino: Trino) -> dict[str, DoneFile]:
    """Return the result of each file, by path."""
    quarantined: dict[str, set[Row]] = defaultdict(set)
    for path, line, rule in trino.rows(f"SELECT path, line, rule FROM {QUARANTINE}"):
        quarantined[path].add((int(line), rule))
    loaded: dict[str, int] = {}
    for contract in dump_contracts().values():
        if contract.load == "append":
            loaded |= {path: int(rows) for path, rows in trino.rows(f"SELECT source_file, count(*) FROM {contract.table} GROUP BY 1")}
    appended = {contract.name for contract in dump_contracts().values() if contract.load == "append"}
    query = (
        "SELECT path, dump, status, coalesce(reason, ''), rows_in, rows_loaded, rows_quarantined, "
        f"processed_at > current_timestamp - INTERVAL '{QUARANTINE_KEPT_DAYS - 1}' DAY FROM {FILES}"
    )
    return {
        path: DoneFile(
            status,
            reason,
            int(rows),
            int(good),
            int(bad),
            frozenset(quarantined[path]) if recent else None,
            loaded.get(path, 0) if dump in appended else None,
        )
        for path, dump, status, reason, rows, good, bad, recent in trino.rows(query)
    }


def compare_dumps(sent: list[SentFile], done: dict[str, DoneFile]) -> dict[str, DumpTotals]:
    """Return the totals and the problems of each dump, by name."""
    totals: dict[str, DumpTotals] = defaultdict(DumpTotals)
    faulty = {file.dump for file in sent if file.planted or file.fault}
    for file in sorted(sent, key=lambda f: f.path):
        total = totals[file.dump]
        total.files += 1
        result = done.get(file.path)
        if result is None:
            total.problems.append(f"{file.path}: it was not processed")
            continue
        total.refused += result.status == "REFUSED"
        total.repeated += result.status == "REPEATED"
        total.problems.extend(f"{file.path}: {what}" for what in _wrong(file, result, faulty))
        if result.status == "LOADED":
            total.rows_in += result.rows_in
            total.rows_loaded += result.rows_loaded
            total.rows_quarantined += result.rows_quarantined
            total.planted += len(file.planted)
            total.consequences += len({line for line, _ in result.quarantined or ()} - {line for line, _ in file.planted})
    return dict(totals)


def _may_be_intolerable(file: SentFile, reason: str, faulty: set[str]) -> bool:
    """Return whether a file may have more bad rows than its contract tolerates: it has planted faults, or a dump that it refers to has."""
    refers_to = {spec.get("references") for spec in dump_contracts()[file.dump].fields}
    return bool(file.planted) or (f"{CONSEQUENCE}'" in reason and bool(refers_to & faulty))


def _wrong(file: SentFile, result: DoneFile, faulty: set[str]) -> list[str]:
    """Return what is wrong with a file's result, in words. `faulty` has the names of the dumps with planted faults."""
    if file.fault in REFUSED_BY:
        right = result.status == "REFUSED" and result.reason.split(":")[0] in REFUSED_BY[file.fault]
        return [] if right else [f"{file.fault}: {result.status} {result.reason}"]
    if result.status == "REFUSED":
        # A sound file may be refused for one reason only: more bad rows than its contract tolerates.
        right = result.reason.startswith("tolerance:") and _may_be_intolerable(file, result.reason, faulty)
        return [] if right else [f"refused, but the file has no fault: {result.reason}"]
    if result.status == "REPEATED":
        return [] if file.fault == "repeated_file" else [f"taken for a repeated file: {result.reason}"]
    problems = []
    if result.rows_in != file.rows:
        problems.append(f"{file.rows:,} rows sent, {result.rows_in:,} received")
    if result.rows_in != result.rows_loaded + result.rows_quarantined:
        problems.append(f"{result.rows_in:,} rows in, {result.rows_loaded:,} loaded and {result.rows_quarantined:,} quarantined")
    if result.quarantined is not None:
        lines = {line for line, _ in result.quarantined}
        if len(lines) != result.rows_quarantined:
            problems.append(f"{result.rows_quarantined:,} rows quarantined, {len(lines):,} are in the quarantine")
        problems += _misjudged(file, result.quarantined)
    if result.in_table is not None and result.in_table != result.rows_loaded:
        problems.append(f"{result.rows_loaded:,} rows loaded, its table has {result.in_table:,}")
    return problems


def _misjudged(file: SentFile, quarantined: frozenset[Row]) -> list[str]:
    """Return planted faults that are not in the quarantine under their rule, and quarantined rows without a planted fault."""
    rules: dict[int, set[str]] = defaultdict(set)
    for line, rule in quarantined:
        rules[line].add(rule)
    problems = []
    for line, rule in sorted(file.planted):
        if line not in rules:
            problems.append(f"line {line} is faulty, but not in the quarantine")
        elif rule and rule not in rules[line]:
            problems.append(f"line {line} breaks {rule!r}, but was quarantined under {', '.join(map(repr, sorted(rules[line])))}")
    sound = rules.keys() - {line for line, _ in file.planted}
    unfounded = {line: sorted(rule for rule in rules[line] if not rule.endswith(CONSEQUENCE)) for line in sorted(sound)}
    problems += [
        f"line {line} has no planted fault, but was quarantined under {', '.join(map(repr, names))}"
        for line, names in unfounded.items()
        if names
    ]
    return problems
