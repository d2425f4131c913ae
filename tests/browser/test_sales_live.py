"""The Sales live dashboard in a browser: every chart has data, figures move, and labels are words."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.compose_platform import Platform, eventually
from tests.support.pages import EMPTY, TABS, await_charts, drawn, superset_page


@pytest.fixture(scope="module")
def page(platform: Platform) -> Iterator[Page]:
    with superset_page(platform.superset, platform.secret("superset_admin_password")) as opened:
        opened.set_viewport_size({"width": 1600, "height": 2100})
        opened.goto(f"{platform.superset}/superset/dashboard/sales-live/", wait_until="domcontentloaded", timeout=60_000)
        await_charts(opened, TABS["Now"])
        yield opened


def revenue(page: Page) -> float:
    return float(re.sub(r"[^0-9.]", "", await_charts(page, {"Revenue today"})["Revenue today"].split("\n")[1]))


@pytest.mark.parametrize("tab", reversed(TABS))
def test_every_chart_has_data_and_none_shows_an_error(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab).click()
    charts = await_charts(page, TABS[tab])
    assert drawn(page).keys() <= TABS[tab]
    charts = {title: charts[title] for title in TABS[tab]}
    assert {title: text for title, text in charts.items() if EMPTY.search(text)} == {}


def test_the_revenue_moves_by_itself(page: Page) -> None:
    before = revenue(page)
    eventually("the revenue to move", lambda: revenue(page) != before, 60)


def test_labels_are_words_and_money_has_its_currency(page: Page) -> None:
    text = page.inner_text(".grid-container")
    assert not re.search(r"net_amount|event_time|store_id|sum__|SUM\(", text)
    assert await_charts(page, {"Revenue today"})["Revenue today"].split("\n")[1].startswith("$")


def test_the_filters_are_there(page: Page) -> None:
    # On a tab where a filter has no effect on any chart, Superset shows the filter under "More filters".
    page.get_by_role("tab", name="Through the day").click()
    await_charts(page, TABS["Through the day"])
    bar = page.inner_text("body")
    assert all(name in bar for name in ("Store", "Department", "Channel"))
