"""Data Docs in a browser: the page is complete and loads nothing from other servers."""

from urllib.parse import urlsplit

from tests.support.compose_platform import Platform, eventually
from tests.support.pages import browser_page


def test_data_docs_list_every_check_and_come_from_the_platform_alone(platform: Platform) -> None:
    hosts = set()
    with browser_page() as page:
        page.on("response", lambda response: hosts.add(urlsplit(response.url).hostname))
        page.goto(platform.data_docs, wait_until="load", timeout=60_000)
        eventually("rows of checks", lambda: page.locator("tbody tr:visible").count() > 1, 30)
        page.locator("tbody tr:visible").first.click()
        eventually("the page of a check", lambda: "Evaluated Expectations" in page.inner_text("body"), 30)
    assert hosts <= {"127.0.0.1", None}
