"""List what each dashboard shows, for Dagster's graph: the datasets of its charts, and the tables and Redis keys that their views read."""

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
    """Return for each view of lake.live the tables and views that it reads."""
    matches = (_VIEW.match(statement) for path in sorted((ROOT / "lake").glob("*/views.sql")) for statement in statements(path))
    return {view[1]: frozenset(_READ.findall(view[2])) for view in matches if view}


def read_by(table: str) -> set[str]:
    """Return the tables that a query on this table or view reads. Views are resolved down to tables."""
    return {base for source in views()[table] for base in read_by(source)} if table in views() else {table}


def asset_key(table: str) -> dg.AssetKey:
    """Return the asset key of a table, as lake/sales/lines. A table of the hot store has the key of its Redis keys."""
    catalog, schema, name = table.split(".")
    return dg.AssetKey(["redis" if catalog == "hot" else catalog, schema, name])


def dashboards() -> list[dg.AssetSpec]:
    """Return a spec for each dashboard, with dependencies on everything that its charts read."""
    tables = {dataset["uuid"]: f"{dataset['catalog']}.{dataset['schema']}.{dataset['table_name']}" for dataset in _yaml("datasets/*")}
    charts = {chart["uuid"]: tables[chart["dataset_uuid"]] for chart in _yaml("charts")}
    specs = []
    for path in sorted((SUPERSET / "dashboards").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        shown = {
            charts[item["meta"]["uuid"]] for item in document["position"].values() if isinstance(item, dict) and item.get("type") == "CHART"
        }
        deps = sorted(asset_key(base) for table in shown for base in read_by(table))
        specs.append(
            dg.AssetSpec(
                ["superset", path.stem], description=document["dashboard_title"], deps=deps, group_name="dashboards", kinds={"superset"}
            )
        )
    return specs


def _yaml(folder: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SUPERSET.glob(f"{folder}/*.yaml"))]
