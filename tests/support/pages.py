"""Open pages of the platform in headless Chromium, and read what a dashboard shows."""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from tests.support.compose_platform import eventually

#: Arguments so that the browser sends no requests of its own. In a network without internet access, dozens of them would hang.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHOUT_NETLINK = Path(__file__).with_name("without_netlink.py")

#: Messages in the browser's console if a resource is missing or was not allowed.
NOT_LOADED = re.compile(r"Content Security Policy|Failed to load resource|Loading (CSS )?chunk|ChunkLoadError|net::ERR_")

#: The charts of each tab of the sales dashboard, by their titles.
TABS = {
    "Now": {
        "Revenue today", "Baskets today", "Units today", "Average basket today", "Revenue by minute and channel, last 3 hours", "Top departments today (USD)",
    },
    "Through the day": {
        "Revenue by hour and department today", "Revenue by hour and channel today", "Top stores today", "Top products today",
        "Returns and voids, last 3 hours", "Messages set aside, last 3 hours",
    },
}  # fmt: skip

#: The text of a chart that has no data or that failed.
EMPTY = re.compile(r"No data|No results|Error|error|Something went wrong|Timeout")
#: Returns the text of all drawn charts in one call, because a call for each chart would slow down the drawing. A gallery counts as drawn as soon
#: as one of its pictures is drawn.
DRAWN = """() => Object.fromEntries([...document.querySelectorAll('.dashboard-component-chart-holder')]
  .filter(holder => holder.offsetParent && !holder.querySelector('.loading') && (
    holder.querySelector('canvas, tbody tr, .header-line') || [...holder.querySelectorAll('li img')].some(image => image.complete && image.naturalWidth)))
  .map(holder => [holder.innerText.split('\\n')[0].trim(), holder.innerText]))"""


def chromium(folder: str, of_playwright: str) -> str:
    """Return the command of a browser: Debian's Chromium if it is installed, otherwise Playwright's.

    On Linux it is a script in the given folder. It starts the browser without notices of changes of the machine's networks.
    """
    installed = shutil.which("chromium") or of_playwright
    if sys.platform != "linux":
        return installed
    script = Path(folder, "chromium.sh")
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{WITHOUT_NETLINK}" "{installed}" "$@"\n', encoding="utf-8")
    script.chmod(0o700)
    return str(script)


@contextmanager
def browser_page() -> Iterator[Page]:
    """Open an empty page in a browser with empty caches. At the end, check that every resource that the page asked for was allowed and loaded."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, sync_playwright() as playwright:
        # The browser has a profile, as a person's browser has. Without one, Chromium compiles all scripts again at each page load.
        browser = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium(profile, playwright.chromium.executable_path),
            args=ARGUMENTS,
            viewport={"width": 1600, "height": 1000},
            locale="en-US",
        )
        try:
            page = browser.new_page()
            said = console_errors(page)
            yield page
            refused = [text for text in said if NOT_LOADED.search(text)]
            assert not refused, f"the page did not get all that it asked for: {refused}"
        finally:
            browser.close()


def console_errors(page: Page) -> list[str]:
    """Return the list to which the errors in the page's console are added from now on."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(f"{message.text} ({message.location.get('url', '')})")

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@contextmanager
def superset_page(url: str, password: str) -> Iterator[Page]:
    """Open a page that is logged in to Superset as admin."""
    with browser_page() as page:
        # Wait for the whole page: on a busy machine, a form that is filled before its scripts have run is drawn again, empty.
        page.goto(f"{url}/login/", wait_until="load", timeout=60_000)
        page.fill("#username", "admin")
        page.fill("#password", password)
        eventually(
            "both fields to be filled", lambda: page.input_value("#username") == "admin" and page.input_value("#password") == password, 10
        )
        with page.expect_navigation(timeout=60_000):
            page.press("#password", "Enter")
        assert "/login" not in page.url, f"not signed in: {page.inner_text('body')}"
        yield page


def drawn(page: Page) -> dict[str, str]:
    """Return the text of each chart that has drawn something, by title."""
    found: dict[str, str] = page.evaluate(DRAWN)
    return found


def await_charts(page: Page, titles: set[str], seconds: float = 120, every: float = 0.2) -> dict[str, str]:
    """Wait until each of these charts has been drawn, and return their texts.

    They need not be drawn at the same time: on a slow machine, a dashboard that refreshes itself never has all of them at once.
    """
    seen: dict[str, str] = {}

    def all_seen() -> bool:
        seen.update(drawn(page))
        return seen.keys() >= titles

    try:
        eventually("all charts to be drawn", all_seen, seconds, every)
    except AssertionError as error:
        raise AssertionError(f"{error}; not drawn: {sorted(titles - seen.keys())}") from error
    return seen
