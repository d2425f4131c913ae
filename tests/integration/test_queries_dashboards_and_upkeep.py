"""What people run beside the stream: queries, replays, the dashboards' deployment, and the upkeep of the lake."""

import json
import re
import subprocess

import httpx
import pytest

from tests.support.compose_platform import PROJECT, Platform, eventually


def test_queries_come_as_table_tsv_or_json(platform: Platform) -> None:
    assert re.search(r"^one\s+two\n-+\s+-+\n\s*1\s+b", platform.tools("ask", "sql", "SELECT 1 AS one, 'b' AS two"), re.MULTILINE)
    assert platform.tools("ask", "sql", "SELECT 1 AS one, 'b' AS two", "--format", "tsv") == "one\ttwo\n1\tb\n"
    with pytest.raises(subprocess.CalledProcessError, match="mismatched input"):
        platform.tools("ask", "sql", "SELEKT 1")


def test_a_day_without_trade_is_refused_in_words(platform: Platform) -> None:
    with pytest.raises(subprocess.CalledProcessError, match="the source has no trade on 2017-12-25"):
        platform.tools("produce", "replay", "2017-12-25")


def test_no_secret_is_in_an_image_an_inspection_or_a_log(platform: Platform) -> None:
    secrets = {
        name: platform.secret(name)
        for name in (
            "minio_root_password",
            "minio_lake_password",
            "minio_originals_password",
            "postgres_lake_password",
            "postgres_reference_password",
            "redis_writer_password",
            "redis_reader_password",
            "superset_admin_password",
            "superset_secret_key",
            "pseudonym_key",
        )
    }
    containers = subprocess.run(
        ["docker", "ps", "-aq", "--filter", f"label=com.docker.compose.project={PROJECT}"], check=True, capture_output=True, text=True
    ).stdout.split()
    inspected = subprocess.run(["docker", "inspect", *containers], check=True, capture_output=True, text=True).stdout
    logs = platform.compose("logs", "--no-color")
    top = "".join(
        subprocess.run(["docker", "top", c, "-eo", "args"], check=False, capture_output=True, text=True).stdout for c in containers
    )
    leaks = [
        (name, where)
        for name, value in secrets.items()
        for where, text in (("docker inspect", inspected), ("a log", logs), ("a command line", top))
        if value in text
    ]
    assert not leaks


def test_the_dashboards_in_superset_are_those_of_the_tree(platform: Platform) -> None:
    assert "Superset equals superset/" in platform.compose(
        "run", "--rm", "--no-deps", "-T", "init-dashboards", "deploy", "dashboards", "--check"
    )


def test_an_import_again_changes_nothing_and_a_stray_chart_is_removed(platform: Platform) -> None:
    with httpx.Client(base_url=platform.superset, timeout=60, headers={"Referer": platform.superset}) as client:
        token = client.post(
            "/api/v1/security/login", json={"username": "admin", "password": platform.secret("superset_admin_password"), "provider": "db"}
        ).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        client.headers["X-CSRFToken"] = client.get("/api/v1/security/csrf_token/").json()["result"]
        dataset = client.get("/api/v1/dataset/").json()["result"][0]["id"]
        made = client.post(
            "/api/v1/chart/",
            json={
                "slice_name": "Stray",
                "viz_type": "table",
                "datasource_id": dataset,
                "datasource_type": "table",
                "params": json.dumps({"viz_type": "table"}),
            },
        )
        assert made.status_code == 201, made.text
        with pytest.raises(subprocess.CalledProcessError, match="Stray is not in superset/"):
            platform.compose("run", "--rm", "--no-deps", "-T", "init-dashboards", "deploy", "dashboards", "--check")
        assert "1 assets removed" in platform.compose("run", "--rm", "--no-deps", "-T", "init-dashboards")
        assert client.get(f"/api/v1/chart/{made.json()['id']}").status_code == 404


def test_what_the_sign_in_page_logs_takes_nobodys_session(platform: Platform) -> None:
    with httpx.Client(base_url=platform.superset, timeout=60) as visitor:
        # The page begins a session, in which it keeps its form's token.
        assert "session" in visitor.get("/login/").cookies
        answer = visitor.post("/superset/log/?explode=events", json={})
        assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)


def test_upkeep_makes_few_files_deletes_what_is_past_its_retention_and_changes_no_line(platform: Platform) -> None:
    before = platform.sql("SELECT count(*) AS n, sum(net_amount) AS amount FROM lake.sales.lines WHERE run_id = 'history'")
    platform.tools(
        "ask", "sql", "INSERT INTO lake.quality.dead_letters VALUES ('old.v1', 0, 0, TIMESTAMP '2020-01-01 00:00:00 UTC', 'X', 'x', X'00')"
    )
    committed = platform.checkpoints()["latest"]["completed"]["id"]
    # One that is streamed and compacted, one with what is past its retention, one that is loaded.
    tables = "lake.sales.lines", "lake.quality.dead_letters", "lake.loyalty.members"

    def fewer() -> bool:
        printed = platform.compose("run", "--rm", "--no-deps", "-T", "batch-code", "bench-lake", *tables)
        found = re.search(r"lake\.sales\.lines: ([\d,]+) files, now ([\d,]+)", printed)
        return bool(found) and int(found[2].replace(",", "")) < int(found[1].replace(",", ""))

    # Right after the start, or after a turn of Dagster's own, there may be just one file a day: some commits later there are more.
    eventually("a compaction that finds something to do", fewer, 300, every=10)
    assert platform.sql("SELECT count(*) AS n, sum(net_amount) AS amount FROM lake.sales.lines WHERE run_id = 'history'") == before
    assert platform.sql("SELECT count(*) AS n FROM lake.quality.dead_letters WHERE topic = 'old.v1'") == [{"n": 0}]
    eventually("the job to go on committing", lambda: platform.checkpoints()["latest"]["completed"]["id"] > committed + 1, 90)
