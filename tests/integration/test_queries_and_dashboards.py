"""The commands that people run by hand: queries, replays, and the deployment of dashboards."""

import json
import re
import subprocess

import httpx
import pytest

from tests.support.compose_platform import PROJECT, Platform


def test_queries_come_as_table_tsv_or_json(platform: Platform) -> None:
    assert re.search(r"^one\s+two\n-+\s+-+\n\s*1\s+b", platform.tools("ask", "sql", "SELECT 1 AS one, 'b' AS two"), re.MULTILINE)
    assert platform.tools("ask", "sql", "SELECT 1 AS one, 'b' AS two", "--format", "tsv") == "one\ttwo\n1\tb\n"
    with pytest.raises(subprocess.CalledProcessError, match="mismatched input"):
        platform.tools("ask", "sql", "SELEKT 1")


def test_a_day_without_trade_is_refused_in_words(platform: Platform) -> None:
    with pytest.raises(subprocess.CalledProcessError, match="the source has no trade on 2017-12-25"):
        platform.company("produce", "replay", "2017-12-25")


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
    assert "Superset equals superset/" in platform.one_off("init-dashboards", "deploy", "dashboards", "--check")


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
            platform.one_off("init-dashboards", "deploy", "dashboards", "--check")
        assert "1 assets deleted" in platform.one_off("init-dashboards")
        assert client.get(f"/api/v1/chart/{made.json()['id']}").status_code == 404


def test_what_the_sign_in_page_logs_takes_nobodys_session(platform: Platform) -> None:
    with httpx.Client(base_url=platform.superset, timeout=60) as visitor:
        # The login page starts a session, because the form's token is stored in it.
        assert "session" in visitor.get("/login/").cookies
        answer = visitor.post("/superset/log/?explode=events", json={})
        assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)
