"""The tables of the dumps, from their contracts: made where they are missing. Every table is widened where a contract has a new field."""

from collections.abc import Iterator
from typing import Any

from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.sql_templates import quoted
from tillstream.core.topology import STREAMED, added_fields

#: What each table has beside the contract's fields.
_EVERY = {"business_date": ("date", "Business date of the file"), "source_file": ("varchar", "The file it came in, in the landing bucket")}
_HISTORY = {
    "valid_from": ("date", "First business date of which this holds"),
    "valid_to": ("date", "First business date of which it holds no more; null while it does"),
    "is_current": ("boolean", "Whether it holds still"),
}
_MERGE = {"known_since": ("date", "First business date of which it was told; null where it came before this was kept")}
#: What a table has by the way it is loaded.
_BY_LOAD = {"history": _HISTORY, "merge": _MERGE, "append": {}}
_PLAIN = {"string": "varchar", "int": "integer", "long": "bigint", "boolean": "boolean", "double": "double", "bytes": "varbinary"}


def columns(contract: DumpContract) -> dict[str, tuple[str, str]]:
    """Type in Trino and comment of each column."""
    found = {field["name"]: (sql_type(field["type"]), str(field["doc"])) for field in contract.fields}
    return {**found, **_BY_LOAD[contract.load], **_EVERY}


def sql_type(avro: Any) -> str:
    """The Avro type in Trino."""
    if isinstance(avro, list):
        return sql_type(next(t for t in avro if t != "null"))
    if isinstance(avro, dict):
        match avro["logicalType"]:
            case "date":
                return "date"
            case "timestamp-micros":
                return "timestamp(6) with time zone"
            case _:
                return f"decimal({avro['precision']}, {avro['scale']})"
    return _PLAIN[avro]


def statements(contract: DumpContract, there: set[str]) -> Iterator[str]:
    """What brings the table in line; `there` has the columns it has now, none where there is no table."""
    wanted = columns(contract)
    if not there:
        lines = ", ".join(f"{name} {kind} COMMENT '{quoted(doc)}'" for name, (kind, doc) in wanted.items())
        partitioning = ", partitioning = ARRAY['month(business_date)']" if contract.load == "append" else ""
        yield f"CREATE TABLE IF NOT EXISTS {contract.table} ({lines}) WITH (format_version = 2, max_commit_retry = 20{partitioning})"
        return
    for name, (kind, doc) in wanted.items():
        if name not in there:
            yield f"ALTER TABLE {contract.table} ADD COLUMN IF NOT EXISTS {name} {kind} COMMENT '{quoted(doc)}'"


def widen_streamed_tables(trino: Trino) -> int:
    """Adds the fields to the streamed tables that were added to their topics' contracts; gives how many statements it took."""
    done = 0
    for table in STREAMED:
        for field in added_fields(table):
            comment = quoted(field["doc"])
            trino.rows(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {field['name']} {sql_type(field['type'])} COMMENT '{comment}'")
            done += 1
    return done


def deploy_dump_tables(trino: Trino) -> int:
    """Brings every dump's table in line; gives how many statements it took."""
    done = 0
    for contract in dump_contracts().values():
        catalog, schema, table = contract.table.split(".")
        trino.rows(f"CREATE SCHEMA IF NOT EXISTS {catalog}.{schema}")
        query = f"SELECT column_name FROM {catalog}.information_schema.columns WHERE table_schema = '{schema}' AND table_name = '{table}'"
        for statement in statements(contract, {row[0] for row in trino.rows(query)}):
            trino.rows(statement)
            done += 1
    trino.rows("CREATE SCHEMA IF NOT EXISTS lake.staging")
    return done
