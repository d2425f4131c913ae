"""What each dashboard shows, for Dagster's graph: its charts' datasets, and the tables and Redis keys that their views read."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from tillstream.core.sql_templates import statements

ROOT = Path(__file__).parent.parent.parent
SUPERSET = ROOT / "superset"
_VIEW = re.compile(r"CREATE OR REPLACE VIEW (lake\.live\.\w+)(.*)", re.DOTALL)
_READ = re.compile(r"(?:FROM|JOIN) ((?:lake|hot)\.\w+\.\w+)")


@cache
def views() -> dict[str, frozenset[str]]:
    """What each view of lake.live reads: tables of the lake, of the hot store, and other views."""
    made = (_VIEW.match(statement) for path in sorted((ROOT / "lake").glob("*_views.sql")) for statement in statements(path))
    return {found[1]: frozenset(_READ.findall(found[2])) for found in made if found}


def read_by(table: str) -> set[str]:
    """The tables that a query of this one reads in the end: itself, or what is below it where it is a view."""
    return {below for other in views()[table] for below in read_by(other)} if table in views() else {table}


def asset_key(table: str) -> dg.AssetKey:
    """A table's asset: lake/sales/lines; a table of the hot store is the Redis keys it shows."""
    catalog, schema, name = table.split(".")
    return dg.AssetKey(["redis" if catalog == "hot" else catalog, schema, name])


def dashboards() -> list[dg.AssetSpec]:
    """Each dashboard, on all that its charts read."""
    tables = {dataset["uuid"]: f"{dataset['catalog']}.{dataset['schema']}.{dataset['table_name']}" for dataset in _yaml("datasets/*")}
    charts = {chart["uuid"]: tables[chart["dataset_uuid"]] for chart in _yaml("charts")}
    specs = []
    for path in sorted((SUPERSET / "dashboards").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        shown = {
            charts[item["meta"]["uuid"]] for item in document["position"].values() if isinstance(item, dict) and item.get("type") == "CHART"
        }
        deps = sorted(asset_key(below) for table in shown for below in read_by(table))
        specs.append(
            dg.AssetSpec(
                ["superset", path.stem], description=document["dashboard_title"], deps=deps, group_name="dashboards", kinds={"superset"}
            )
        )
    return specs


def _yaml(folder: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SUPERSET.glob(f"{folder}/*.yaml"))]
