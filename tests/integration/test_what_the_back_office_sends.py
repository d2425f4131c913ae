"""Dumps go from the landing bucket through Dagster and Great Expectations into the lake, on the real services."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.support.compose_platform import Platform, ask_dagster, eventually
from tests.support.crashes import CRASHES, crash_and_load_again
from tests.support.landing import SEND, SEND_ODD, SEND_ROWS, file_status, in_batch
from tests.support.reloads import DATES, run_again_after_a_kill
from tillstream.core.contracts import dump_contracts


@pytest.fixture(scope="module", autouse=True)
def _loaded(platform: Platform) -> None:
    """Wait until all dumps of one business day have been loaded or refused."""
    days = f"SELECT business_date FROM lake.quality.files GROUP BY 1 HAVING count(DISTINCT dump) = {len(dump_contracts())}"
    eventually("a day's dumps to be loaded", lambda: platform.sql(days), 900, every=3)


def test_rows_that_break_a_rule_are_quarantined_with_it_and_the_others_standardised(platform: Platform) -> None:
    rules = {row["rule"] for row in platform.sql("SELECT DISTINCT rule FROM lake.quality.quarantine")}
    assert any("unique key" in rule for rule in rules), rules
    changed = platform.sql("SELECT rule, sum(failed) AS n FROM lake.quality.results WHERE kind = 'STANDARD' GROUP BY 1")
    assert {row["rule"] for row in changed if row["n"]} >= {"telephone to E.164", "country to ISO 3166-1", "trimmed Unicode"}
    assert platform.sql("SELECT count(*) AS n FROM lake.loyalty.members WHERE NOT regexp_like(phone, '^\\+1[0-9]{10}$')")[0]["n"] == 0


def test_points_follow_purchases(platform: Platform) -> None:
    wrong = platform.sql("""
        SELECT count(*) AS n FROM lake.loyalty.points p
        JOIN (SELECT event_id, sum(net_amount) AS amount FROM lake.sales.lines GROUP BY 1) s USING (event_id)
        JOIN lake.loyalty.members m ON m.member_id = p.member_id AND m.is_current
        WHERE p.points <> CAST(truncate(s.amount) AS integer)
    """)
    assert wrong[0]["n"] == 0
    assert platform.sql("SELECT count(*) AS n FROM lake.loyalty.points JOIN lake.sales.lines USING (event_id)")[0]["n"] > 0


@dataclass(frozen=True)
class Sent:
    """Paths of files that Dagster finds by itself. They are sent at once, so that the tests wait at the same time.

    `half` is cut off in the middle, no run can be requested for `misplaced`, `odd` is a good file with an odd name that follows them,
    and `renamed` gives a store a new name.
    """

    half: str
    misplaced: list[str]
    odd: str
    store_id: str
    renamed: str


@pytest.fixture(scope="module")
def sent(platform: Platform) -> Sent:
    store = platform.sql(
        "SELECT store_id, max(region) AS region, count(DISTINCT event_id) AS n FROM lake.sales.lines "
        # A store of the masters. Right after midnight, an unknown store of another test may have sold most.
        "WHERE run_id <> 'history' AND channel = 'STORE' AND region IS NOT NULL GROUP BY 1 ORDER BY n DESC LIMIT 1"
    )[0]
    row = {"store_id": store["store_id"], "store_name": "Renamed", "region": store["region"], "country": "US"}
    half = in_batch(platform, SEND, "half_file").splitlines()[-1]
    *misplaced, odd = in_batch(platform, SEND_ODD).splitlines()[-6:]
    renamed = in_batch(platform, SEND_ROWS, "catalog.stores.v1", "77", json.dumps([row])).splitlines()[-1]
    return Sent(half, misplaced, odd, store["store_id"], renamed)


def test_a_broken_file_is_refused_by_itself_and_the_mended_one_is_loaded(platform: Platform, sent: Sent) -> None:
    eventually("the half file to be refused", lambda: file_status(platform, sent.half).startswith("REFUSED half_file"), 240, every=3)
    assert platform.sql("SELECT count(*) AS n FROM lake.inventory.suppliers WHERE supplier_id = 'S900'")[0]["n"] == 0
    in_batch(platform, SEND, "")
    eventually("the mended file to be loaded", lambda: file_status(platform, sent.half) == "LOADED", 240, every=3)
    assert platform.sql("SELECT count(*) AS n FROM lake.inventory.suppliers WHERE supplier_name = 'Late & Sons'")[0]["n"] == 20


def test_a_file_that_no_run_can_be_asked_for_is_refused_once_and_holds_up_no_other(platform: Platform, sent: Sent) -> None:
    quoted_odd = sent.odd.replace("'", "''")
    eventually("the file of an odd name to be loaded", lambda: file_status(platform, quoted_odd) == "LOADED", 240, every=3)
    reasons = [file_status(platform, path).split(":")[0] for path in sent.misplaced]
    assert reasons == [
        "REFUSED business_date",
        "REFUSED business_date",
        "REFUSED business_date",
        "REFUSED unknown_dump",
        "REFUSED manifest",
    ]
    listed = "', '".join(sent.misplaced)
    once = platform.sql(f"SELECT count(*) AS n, count(business_date) AS days FROM lake.quality.files WHERE path IN ('{listed}')")
    assert once == [{"n": 5, "days": 4}]


def test_a_changed_master_shows_in_enriched_events_soon(platform: Platform, sent: Sent) -> None:
    eventually("the store's record to be loaded", lambda: file_status(platform, sent.renamed) == "LOADED", 240, every=3)
    of_store = f"FROM lake.sales.lines WHERE store_id = '{sent.store_id}' AND store_name"
    eventually(
        "a line with the store's new name", lambda: platform.sql(f"SELECT count(*) AS n {of_store} = 'Renamed'")[0]["n"], 240, every=5
    )
    late = platform.sql(
        f"SELECT count(*) AS n {of_store} <> 'Renamed' AND ingested_at > "
        f"(SELECT processed_at + INTERVAL '120' SECOND FROM lake.quality.files WHERE path = '{sent.renamed}')"
    )
    assert late[0]["n"] == 0


def test_the_pages_of_dagster_and_data_docs_show_what_ran(platform: Platform) -> None:
    query = "{ assetNodes { assetKey { path } } runsOrError(filter: {statuses: [SUCCESS]}) { ... on Runs { results { runId } } } }"
    answer = ask_dagster(platform.dagster, query)
    keys = {"/".join(node["assetKey"]["path"]) for node in answer["assetNodes"]}
    assert keys >= {
        "lake/loyalty/members",
        "kafka/pos/transactions/v1",
        "redis/sales/by_minute",
        "superset/sales_live",
        "landing/loyalty/members",
    }
    assert answer["runsOrError"]["results"]
    assert "loyalty.members.v1" in httpx.get(platform.data_docs, timeout=30).raise_for_status().text


@pytest.fixture(scope="module")
def settled(platform: Platform) -> Iterator[Platform]:
    """Yield the platform once its marts are built, and send no new dumps meanwhile.

    A build of the marts would read the rows that a killed load has left in a table. New dumps at midnight would change the compared tables.
    """
    platform.await_marts()
    platform.stop_service("back-office")
    yield platform
    platform.start_service("back-office")


@pytest.fixture(scope="module")
def crashed(settled: Platform) -> dict[str, Any]:
    """Crash loads of the newest members file. Return the table's contents before, and after each crash and the load that follows it.

    `make drills` does the same with the oldest file.
    """
    return crash_and_load_again(settled, "loyalty.members", "max")


@pytest.mark.parametrize("point", CRASHES)
def test_a_crash_at_any_step_is_repaired_by_a_second_run(crashed: dict[str, Any], point: str) -> None:
    assert crashed[point] == {"statuses": [9, 0], **crashed["before"]}


def test_a_re_run_of_a_day_that_was_killed_and_run_again_gives_the_same_tables(settled: Platform) -> None:
    """Load the newest day again. `make drills` loads every day again."""
    (dates,) = settled.sql(DATES)
    run_again_after_a_kill(settled, dates["last"], dates["last"])
