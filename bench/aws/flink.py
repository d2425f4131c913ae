"""Try Flink with the catalog of docs/aws/lake_catalog.sql: a stream with checkpoints writes 200 rows to an Iceberg table in Glue.

python bench/aws/flink.py VERSION. run.sh runs it in an environment of its own, which has PyFlink.
"""

import os
import sys
from pathlib import Path
from string import Template

from pyflink.table import EnvironmentSettings, TableEnvironment

CATALOG = Path(__file__).parent.parent.parent / "docs" / "aws" / "lake_catalog.sql"


def main(version: str) -> None:
    """Write the rows, and print how many a batch query reads."""
    simulation = os.environ["AWS_SIMULATION"]
    text = Template(CATALOG.read_text(encoding="utf-8")).substitute(lake_bucket=os.environ["LAKE_BUCKET"], region=os.environ["AWS_REGION"])
    addresses = f"  'glue.endpoint' = '{simulation}', 's3.endpoint' = '{simulation}', 's3.path-style-access' = 'true',\n"
    catalog = text.replace("CREATE CATALOG lake WITH (\n", f"CREATE CATALOG lake WITH (\n{addresses}").strip().rstrip(";")
    table = f"lake.tried.flink_{version.replace('.', '_')}"
    stream = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    stream.get_config().set("execution.checkpointing.interval", "2 s")
    stream.get_config().set("parallelism.default", "1")
    stream.execute_sql(catalog)
    stream.execute_sql(f"CREATE TABLE {table} (id BIGINT, words STRING)")
    stream.execute_sql(
        "CREATE TEMPORARY TABLE numbers (id BIGINT, words STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '25', "
        "'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '200')"
    )
    stream.execute_sql(f"INSERT INTO {table} SELECT * FROM numbers").wait()
    batch = TableEnvironment.create(EnvironmentSettings.in_batch_mode())
    batch.execute_sql(catalog)
    with batch.execute_sql(f"SELECT count(*) FROM {table}").collect() as rows:
        print(f"written in checkpoints and read again: {next(rows)[0]} rows")


if __name__ == "__main__":
    main(sys.argv[1])
