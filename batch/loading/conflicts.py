"""Rows of an append dump that tell of something otherwise than a row that was loaded before: they are set aside, and the first holds."""

from typing import TYPE_CHECKING, NamedTuple

from batch.loading.landing import Landed
from batch.loading.load import HERE, bound, others
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.core.sql_templates import quoted, statements

if TYPE_CHECKING:
    from batch.loading.check import Checked


class Conflict(NamedTuple):
    """The row's line, the fields that differ, and the file that the row in the table came in."""

    line: int
    fields: str
    source_file: str


def rule(contract: DumpContract) -> str:
    """The rule's name in the quarantine and in the results."""
    return f"{', '.join(contract.key)}: conflicts with loaded"


def conflicts(trino: Trino, contract: DumpContract, staging: str) -> list[Conflict]:
    """The staged rows whose key the table has with other values."""
    differing = ", ".join(f"CASE WHEN t.{name} IS DISTINCT FROM s.{name} THEN '{name}' END" for name in others(contract))
    (query,) = statements(HERE / "conflicts.sql", table=contract.table, differing=differing, **bound(contract, staging))
    return [Conflict(int(line), str(fields), str(source)) for line, fields, source in trino.rows(query)]


def set_aside(trino: Trino, landed: Landed, checked: "Checked", staging: str) -> bool:
    """Adds the conflicts to what was found of the file; gives whether there are any."""
    from batch.loading.check import BadRow, RuleResult

    contract = landed.announced.contract
    found = conflicts(trino, contract, staging)
    if found:
        found = _beside_its_own(trino, landed, found)
    checked.results.append(RuleResult(rule(contract), ", ".join(contract.key), landed.count, len(found), refuses=False))
    checked.bad.extend(BadRow(c.line, rule(contract), f"{c.fields}: not as loaded from {c.source_file}") for c in found)
    return bool(found)


def _beside_its_own(trino: Trino, landed: Landed, found: list[Conflict]) -> list[Conflict]:
    """The conflicts without those of a file that is loaded again with what it has brought itself, by standards that have changed since.

    What was set aside when it was loaded is set aside again.
    """
    path = quoted(landed.announced.path)
    loaded = f"SELECT count(*) FROM lake.quality.files WHERE path = '{path}' AND status = 'LOADED' AND sha256 = '{landed.sha256}'"
    if not trino.scalar(loaded):
        return found
    aside = f"SELECT line FROM lake.quality.quarantine WHERE path = '{path}' AND rule = '{quoted(rule(landed.announced.contract))}'"
    lines = {int(line) for (line,) in trino.rows(aside)}
    return [c for c in found if c.source_file != landed.announced.path or c.line in lines]
