"""Quarantine rows of an append dump that differ from a loaded row with the same key.

The row that was loaded first stays.
"""

from typing import TYPE_CHECKING, NamedTuple

from batch.loading.landing import Landed
from batch.loading.load import HERE, non_key_fields, placeholders
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.core.sql_templates import quoted, statements
from tillstream.core.topology import FILES, QUARANTINE

if TYPE_CHECKING:
    from batch.loading.check import Checked


class Conflict(NamedTuple):
    """A conflict: the line of the row, the fields that differ, and the file of the loaded row."""

    line: int
    fields: str
    source_file: str


def rule(contract: DumpContract) -> str:
    """Return the name of the conflict rule for the quarantine and the results."""
    return f"{', '.join(contract.key)}: conflicts with loaded"


def conflicts(trino: Trino, contract: DumpContract, staging: str) -> list[Conflict]:
    """Return the staged rows whose key is in the table with other values."""
    differing = ", ".join(f"CASE WHEN t.{name} IS DISTINCT FROM s.{name} THEN '{name}' END" for name in non_key_fields(contract))
    (query,) = statements(HERE / "conflicts.sql", table=contract.table, differing=differing, **placeholders(contract, staging))
    return [Conflict(int(line), str(fields), str(source)) for line, fields, source in trino.rows(query)]


def set_aside(trino: Trino, landed: Landed, checked: "Checked", staging: str) -> bool:
    """Add the conflicts to the results of the check; return whether there are any."""
    from batch.loading.check import BadRow, RuleResult

    contract = landed.announced.contract
    conflicting = conflicts(trino, contract, staging)
    if conflicting:
        conflicting = _without_own_rows(trino, landed, conflicting)
    checked.results.append(RuleResult(rule(contract), ", ".join(contract.key), landed.count, len(conflicting), refuses=False))
    checked.bad.extend(BadRow(c.line, rule(contract), f"{c.fields}: not as loaded from {c.source_file}") for c in conflicting)
    return bool(conflicting)


def _without_own_rows(trino: Trino, landed: Landed, conflicting: list[Conflict]) -> list[Conflict]:
    """Remove conflicts of a reloaded file with its own loaded rows: they differ only because the standards have changed since.

    Rows that were quarantined at the first load stay conflicts.
    """
    path = quoted(landed.announced.path)
    loaded = f"SELECT count(*) FROM {FILES} WHERE path = '{path}' AND status = 'LOADED' AND sha256 = '{landed.sha256}'"
    if not trino.scalar(loaded):
        return conflicting
    aside = f"SELECT line FROM {QUARANTINE} WHERE path = '{path}' AND rule = '{quoted(rule(landed.announced.contract))}'"
    lines = {int(line) for (line,) in trino.rows(aside)}
    return [c for c in conflicting if c.source_file != landed.announced.path or c.line in lines]
