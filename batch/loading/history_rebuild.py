"""A history is told in order. Where a file comes late it is told again beside its table, which changes once all of it is told.

Told in place, the table would be for minutes as it was on the late file's day: a consent that was withdrawn since would be given again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

from batch.loading.load import HERE, STAGING, end_left_running
from batch.loading.notes import Outcome
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import TillstreamError
from tillstream.core.sql_templates import statements

#: What a history's table has beside the contract's fields.
KEPT = ("business_date", "source_file", "valid_from", "valid_to", "is_current")


@dataclass
class Rebuild:
    """A history that is being told again: where, what became of its files so far, and which file was the last of each day, with its SHA-256."""

    table: str
    outcomes: list[Outcome] = field(default_factory=list)
    newest: dict[date, tuple[str, str]] = field(default_factory=dict)


def has_later(trino: Trino, contract: DumpContract, day: date) -> bool:
    """Whether anything of a later day was loaded: in the table, or noted of a file that changed nothing."""
    return bool(
        trino.scalar(
            f"SELECT count(*) FROM (SELECT 1 FROM {contract.table} WHERE valid_from > DATE '{day}' OR valid_to > DATE '{day}' "
            f"UNION ALL SELECT 1 FROM lake.quality.files WHERE dump = '{contract.name}' AND status = 'LOADED' AND business_date > DATE '{day}' LIMIT 1)"
        )
    )


@contextmanager
def table_copy(trino: Trino, contract: DumpContract) -> Iterator[str]:
    """A copy of the table to tell the history in; gives its name. It is gone afterwards, and what a killed load has left of one goes before."""
    end_left_running(trino, contract.table)
    copy = f"lake.{STAGING}.{contract.name.replace('.', '_')}_retold"
    trino.rows(f"DROP TABLE IF EXISTS {copy}")
    trino.rows(f"CREATE TABLE {copy} WITH (format_version = 2) AS SELECT * FROM {contract.table}")
    try:
        yield copy
    finally:
        # Where Trino is away the next telling does it, or the day's upkeep.
        with suppress(TillstreamError):
            trino.rows(f"DROP TABLE IF EXISTS {copy}")


def swap_table(trino: Trino, contract: DumpContract, rebuilt: str) -> None:
    """Makes the table what the copy is, in one commit."""
    end_left_running(trino, contract.table)
    names = [*(field["name"] for field in contract.fields), *KEPT]
    others = [name for name in names if name not in {*contract.key, "valid_from"}]
    (merge,) = statements(
        HERE / "swap_history.sql",
        table=contract.table,
        rebuilt=rebuilt,
        now=", ".join(f"n.{name}" for name in names),
        was=", ".join(f"t.{name}" for name in names),
        same_version=" AND ".join(f"t.{name} = n.{name}" for name in [*contract.key, "valid_from"]),
        differs=" OR ".join(f"t.{name} IS DISTINCT FROM n.{name}" for name in others),
        assignments=", ".join(f"{name} = n.{name}" for name in others),
        columns=", ".join(names),
    )
    trino.rows(merge)
