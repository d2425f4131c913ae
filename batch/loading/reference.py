"""Brings the reference data that Flink looks up in line with the masters in the lake; Flink reads it again every 30 s."""

from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.core.reference_data import REFERENCE, merge_reference_rows
from tillstream.core.sql_templates import statements

#: The reference tables that a dump has a part in.
OF_DUMP = {
    "catalog.products.v1": ("products", "supply"),
    "catalog.stores.v1": ("stores",),
    "inventory.suppliers.v1": ("supply",),
    "inventory.restocks.v1": ("supply",),
}
#: How the lake says them, where it is not the dump's own table.
QUERIES = {"supply": Path(__file__).parent / "supply.sql"}


def refresh(trino: Trino, contract: DumpContract) -> None:
    """Brings the reference tables in line that the dump has a part in."""
    for table in OF_DUMP.get(contract.name, ()):
        (query,) = statements(QUERIES[table]) if table in QUERIES else [f"SELECT {', '.join(REFERENCE[table])} FROM {contract.table}"]
        # Postgres takes no NUL in a text, and one name with it would stop every later file of the master too.
        merge_reference_rows(table, [tuple(value and value.replace("\0", "") for value in row) for row in trino.rows(query)])
