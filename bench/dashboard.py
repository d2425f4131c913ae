"""Measure on the running platform how long the dashboard takes to load, and a query on the hot table. `python -m bench.dashboard`."""

import os
import statistics
import time
from pathlib import Path

from trino.dbapi import connect

from bench.results import record
from tests.support.compose_platform import ROOT
from tests.support.pages import TABS, await_charts, superset_page

TIMES = 5
REST_SECONDS = 10
COMMAND = "python -m bench.dashboard"


def settings() -> dict[str, str]:
    """Return the settings in the running platform's .env."""
    lines = (ROOT / ".env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def main() -> None:
    """Print the median and the maximum of each."""
    env = settings()
    secrets = Path(ROOT, env["SECRETS_DIR"])
    url = f"http://127.0.0.1:{env['SUPERSET_PORT']}"
    loads: dict[str, list[float]] = {tab: [] for tab in TABS}
    with superset_page(url, (secrets / "superset_admin_password").read_text(encoding="utf-8")) as page:
        page.set_viewport_size({"width": 1600, "height": 1200})
        for _ in range(TIMES):
            page.goto("about:blank")
            # Wait until the work of the load before has ended.
            page.wait_for_timeout(REST_SECONDS * 1000)
            started = time.monotonic()
            page.goto(f"{url}/superset/dashboard/sales-live/", wait_until="domcontentloaded", timeout=60_000)
            for tab, times in loads.items():
                page.get_by_role("tab", name=tab).click(timeout=60_000)
                await_charts(page, TABS[tab], every=0.1)
                times.append(time.monotonic() - started)
                page.screenshot(path=str(ROOT / ".build" / f"sales-live-{tab.split()[0].lower()}.png"))
                started = time.monotonic()
    for tab, times in loads.items():
        print(
            f"dashboard, the {len(TABS[tab])} charts of {tab!r} drawn: median {statistics.median(times):.1f} s, at most {max(times):.1f} s ({TIMES} loads)"
        )
        name = f"dashboards.{tab.lower().replace(' ', '_')}"
        record(f"{name}.median", round(statistics.median(times), 1), "s", COMMAND, f"{len(TABS[tab])} charts drawn, {TIMES} loads")
        record(f"{name}.most", round(max(times), 1), "s", COMMAND, f"{len(TABS[tab])} charts drawn, {TIMES} loads")
    connection = connect(host="127.0.0.1", port=int(env["TRINO_PORT"]), user="bench", catalog="hot", schema="sales")
    queries = []
    for _ in range(TIMES * 2):
        cursor = connection.cursor()
        started = time.monotonic()
        cursor.execute("SELECT channel, sum(lines), sum(CAST(net_amount AS decimal(18, 2))) FROM hot.sales.by_minute GROUP BY 1")
        cursor.fetchall()
        queries.append(time.monotonic() - started)
    print(f"Trino on the hot table: median {statistics.median(queries):.2f} s, at most {max(queries):.2f} s; load {os.getloadavg()[0]:.1f}")
    record("dashboards.hot_query.median", round(statistics.median(queries), 2), "s", COMMAND, "Trino on the hot table")
    record("dashboards.hot_query.most", round(max(queries), 2), "s", COMMAND, "Trino on the hot table")


if __name__ == "__main__":
    main()
