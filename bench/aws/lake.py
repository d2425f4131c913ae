"""Try pyiceberg's Glue catalog: make a table, append to it, and register its metadata under another name, as a move from Postgres does.

run.sh runs it in an environment of its own, which has boto3.
"""

import os

import boto3
import pyarrow as pa
from pyiceberg.catalog import load_catalog

SIMULATION = os.environ["AWS_SIMULATION"]


def main() -> None:
    """Print what the catalog has; stop with an error if rows are missing."""
    boto3.client("s3", endpoint_url=SIMULATION).create_bucket(Bucket=os.environ["LAKE_BUCKET"])
    region = {"glue.region": os.environ["AWS_REGION"], "s3.region": os.environ["AWS_REGION"]}
    addresses = {"glue.endpoint": SIMULATION, "s3.endpoint": SIMULATION}
    lake = load_catalog("lake", type="glue", warehouse=f"s3://{os.environ['LAKE_BUCKET']}", **region, **addresses)
    lake.create_namespace("tried")
    rows = pa.table({"event_id": ["a", "b"], "cents": pa.array([1, 2], pa.int64())})
    table = lake.create_table("tried.lines", schema=rows.schema)
    table.append(rows)
    table.append(rows)
    moved = lake.register_table("tried.moved", table.metadata_location)
    counts = [one.scan().to_arrow().num_rows for one in (lake.load_table("tried.lines"), moved)]
    if counts != [4, 4]:
        raise SystemExit(f"error: {counts} rows instead of 4 and 4")
    print(f"{type(lake).__name__}: two appends, 4 rows; registered under another name: 4 rows")


if __name__ == "__main__":
    main()
