"""Superset's pages in a browser: scripts are compressed and cached for ever, nothing comes from other servers, and a page is drawn right after login."""

from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Response

from tests.support.compose_platform import HTTP, Platform, eventually
from tests.support.pages import TABS, await_charts, console_errors, superset_page

#: How often the page is opened. bench/dashboard_opens.py opens it a hundred times.
TIMES = 2


@pytest.mark.parametrize("time", range(TIMES))
def test_a_dashboard_that_is_opened_right_after_signing_in_is_drawn(platform: Platform, time: int) -> None:
    answers: list[Response] = []
    with superset_page(platform.superset, platform.secret("superset_admin_password")) as page:
        said = console_errors(page)
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks what it is given, and a method of a list takes no mark
        page.goto(f"{platform.superset}/superset/dashboard/sales-live/", wait_until="domcontentloaded", timeout=60_000)
        await_charts(page, TABS["Now"], seconds=60)
        assert said == [], f"time {time}"
        assert {urlsplit(answer.url).hostname for answer in answers} <= {"127.0.0.1", None}
        scripts = [answer for answer in answers if answer.url.endswith(".js") and "/static/assets/" in answer.url]
        assert len(scripts) > 20
        # The browser does not ask again for a script that it has.
        assert {answer.header_value("cache-control") for answer in scripts} == {"public, max-age=31536000, immutable"}


def script_of(platform: Platform) -> str:
    manifest = HTTP.get(f"{platform.superset}/static/assets/manifest.json").raise_for_status().json()
    return str(manifest["entrypoints"]["preamble"]["js"][0])


def test_a_script_comes_packed_and_for_good_without_superset(platform: Platform) -> None:
    script = script_of(platform)
    platform.compose("pause", "superset")
    try:
        answer = HTTP.get(platform.superset + script).raise_for_status()
    finally:
        platform.compose("unpause", "superset")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_while_superset_is_away_a_page_says_so_and_asks_again(platform: Platform) -> None:
    platform.stop_service("superset")
    try:
        answer = httpx.get(f"{platform.superset}/login/", timeout=30)
        assert answer.status_code == 503
        assert 'http-equiv="refresh"' in answer.text
    finally:
        platform.start_service("superset")
    eventually("Superset back", lambda: HTTP.get(f"{platform.superset}/health").is_success, 240)


def test_no_file_outside_the_pages_own_is_given_out(platform: Platform) -> None:
    for path in ("/static/assets/../../config.py", "/static/assets/%2e%2e/%2e%2e/config.py", "/static/assets//etc/passwd"):
        assert "SECRET_KEY" not in httpx.get(platform.superset + path, timeout=30).text
