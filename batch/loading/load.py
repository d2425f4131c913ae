"""Load checked rows into the lake: pyiceberg writes a staging table, then one MERGE in Trino loads it."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd
import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import NoSuchTableError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from batch.loading.records import LINE
from tillstream.core.avro_types import FieldType, field_type
from tillstream.core.buckets import LAKE
from tillstream.core.clients.trino import Trino
from tillstream.core.contracts import DumpContract
from tillstream.core.errors import QueryError, RetryableError
from tillstream.core.settings import LakeSettings
from tillstream.core.sql_templates import statements
from tillstream.core.waiting import await_condition

if TYPE_CHECKING:
    from pyiceberg.catalog.sql import SqlCatalog

HERE = Path(__file__).parent
#: Table of Iceberg's JDBC catalog, schema V1.
_METADATA = text(
    "SELECT metadata_location FROM iceberg_tables WHERE catalog_name = 'lake' AND table_namespace = :schema AND table_name = :name"
)
#: Schema of the staging tables, which exist only during a load.
STAGING = "staging"


def catalog() -> Catalog:
    """Return the lake's Iceberg catalog, which Flink and Trino use too."""
    settings = LakeSettings()
    return load_catalog(
        "lake",
        type="sql",
        uri=f"postgresql+psycopg2://lake:{settings.password.get_secret_value()}@{settings.postgres}/lake",
        warehouse=f"s3://{LAKE}",
        **{
            "s3.endpoint": f"http://{settings.s3_endpoint}",
            "s3.access-key-id": settings.s3_user,
            "s3.secret-access-key": settings.s3_password.get_secret_value(),
            "s3.region": "us-east-1",
            "s3.force-virtual-addressing": "false",
        },
    )


def version(lake: Catalog, table: str) -> str:
    """Return a table's metadata location, which changes with every commit.

    Postgres is asked, because that costs a hundredth of a Trino query.

    Raises:
        RetryableError: Postgres does not answer.
    """
    _, schema, name = table.split(".")
    try:
        with cast("SqlCatalog", lake).engine.connect() as connection:
            location = connection.execute(_METADATA, {"schema": schema, "name": name}).scalar()
    except OperationalError as error:
        raise RetryableError(f"the lake's catalog does not answer: {error}") from error
    return str(location)


def arrow_type(kind: FieldType) -> pa.DataType:
    """Return the Arrow type of a field's type."""
    return getattr(pa, kind.arrow.function)(*kind.arrow.arguments)


def to_arrow(rows: pd.DataFrame, contract: DumpContract, business_date: date, path: str) -> pa.Table:
    """Return the good rows as an Arrow table in the contract's types, with the business date and the file's path."""
    arrays, fields = [], []
    for spec in contract.fields:
        arrow = arrow_type(field_type(spec["type"]))
        # pandas has turned a column of nulls into floats.
        column = rows[spec["name"]].astype(object) if rows[spec["name"]].isna().all() else rows[spec["name"]]
        arrays.append(pa.Array.from_pandas(column, type=arrow))
        fields.append(pa.field(spec["name"], arrow))
    count = len(rows)
    arrays += [pa.array([business_date] * count, pa.date32()), pa.array([path] * count, pa.string())]
    fields += [pa.field("business_date", pa.date32()), pa.field("source_file", pa.string())]
    return pa.table(arrays, schema=pa.schema(fields))


def with_lines(table: pa.Table, rows: pd.DataFrame) -> pa.Table:
    """Return the rows with their line numbers, which identify the rows that conflict with loaded ones."""
    return table.append_column(LINE, pa.array(rows[LINE], pa.int64()))


def stage(lake: Catalog, name: str, rows: pa.Table) -> str:
    """Write rows to a staging table and return its name in Trino. A table that a killed load left behind is replaced."""
    unstage(lake, name)
    lake.create_table((STAGING, name), schema=rows.schema).append(rows)
    return f"lake.{STAGING}.{name}"


def unstage(lake: Catalog, name: str) -> None:
    """Delete a staging table with its files: they hold personal data of a dump and are not needed after the load."""
    with suppress(NoSuchTableError):
        lake.purge_table((STAGING, name))


def load(trino: Trino, contract: DumpContract, staging: str, business_date: date, table: str = "") -> None:
    """Load a staging table by the dump's load mode. A second run with the same rows changes nothing.

    Args:
        trino: connection.
        contract: contract of the dump.
        staging: name of the staging table in Trino.
        business_date: business date of the file.
        table: target table; the dump's own table if empty.
    """
    table = table or contract.table
    end_orphaned_statements(trino, table)
    (merge,) = statements(
        HERE / f"load_{contract.load}.sql", table=table, business_date=str(business_date), **placeholders(contract, staging)
    )
    trino.rows(merge)


def non_key_fields(contract: DumpContract) -> list[str]:
    """Return the names of the fields that are not in the key."""
    return [field["name"] for field in contract.fields if field["name"] not in contract.key]


def placeholders(contract: DumpContract, staging: str) -> dict[str, str]:
    """Return the column lists and comparisons of the load statements by placeholder. `t` is the table and `s` the staging table."""
    others = non_key_fields(contract)
    columns = [*(field["name"] for field in contract.fields), "business_date", "source_file"]
    return {
        "staging": staging,
        "same_key": " AND ".join(f"t.{name} = s.{name}" for name in contract.key),
        "differs": " OR ".join(f"t.{name} IS DISTINCT FROM s.{name}" for name in others),
        "columns": ", ".join(columns),
        "staged": ", ".join(f"s.{name}" for name in columns),
        "held": ", ".join(f"{'t' if name in contract.key else 's'}.{name}" for name in columns),
        "assignments": ", ".join(f"{name} = s.{name}" for name in [*others, "business_date", "source_file"]),
    }


def end_orphaned_statements(trino: Trino, table: str) -> None:
    """End the statements of a killed load of the table that still run in Trino: they would commit during this load.

    Only one loader of a dump runs at a time, so any running MERGE into the table is such a statement.
    """
    query = (
        "SELECT query_id FROM system.runtime.queries WHERE state NOT IN ('FINISHED', 'FAILED') "
        f"AND regexp_like(query, '^\\s*MERGE INTO {table.replace('.', '[.]')} ')"
    )

    def all_ended() -> bool:
        running = trino.rows(query)
        for (query_id,) in running:
            with suppress(QueryError):  # the statement ended by itself meanwhile
                trino.rows(f"CALL system.runtime.kill_query('{query_id}', 'its load was killed')")
        return not running

    await_condition(f"the statements of a killed load of {table} to end", all_ended, 120)
