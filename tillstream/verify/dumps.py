"""Compares what the back office's ledger says of each file with what became of it: rows in = rows loaded + rows quarantined, each fault with its rule."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import QUARANTINE_KEPT_DAYS, DumpContract, dump_contracts

#: By which rule each fault of a file must be refused.
REFUSED_BY = {
    "missing_column": {"missing_column"},
    "wrong_delimiter": {"delimiter", "unreadable"},
    "wrong_encoding": {"encoding"},
    "half_file": {"half_file"},
    "wrong_checksum": {"checksum"},
}


#: A bad row: its line, and the rule that refused it or that should.
Row = tuple[int, str]

#: The rule that a row breaks without a fault of its own: the row that it refers to was set aside.
CONSEQUENCE = ": known"


@dataclass(frozen=True)
class SentFile:
    """A file as the back office has sent it, with the rule that each planted fault breaks; the rule is empty where the ledger does not name the column."""

    path: str
    dump: str
    rows: int
    fault: str | None
    planted: frozenset[Row]


@dataclass(frozen=True)
class DoneFile:
    """A file as lake.quality.files has it, with its rows in the quarantine, and how many rows its table has of it.

    `quarantined` is None where they were set aside so long ago that they may be gone.
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
    """One dump's row in the table."""

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
    """What the back office has sent by now; nothing where there is none."""
    path = ledger / "back_office.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
            return []
        found = db.execute("SELECT path, dump, rows, file_fault, row_faults FROM files WHERE sent_at IS NOT NULL").fetchall()
    return [
        SentFile(path, dump, rows, fault, frozenset(planted(dump_contracts()[dump], faults))) for path, dump, rows, fault, faults in found
    ]


def planted(contract: DumpContract, faults: str) -> Iterator[Row]:
    """The line of each planted fault and the rule that it breaks, from the ledger's JSON."""
    for fault, number, *column in json.loads(faults):
        yield number + (contract.format == "csv"), rule_broken(contract, fault, column[0]) if column else ""


def rule_broken(contract: DumpContract, fault: str, column: str) -> str:
    """The name of the rule that a planted fault breaks, by what the contract says of its column."""
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
    """What became of each file, by its path."""
    aside: dict[str, set[Row]] = defaultdict(set)
    for path, line, rule in trino.rows("SELECT path, line, rule FROM lake.quality.quarantine"):
        aside[path].add((int(line), rule))
    loaded: dict[str, int] = {}
    for contract in dump_contracts().values():
        if contract.load == "append":
            loaded |= {path: int(rows) for path, rows in trino.rows(f"SELECT source_file, count(*) FROM {contract.table} GROUP BY 1")}
    appended = {contract.name for contract in dump_contracts().values() if contract.load == "append"}
    query = (
        "SELECT path, dump, status, coalesce(reason, ''), rows_in, rows_loaded, rows_quarantined, "
        f"processed_at > current_timestamp - INTERVAL '{QUARANTINE_KEPT_DAYS - 1}' DAY FROM lake.quality.files"
    )
    return {
        path: DoneFile(
            status,
            reason,
            int(rows),
            int(good),
            int(bad),
            frozenset(aside[path]) if recent else None,
            loaded.get(path, 0) if dump in appended else None,
        )
        for path, dump, status, reason, rows, good, bad, recent in trino.rows(query)
    }


def compare_dumps(sent: list[SentFile], done: dict[str, DoneFile]) -> dict[str, DumpTotals]:
    """Totals and problems, by dump."""
    totals: dict[str, DumpTotals] = defaultdict(DumpTotals)
    faulty = {file.dump for file in sent if file.planted or file.fault}
    for file in sorted(sent, key=lambda f: f.path):
        total = totals[file.dump]
        total.files += 1
        found = done.get(file.path)
        if found is None:
            total.problems.append(f"{file.path}: nothing became of it")
            continue
        total.refused += found.status == "REFUSED"
        total.repeated += found.status == "REPEATED"
        total.problems.extend(f"{file.path}: {what}" for what in _wrong(file, found, faulty))
        if found.status == "LOADED":
            total.rows_in += found.rows_in
            total.rows_loaded += found.rows_loaded
            total.rows_quarantined += found.rows_quarantined
            total.planted += len(file.planted)
            total.consequences += len({line for line, _ in found.quarantined or ()} - {line for line, _ in file.planted})
    return dict(totals)


def _may_be_intolerable(file: SentFile, reason: str, faulty: set[str]) -> bool:
    """Whether so many of a file's rows may be bad that it is refused: there are faults in it, or in a file that its rows refer to."""
    refers_to = {spec.get("references") for spec in dump_contracts()[file.dump].fields}
    return bool(file.planted) or (f"{CONSEQUENCE}'" in reason and bool(refers_to & faulty))


def _wrong(file: SentFile, found: DoneFile, faulty: set[str]) -> list[str]:
    if file.fault in REFUSED_BY:
        right = found.status == "REFUSED" and found.reason.split(":")[0] in REFUSED_BY[file.fault]
        return [] if right else [f"{file.fault}: {found.status} {found.reason}"]
    if found.status == "REFUSED":
        # More faulty rows than the contract tolerates: refused whole, with that reason and no other.
        right = found.reason.startswith("tolerance:") and _may_be_intolerable(file, found.reason, faulty)
        return [] if right else [f"refused, though it is whole: {found.reason}"]
    if found.status == "REPEATED":
        return [] if file.fault == "repeated_file" else [f"taken for a repetition: {found.reason}"]
    problems = []
    if found.rows_in != file.rows:
        problems.append(f"{file.rows:,} rows sent, {found.rows_in:,} came")
    if found.rows_in != found.rows_loaded + found.rows_quarantined:
        problems.append(f"{found.rows_in:,} rows in, {found.rows_loaded:,} loaded and {found.rows_quarantined:,} quarantined")
    if found.quarantined is not None:
        lines = {line for line, _ in found.quarantined}
        if len(lines) != found.rows_quarantined:
            problems.append(f"{found.rows_quarantined:,} rows quarantined, {len(lines):,} are in the quarantine")
        problems += _misjudged(file, found.quarantined)
    if found.in_table is not None and found.in_table != found.rows_loaded:
        problems.append(f"{found.rows_loaded:,} rows loaded, its table has {found.in_table:,}")
    return problems


def _misjudged(file: SentFile, quarantined: frozenset[Row]) -> list[str]:
    """Planted faults that are not in the quarantine under their own rule, and rows that were set aside though nothing was planted in them."""
    rules: dict[int, set[str]] = defaultdict(set)
    for line, rule in quarantined:
        rules[line].add(rule)
    problems = []
    for line, rule in sorted(file.planted):
        if line not in rules:
            problems.append(f"line {line} is faulty and not in the quarantine")
        elif rule and rule not in rules[line]:
            problems.append(f"line {line} breaks {rule!r}, set aside under {', '.join(map(repr, sorted(rules[line])))}")
    sound = rules.keys() - {line for line, _ in file.planted}
    unfounded = {line: sorted(rule for rule in rules[line] if not rule.endswith(CONSEQUENCE)) for line in sorted(sound)}
    problems += [
        f"line {line}: nothing was planted, set aside under {', '.join(map(repr, names))}" for line, names in unfounded.items() if names
    ]
    return problems
