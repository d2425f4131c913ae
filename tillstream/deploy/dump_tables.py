"""Create the tables of the dumps from their contracts, and add a column to a table for each new field of its contract."""

from collections.abc import Iterator

from tillstream.core.avro_types import field_type
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.sql_templates import quoted
from tillstream.core.topology import streamed_tables

#: Type and comment of the columns that every table has beside the contract's fields.
_COMMON = {"business_date": ("date", "Business date of the file"), "source_file": ("varchar", "The file it came in, in the landing bucket")}
_HISTORY = {
    "valid_from": ("date", "First business date of which this holds"),
    "valid_to": ("date", "First business date of which it holds no more; null while it does"),
    "is_current": ("boolean", "Whether it holds still"),
}
_MERGE = {"known_since": ("date", "First business date of which it was told; null where it came before this was kept")}
#: Further columns, by the way in which a table is loaded.
_BY_LOAD = {"history": _HISTORY, "merge": _MERGE, "append": {}}


def columns(contract: DumpContract) -> dict[str, tuple[str, str]]:
    """Return the type in Trino and the comment of each column, by name."""
    fields = {field["name"]: (field_type(field["type"]).trino, str(field["doc"])) for field in contract.fields}
    return {**fields, **_BY_LOAD[contract.load], **_COMMON}


def statements(contract: DumpContract, existing: set[str]) -> Iterator[str]:
    """Yield the statements that create or widen a table.

    Args:
        contract: contract of the dump.
        existing: the columns that the table has; empty if there is no table.
    """
    definitions = columns(contract)
    if not existing:
        lines = ", ".join(f"{name} {kind} COMMENT '{quoted(doc)}'" for name, (kind, doc) in definitions.items())
        partitioning = ", partitioning = ARRAY['month(business_date)']" if contract.load == "append" else ""
        yield f"CREATE TABLE IF NOT EXISTS {contract.table} ({lines}) WITH (format_version = 2, max_commit_retry = 20{partitioning})"
        return
    for name, (kind, doc) in definitions.items():
        if name not in existing:
            yield f"ALTER TABLE {contract.table} ADD COLUMN IF NOT EXISTS {name} {kind} COMMENT '{quoted(doc)}'"


def widen_streamed_tables(trino: Trino) -> int:
    """Add a column to the streamed tables for each field added to their topics' contracts. Return how many statements ran."""
    count = 0
    for table in streamed_tables().values():
        for field in table.added if table.added_fields else ():
            comment = quoted(field["doc"])
            trino.rows(
                f"ALTER TABLE {table.name} ADD COLUMN IF NOT EXISTS {field['name']} {field_type(field['type']).trino} COMMENT '{comment}'"
            )
            count += 1
    return count


def deploy_dump_tables(trino: Trino) -> int:
    """Create or widen the table of every dump. Return how many statements ran."""
    count = 0
    for contract in dump_contracts().values():
        catalog, schema, table = contract.table.split(".")
        trino.rows(f"CREATE SCHEMA IF NOT EXISTS {catalog}.{schema}")
        query = f"SELECT column_name FROM {catalog}.information_schema.columns WHERE table_schema = '{schema}' AND table_name = '{table}'"
        for statement in statements(contract, {row[0] for row in trino.rows(query)}):
            trino.rows(statement)
            count += 1
    trino.rows("CREATE SCHEMA IF NOT EXISTS lake.staging")
    return count
