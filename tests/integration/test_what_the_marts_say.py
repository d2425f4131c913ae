"""The marts: built by Dagster by itself once a day's dumps are in, each agreeing with its source."""

import httpx

from tests.platform import Platform, eventually

MARTS = {
    "sales_by_day", "sales_like_for_like", "product_days", "promotion_effect", "basket_affinity", "customer_days", "customer_value",
    "campaign_uplift", "coupon_uplift", "stock_cover", "shrinkage", "supplier_performance",
}  # fmt: skip
RUNS = '{ runsOrError(filter: {pipelineName: "build_marts"}, limit: 5) { ... on Runs { results { runId status } } } }'


def runs(platform: Platform) -> list[str]:
    """The newest runs' states, the newest first."""
    answer = httpx.post(f"{platform.dagster}/graphql", json={"query": RUNS}, timeout=30).raise_for_status().json()
    return [run["status"] for run in answer["data"]["runsOrError"]["results"]]


def test_the_marts_are_built_when_a_days_dumps_are_in_and_every_test_of_theirs_holds(platform: Platform) -> None:
    eventually("a whole build of the marts, with its tests", lambda: "SUCCESS" in runs(platform), 900, every=3)
    there = {
        row["table_name"] for row in platform.sql("SELECT table_name FROM lake.information_schema.tables WHERE table_schema = 'marts'")
    }
    assert there >= MARTS
    assert platform.sql("SELECT count(*) AS n FROM lake.marts.customer_value WHERE lifetime_value > 0")[0]["n"] > 0
    assert platform.sql("SELECT count(*) AS n FROM lake.marts.stock_cover WHERE stock_units > 0")[0]["n"] > 0
    assert "customer_value" in httpx.get(platform.data_docs.replace("index.html", "marts.html"), timeout=30).raise_for_status().text


def test_a_day_to_which_lines_have_come_is_built_again_and_agrees_to_the_cent(platform: Platform) -> None:
    eventually("a whole build of the marts, with its tests", lambda: "SUCCESS" in runs(platform), 900, every=3)
    query = "SELECT sum(lines) AS lines FROM lake.marts.sales_by_day WHERE sold_on = current_date"
    before = platform.sql(query)[0]["lines"]
    # `make marts`: it fails where a model or a test of a model does.
    platform.compose("run", "--rm", "--no-deps", "-T", "batch-code", "marts", timeout=600)
    assert platform.sql(query)[0]["lines"] > before
