"""Build the marts: dbt models on Trino. All models of a run read the same snapshot of the sales lines."""

import json
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError

from batch.maintenance.upkeep import hidden
from tillstream.core.clients.trino import Trino
from tillstream.core.rules import UNHAPPY
from tillstream.core.topology import TILLS, streamed_tables, tables_of

PROJECT = Path(__file__).parent
#: Written by `dbt parse` during the build of the image.
MANIFEST = PROJECT / "target" / "manifest.json"
#: An incremental model processes its oldest changed days in each pass, as many as have this many lines together; see
#: macros/changed_days.sql.
LINES_A_PASS = 1_000_000
(LINES,) = tables_of([TILLS])


@lru_cache
def _models() -> dict[str, dict[str, Any]]:
    nodes: list[dict[str, Any]] = list(json.loads(MANIFEST.read_text(encoding="utf-8"))["nodes"].values())
    return {f"{n['database']}.{n['schema']}.{n['name']}": n for n in nodes if n["resource_type"] == "model"}


def models() -> dict[str, str]:
    """Return how each model is materialized, by its table in Trino."""
    return {table: node["config"]["materialized"] for table, node in _models().items()}


def describe(lake: Catalog) -> int:
    """Set the column comments of the marts from the models' files, one commit a table; return how many tables changed.

    A table that is replaced at the same time is described after its own build.
    """
    described = 0
    for name, node in _models().items():
        with suppress(NoSuchTableError, CommitFailedException):
            table = lake.load_table(tuple(name.split(".")[1:]))
            texts = {column: spec["description"] for column, spec in node["columns"].items() if spec["description"]}
            lacking = {f.name: texts[f.name] for f in table.schema().fields if f.name in texts and f.doc != texts[f.name]}
            if lacking:
                with table.update_schema() as update:
                    for column, text in lacking.items():
                        update.update_column(column, doc=text)
                described += 1
    return described


def missing(trino: Trino) -> set[str]:
    """Return the models that have no table yet."""
    there = trino.rows("SELECT table_schema, table_name FROM lake.information_schema.tables WHERE table_schema = 'marts'")
    return set(models()) - {f"lake.{schema}.{name}" for schema, name in there}


def variables(trino: Trino) -> str:
    """Return dbt's --vars: the snapshot of the lines that this run reads, its columns that were added since the first release, and the rules."""
    snapshot = trino.scalar(f"SELECT snapshot_id FROM {hidden(LINES, 'refs')} WHERE name = 'main'")
    there, _ = trino.query(f"SELECT * FROM {LINES} FOR VERSION AS OF {snapshot} LIMIT 0") if snapshot else ([], [])
    added = {field["name"] for field in streamed_tables()[LINES].added}
    return json.dumps(
        {
            "lines_snapshot": snapshot,
            "lines_a_pass": LINES_A_PASS,
            "unhappy": UNHAPPY,
            "added_fields": sorted(added & set(there)),
            "lines_have_positions": not snapshot or "line_position" in there,
        }
    )


def catch_up(trino: Trino, run: Callable[[], object]) -> int:
    """Run the incremental models until the remaining changed days fit into one pass; return the number of runs.

    Args:
        trino: connection.
        run: runs the incremental models once.
    """
    runs, left = 0, _beyond_a_pass(trino)
    while left:
        run()
        runs, before, left = runs + 1, left, _beyond_a_pass(trino)
        if left >= before:
            break
    return runs


def _beyond_a_pass(trino: Trino) -> int:
    """Return the number of changed days beyond the next pass, for the model that has most of them."""
    most, not_there = 0, missing(trino)
    for table in (table for table, materialized in models().items() if materialized == "incremental"):
        nothing = "SELECT DATE '1970-01-01' AS day, 0 AS lines"
        mart = nothing if table in not_there else f"SELECT sold_on AS day, sum(lines) AS lines FROM {table} GROUP BY 1"
        query = f"""
            SELECT count(*) FROM (
              SELECT sum(p.record_count) OVER (ORDER BY p.partition.event_time_day) - p.record_count AS lines_before
              FROM {hidden(LINES, "partitions")} p LEFT JOIN ({mart}) m ON m.day = p.partition.event_time_day
              WHERE p.record_count <> coalesce(m.lines, 0))
            WHERE lines_before >= {LINES_A_PASS}"""
        most = max(most, trino.scalar(query))
    return most
