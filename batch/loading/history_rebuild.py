"""Rebuild a history table when a file of an earlier day arrives.

A history is built from its files in the order of their business dates. For a late file all later files are loaded again, into a copy of
the table. The table changes in one commit, once the copy is complete. If the table itself were rebuilt, readers would see the state of
the late file's day for some minutes: a consent that was withdrawn since would seem to be given again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

from batch.loading.load import HERE, STAGING, end_orphaned_statements
from batch.loading.quality_tables import Outcome
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import TillstreamError
from tillstream.core.sql_templates import statements
from tillstream.core.topology import FILES

#: Columns of a history table that are not fields of the contract.
KEPT = ("business_date", "source_file", "valid_from", "valid_to", "is_current")


@dataclass
class Rebuild:
    """A rebuild that is under way.

    Attributes:
        table: the copy that is built.
        outcomes: outcomes of the files loaded so far.
        newest: path and SHA-256 of the last file loaded for each business date.
    """

    table: str
    outcomes: list[Outcome] = field(default_factory=list)
    newest: dict[date, tuple[str, str]] = field(default_factory=dict)


def has_later(trino: Trino, contract: DumpContract, day: date) -> bool:
    """Return whether a file of a later day was loaded. One that changed no row is found in lake.quality.files only."""
    return bool(
        trino.scalar(
            f"SELECT count(*) FROM (SELECT 1 FROM {contract.table} WHERE valid_from > DATE '{day}' OR valid_to > DATE '{day}' "
            f"UNION ALL SELECT 1 FROM {FILES} WHERE dump = '{contract.name}' AND status = 'LOADED' AND business_date > DATE '{day}' LIMIT 1)"
        )
    )


@contextmanager
def table_copy(trino: Trino, contract: DumpContract) -> Iterator[str]:
    """Create a copy of the table for a rebuild and yield its name in Trino. The copy is dropped at the end.

    A copy that a killed load left behind is dropped first.
    """
    end_orphaned_statements(trino, contract.table)
    copy = f"lake.{STAGING}.{contract.name.replace('.', '_')}_retold"
    trino.rows(f"DROP TABLE IF EXISTS {copy}")
    trino.rows(f"CREATE TABLE {copy} WITH (format_version = 2) AS SELECT * FROM {contract.table}")
    try:
        yield copy
    finally:
        # If Trino is away, the next rebuild or the daily upkeep drops the copy.
        with suppress(TillstreamError):
            trino.rows(f"DROP TABLE IF EXISTS {copy}")


def swap_table(trino: Trino, contract: DumpContract, rebuilt: str) -> None:
    """Make the table equal to the rebuilt copy, in one commit."""
    end_orphaned_statements(trino, contract.table)
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
