"""Try Trino with the Glue catalog: all tables and views of the lake, a merge, and the statements of the upkeep.

python -m bench.aws.tables, or --written 2.1 2.2 to count what these versions of Flink have written. run.sh starts Trino.
"""

import argparse
import json

from tests.support.compose_platform import ROOT
from tillstream.core.clients.trino import Trino
from tillstream.deploy.tables import deploy_tables

#: Tables of pyiceberg and of this module, and one for each version of Flink.
TRIED = "lake.tried"
UPKEEP = ("optimize", "expire_snapshots(retention_threshold => '1h')", "remove_orphan_files(retention_threshold => '1d')")


#: The tables of the hot store.
HOT = sorted((ROOT / "images/trino/etc/redis").glob("*.json"))


def stand_in_for_redis(trino: Trino) -> None:
    """Create empty tables where the views expect the hot store's: Trino's Redis connector is in its complete server alone."""
    for path in HOT:
        table = json.loads(path.read_text(encoding="utf-8"))
        columns = ", ".join(f"{field['name']} {field['type']}" for field in table["value"]["fields"])
        trino.rows(f"CREATE SCHEMA IF NOT EXISTS hot.{table['schemaName']}")
        trino.rows(f"CREATE TABLE IF NOT EXISTS hot.{table['schemaName']}.{table['tableName']} ({columns})")


def deploy(trino: Trino) -> None:
    """Create everything twice, as two runs of `make up` do, and print what there is."""
    stand_in_for_redis(trino)
    print(f"{deploy_tables()} statements, and again {deploy_tables()}")
    kinds = dict(
        trino.rows(
            "SELECT table_type, count(*) FROM lake.information_schema.tables "
            "WHERE table_schema NOT IN ('information_schema', 'system', 'tried') GROUP BY 1"
        )
    )
    print(f"{kinds['BASE TABLE'] - len(HOT)} tables and {kinds['VIEW']} views in Glue")
    print(f"rows of lake.live.sales: {trino.scalar('SELECT count(*) FROM lake.live.sales')}")


def change(trino: Trino) -> None:
    """Read pyiceberg's table, merge into it, and run the upkeep's statements."""
    trino.rows(f"DELETE FROM {TRIED}.lines WHERE event_id = 'b'")
    trino.rows(
        f"MERGE INTO {TRIED}.lines old USING (VALUES ('a', 5), ('c', 7)) AS new (event_id, cents) ON old.event_id = new.event_id "
        "WHEN MATCHED THEN UPDATE SET cents = new.cents WHEN NOT MATCHED THEN INSERT VALUES (new.event_id, new.cents)"
    )
    for step in UPKEEP:
        trino.rows(f"ALTER TABLE {TRIED}.lines EXECUTE {step}")
    found = trino.rows(f"SELECT event_id, cents FROM {TRIED}.lines ORDER BY 1")
    if found != [["a", 5], ["a", 5], ["c", 7]]:
        raise SystemExit(f"error: {found} after the merge and the upkeep")
    print("delete, merge, optimize, expire_snapshots, remove_orphan_files on pyiceberg's table: right")


def main() -> None:
    """Try it all, or count what Flink has written."""
    parser = argparse.ArgumentParser(prog="python -m bench.aws.tables", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--written", nargs="*", default=[], metavar="VERSION", help="versions of Flink")
    versions = parser.parse_args().written
    trino = Trino("aws")
    for version in versions:
        table = f"{TRIED}.flink_{version.replace('.', '_')}"
        count = trino.scalar(f"SELECT count(DISTINCT id) FROM {table}")
        if count != 200:
            raise SystemExit(f"error: {table} has {count} ids instead of 200")
        print(f"Trino reads what Flink {version} has written: 200 ids")
    if not versions:
        deploy(trino)
        change(trino)


if __name__ == "__main__":
    main()
