"""Dagster builds the marts once a day's dumps are loaded, and each mart agrees with its source."""

import httpx
import pytest

from tests.support.compose_platform import CommandError, Platform, eventually
from tests.support.growth import FIELD, SEND_BASKETS, Growth

MARTS = {
    "sales_by_day", "sales_like_for_like", "product_days", "promotion_effect", "basket_affinity", "customer_days", "customer_value", "baskets",
    "campaign_uplift", "coupon_uplift", "stock_cover", "shrinkage", "supplier_performance",
}  # fmt: skip


def test_the_marts_are_built_when_a_days_dumps_are_in_and_every_test_of_theirs_holds(platform: Platform) -> None:
    platform.await_marts()
    there = {
        row["table_name"] for row in platform.sql("SELECT table_name FROM lake.information_schema.tables WHERE table_schema = 'marts'")
    }
    assert there >= MARTS
    assert platform.sql("SELECT count(*) AS n FROM lake.marts.customer_value WHERE monetary > 0")[0]["n"] > 0
    assert platform.sql("SELECT count(*) AS n FROM lake.marts.stock_cover WHERE stock_units > 0")[0]["n"] > 0
    comments = platform.sql("SELECT comment FROM system.metadata.table_comments WHERE catalog_name = 'lake' AND schema_name = 'marts'")
    assert all(row["comment"] for row in comments)
    columns = platform.sql(
        "SELECT column_name, comment FROM lake.information_schema.columns WHERE table_schema = 'marts' AND table_name = 'baskets'"
    )
    assert all(row["comment"] for row in columns)
    assert "customer_value" in httpx.get(platform.data_docs.replace("index.html", "marts.html"), timeout=30).raise_for_status().text


@pytest.fixture(scope="module")
def growth(platform: Platform) -> Growth:
    """Return a copy of the contracts to change. The evolved jobs stay deployed; `make drills` tests the way back."""
    return Growth(platform)


def test_an_incompatible_contract_is_refused_with_the_reason_and_nothing_changes(growth: Growth) -> None:
    growth.add({"name": "loyalty_tier", "type": "string", "doc": "Has no default."})
    with pytest.raises(CommandError, match=r"pos.transactions.v1: the change is not BACKWARD_TRANSITIVE.*loyalty_tier"):
        growth.run("init-schemas")


def test_an_added_field_flows_through_registry_flink_rules_and_lake_while_trade_flows(platform: Platform, growth: Growth) -> None:
    before = platform.sql("SELECT count(*) AS n FROM lake.sales.lines")[0]["n"]
    growth.add(FIELD)
    # The steps of `make evolve` without the build of images, because the copy is mounted.
    for service in ("init-schemas", "init-tables", "init-jobs"):
        growth.run(service)
    gold, lead = growth.run("tools", "-c", SEND_BASKETS, "GOLD", "LEAD", entrypoint="python3").split()
    tier = f"SELECT loyalty_tier FROM lake.sales.lines WHERE event_id = '{gold}'"
    eventually("the field in the lake", lambda: platform.sql(tier) == [{"loyalty_tier": "GOLD"}], 240, every=3)
    aside = "SELECT kind, reason FROM lake.quality.dead_letters WHERE reason LIKE '%loyalty_tier%'"
    letters = eventually("the rule's refusal", lambda: platform.sql(aside), 60, every=3)
    assert letters[0]["kind"] == "IMPOSSIBLE_VALUE"
    assert "LEAD" in letters[0]["reason"]
    assert platform.sql(f"SELECT count(*) AS n FROM lake.sales.lines WHERE event_id = '{lead}'")[0]["n"] == 0
    # The tills do not send the field yet, and their trade has gone on.
    assert platform.sql("SELECT count(*) AS n FROM lake.sales.lines WHERE loyalty_tier IS NULL")[0]["n"] > before


def test_a_day_to_which_lines_have_come_is_built_again_with_the_added_field_and_agrees_to_the_cent(
    platform: Platform, growth: Growth
) -> None:
    platform.await_marts()
    # Midnight may come between the two queries, before the marts of the new day are built. So the query names the day.
    today = platform.sql("SELECT CAST(current_date AS varchar) AS today")[0]["today"]
    query = f"SELECT coalesce(sum(lines), 0) AS lines FROM lake.marts.sales_by_day WHERE sold_on >= DATE '{today}'"
    before = platform.sql(query)[0]["lines"]
    # The command of `make marts M="..."`. It fails if a model or a test of a model fails.
    growth.run("batch-code", "marts", "sales_by_day", "baskets")
    assert platform.sql(query)[0]["lines"] > before
    assert platform.sql("SELECT loyalty_tier, lines FROM lake.marts.baskets WHERE loyalty_tier IS NOT NULL") == [
        {"loyalty_tier": "GOLD", "lines": 1}
    ]
