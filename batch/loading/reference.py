"""Update the reference tables that Flink joins with, from the masters in the lake. Flink reads them again every 30 s."""

from pathlib import Path

from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.core.reference_data import merge_reference_rows
from tillstream.core.sql_templates import statements
from tillstream.core.topology import REFERENCE, REFERENCE_DUMPS

#: Queries of the reference tables that are not a copy of the dump's own table.
QUERIES = {"supply": Path(__file__).parent / "supply.sql"}


def refresh(trino: Trino, contract: DumpContract) -> None:
    """Update the reference tables that depend on a dump."""
    for table in (table for table, dumps in REFERENCE_DUMPS.items() if contract.name in dumps):
        (query,) = statements(QUERIES[table]) if table in QUERIES else [f"SELECT {', '.join(REFERENCE[table])} FROM {contract.table}"]
        # Postgres refuses NUL in a text. One name with a NUL would also block every later file of the master.
        merge_reference_rows(table, [tuple(value and value.replace("\0", "") for value in row) for row in trino.rows(query)])
