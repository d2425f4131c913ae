"""Brings the reference data that Flink looks up in line with the masters in the lake; Flink reads it again every 30 s."""

from tillstream.contracts import DumpContract
from tillstream.deploy.reference import REFERENCE, merge_reference
from tillstream.queries import Trino

#: The reference table of each master.
OF_DUMP = {"catalog.products.v1": "products", "catalog.stores.v1": "stores"}


def refresh(trino: Trino, contract: DumpContract) -> None:
    """Copies a master to its reference table, where it has one."""
    if table := OF_DUMP.get(contract.name):
        merge_reference(table, [tuple(row) for row in trino.rows(f"SELECT {', '.join(REFERENCE[table])} FROM {contract.table}")])
