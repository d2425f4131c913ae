"""Every dashboard but Sales live, in a browser: each chart of its file is drawn and has data."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

from tests.support.compose_platform import ROOT, Platform
from tests.support.pages import EMPTY, await_charts, superset_page

DASHBOARDS = {
    document["slug"]: document
    for path in sorted((ROOT / "superset/dashboards").glob("*.yaml"))
    if (document := yaml.safe_load(path.read_text(encoding="utf-8")))["slug"] != "sales-live"
}
#: Charts that may be empty. Coupons are redeemed about six times a day, so three days of history may have none.
RARE = {"Coupons and what baskets with them are worth more"}


@pytest.fixture(scope="module")
def page(platform: Platform) -> Iterator[Page]:
    platform.await_marts()
    with superset_page(platform.superset, platform.secret("superset_admin_password")) as opened:
        opened.set_viewport_size({"width": 1600, "height": 2800})
        yield opened


def titles(document: dict[str, Any]) -> set[str]:
    return {item["meta"]["sliceName"] for item in document["position"].values() if isinstance(item, dict) and item.get("type") == "CHART"}


@pytest.mark.parametrize("slug", DASHBOARDS)
def test_every_chart_has_data_and_none_shows_an_error(page: Page, platform: Platform, slug: str) -> None:
    page.goto(f"{platform.superset}/superset/dashboard/{slug}/", wait_until="domcontentloaded", timeout=60_000)
    wanted = titles(DASHBOARDS[slug]) - RARE
    charts = {title: text for title, text in await_charts(page, wanted).items() if title not in RARE}
    assert charts.keys() == wanted
    assert {title: text for title, text in charts.items() if EMPTY.search(text)} == {}
