"""In Dagster's graph, each dashboard depends on the data that its charts read."""

from batch.dagster.dashboards import dashboards
from batch.dagster.lineage import external_assets
from tests.support.compose_platform import ROOT
from tillstream.core.contracts import dump_contracts

READ = {spec.key.path[-1]: {dep.asset_key.to_user_string() for dep in spec.deps} for spec in dashboards()}


def test_a_dashboard_hangs_on_what_its_charts_read_and_on_nothing_else() -> None:
    hot = {"redis/web/funnel_by_minute", "redis/web/searches_by_day", "redis/web/sessions_by_minute"}
    assert READ["shop_behaviour"] == {*hot, "lake/web/events"}
    assert {"lake/sales/lines", "redis/sales/by_minute"} < READ["sales_live"]


def test_all_that_a_dashboard_reads_is_in_the_graph() -> None:
    marts = {f"lake/marts/{path.stem}" for path in (ROOT / "batch/marts/models").glob("*/*.sql")}
    loaded = {contract.table.replace(".", "/") for contract in dump_contracts().values()}
    there = {spec.key.to_user_string() for spec in external_assets()} | marts | loaded
    assert set().union(*READ.values()) <= there
