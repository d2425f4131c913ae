"""Count how often a dashboard is drawn when it is opened right after sign-in, each time in a new browser, on the running platform.

`python -m bench.dashboard_opens 100`
"""

import os
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Error

from bench.dashboard import settings
from bench.results import record
from tests.support.compose_platform import ROOT
from tests.support.pages import TABS, await_charts, superset_page

#: A person reloads the page after this many seconds.
PATIENCE_SECONDS = 60
TIMES = 100
COMMAND = f"python -m bench.dashboard_opens {TIMES}"


def main(times: int) -> int:
    """Print each failure and the number of drawn dashboards; return 0 if all were drawn."""
    env = settings()
    url = f"http://127.0.0.1:{env['SUPERSET_PORT']}"
    password = Path(ROOT, env["SECRETS_DIR"], "superset_admin_password").read_text(encoding="utf-8")
    took = []
    for number in range(1, times + 1):
        try:
            with superset_page(url, password) as page:
                started = time.monotonic()
                page.goto(f"{url}/superset/dashboard/sales-live/", wait_until="domcontentloaded", timeout=60_000)
                await_charts(page, TABS["Now"], seconds=PATIENCE_SECONDS, every=0.2)
                took.append(time.monotonic() - started)
        except (AssertionError, Error) as error:
            print(f"{number}: {str(error)[:500]}", flush=True)
        print(f"{len(took)} of {number} drawn; load {os.getloadavg()[0]:.1f}", flush=True)
    if took:
        print(f"median {statistics.median(took):.1f} s, at most {max(took):.1f} s")
    if took and times == TIMES:
        record("dashboards.opened", len(took), f"of {TIMES}", COMMAND, "right after signing in")
        record("dashboards.opened.median", round(statistics.median(took), 1), "s", COMMAND, "first charts drawn")
        record("dashboards.opened.most", round(max(took), 1), "s", COMMAND, "first charts drawn")
    return int(len(took) < times)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
