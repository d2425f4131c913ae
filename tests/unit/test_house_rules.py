"""Rules for compose, images, dashboards and code style, checked on the files."""

import ast
import builtins
import re
import statistics
from collections.abc import Iterator

import pytest
import yaml

from tests.support.compose_platform import ROOT
from tillstream.core import topology
from tillstream.core.contracts import contracts

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
ONE_SHOT = {f"init-{what}" for what in ("topics", "schemas", "buckets", "reference", "tables", "jobs", "dashboards")} | {
    "company-masters",
    "company-tools",
    "tools",
}
CHARTS = sorted((ROOT / "superset/charts").glob("*.yaml"))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_a_memory_limit_no_capabilities_and_a_real_health_check(name: str) -> None:
    service = SERVICES[name]
    assert service["deploy"]["resources"]["limits"]["memory"]
    assert service["cap_drop"] == ["ALL"]
    assert ("healthcheck" in service) == (name not in ONE_SHOT)
    if name not in ONE_SHOT:
        assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_ports_are_on_loopback_with_numbers_from_the_environment(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\$\{[A-Z_]+_PORT:\?\}:\d+", port)


def test_no_secret_is_in_an_environment() -> None:
    for name, service in SERVICES.items():
        for key, value in service.get("environment", {}).items():
            assert "password" not in f"{key}{value}".lower() or str(value).startswith("/run/secrets/"), name


def test_the_store_announces_photos_on_the_topic_that_the_jobs_read() -> None:
    assert SERVICES["minio"]["environment"]["MINIO_NOTIFY_KAFKA_TOPIC_PHOTOS"] == topology.PHOTOS


def test_every_image_is_ours_and_none_runs_as_root() -> None:
    assert all(re.fullmatch(r"tillstream/[a-z]+:dev", service["image"]) for service in SERVICES.values())
    for dockerfile in (ROOT / "images").glob("*/Dockerfile"):
        text = dockerfile.read_text(encoding="utf-8")
        bases, stages = re.findall(r"^FROM (\S+)", text, re.MULTILINE), re.findall(r"^FROM \S+ AS (\S+)", text, re.MULTILINE)
        assert bases
        assert all(base.startswith("debian:") or base in stages for base in bases), dockerfile
        assert re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1] != "root", dockerfile


def test_the_example_environment_has_every_variable_and_no_secret() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    needed = set(re.findall(r"\$\{([A-Z_]+)[:}]", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))) - {"COMPOSE_PROJECT_NAME"}
    assert needed <= set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert not re.search(r"(?i)password|secret_key|token", example)


def test_no_figure_has_the_clock_for_its_version() -> None:
    """Check that versions are counted in state. After a recovery, a figure with the time as its version would look newer than it is."""
    files = [path for path in (ROOT / "flink_jobs").rglob("insert*.sql") if "INSERT INTO hot_" in path.read_text(encoding="utf-8")]
    assert files
    assert not [
        path for path in files if re.search(r"UNIX_TIMESTAMP|NOW\(|PROCTIME\(\), ", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]


@pytest.mark.parametrize("folder", ["batch", "flink_jobs", "lake", "superset", "tillstream"])
def test_no_basket_is_counted_by_the_number_that_its_source_gives_a_line(folder: str) -> None:
    """Check that `line_position` is used to count baskets. A source may number lines from 2, or give all the same number."""
    files = [path for kind in ("*.sql", "*.yaml", "*.py") for path in (ROOT / folder).rglob(kind)]
    assert files
    assert not [
        path for path in files if re.search(r"line_no\s*(=|<=|<)\s*1|min\(line_no", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]


def test_the_preflight_checks_the_memory_and_the_disk_that_the_readme_asks_for() -> None:
    checked = dict(
        re.findall(r"NEED_(MEMORY|DISK)_MB=(\d+)", (ROOT / "scripts/preflight.sh").read_text(encoding="utf-8").split("missing=")[0])
    )
    asked = dict(re.findall(r"^\| (memory|disk) \| (\d+) GB ", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {name.lower(): int(megabytes) for name, megabytes in checked.items()} == {name: int(gb) * 1000 for name, gb in asked.items()}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_services_that_stay_log_json_and_what_people_run_logs_text(name: str) -> None:
    service = SERVICES[name]
    if service["image"] in {f"tillstream/{image}:dev" for image in ("app", "batch", "company", "flink")}:
        assert service["environment"].get("LOG_FORMAT", "text") == ("text" if name in ONE_SHOT else "json")


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield each file of the code and each node of its syntax tree."""
    for folder in ("tillstream", "batch", "producers", "flink_jobs", "docgen"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield str(path.relative_to(ROOT)), node


def test_every_error_of_ours_descends_from_one_root() -> None:
    classes = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)] for _, node in _nodes() if isinstance(node, ast.ClassDef)
    }

    def family(name: str) -> set[str]:
        return {name, *(ancestor for base in classes.get(name, []) for ancestor in family(base))}

    errors = [name for name in classes if any(one.endswith(("Error", "Exception")) for one in family(name))]
    assert len(errors) > 15
    assert [name for name in errors if "TillstreamError" not in family(name)] == []


#: Builtin exceptions that a protocol of Python requires: the end of an iterator, and a value that json cannot convert.
ASKED_FOR = {("batch/loading/records.py", "StopIteration"), ("flink_jobs/voice/photos/analyse_lines.py", "TypeError")}


def test_no_error_of_python_is_raised_except_those_that_python_asks_for() -> None:
    raised = {(path, node.exc) for path, node in _nodes() if isinstance(node, ast.Raise)}
    names = {(path, exc.func if isinstance(exc, ast.Call) else exc) for path, exc in raised}
    named = {(path, name.id) for path, name in names if isinstance(name, ast.Name)}
    assert len(named) > 50
    assert {(path, name) for path, name in named if hasattr(builtins, name)} == ASKED_FOR


def test_a_folder_of_unit_tests_has_the_name_of_the_folder_that_it_tests() -> None:
    here = ROOT / "tests/unit"
    folders = [path.relative_to(here) for path in here.rglob("*") if path.is_dir() and any(path.glob("*.py"))]
    assert len(folders) > 10
    homes = (ROOT, ROOT / "tillstream", ROOT / "tests")
    assert [str(folder) for folder in folders if not any((home / folder).is_dir() for home in homes)] == []


def test_python_files_are_short() -> None:
    """Check the limits of the style in CONTRIBUTING.md. Empty files do not count."""
    folders = [folder for folder in ROOT.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for folder in folders for path in folder.rglob("*.py")}
    assert [str(path.relative_to(ROOT)) for path, count in lines.items() if count > 300] == []
    assert statistics.median(count for count in lines.values() if count) <= 90


@pytest.mark.parametrize("path", CHARTS, ids=lambda p: p.stem)
def test_a_chart_has_a_title_in_words(path) -> None:
    chart = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "_" not in chart["slice_name"]


def test_every_column_and_metric_has_a_label_for_people() -> None:
    for path in (ROOT / "superset/datasets").rglob("*.yaml"):
        dataset = yaml.safe_load(path.read_text(encoding="utf-8"))
        for item in dataset["columns"] + dataset["metrics"]:
            assert item["verbose_name"], (path.name, item)


def test_the_dashboard_refreshes_every_ten_seconds_and_its_filters_reach_the_lakes_charts() -> None:
    dashboard = yaml.safe_load((ROOT / "superset/dashboards/sales_live.yaml").read_text(encoding="utf-8"))
    assert dashboard["metadata"]["refresh_frequency"] == 10
    charts = {
        item["meta"]["uuid"]: item["meta"]["chartId"]
        for item in dashboard["position"].values()
        if isinstance(item, dict) and item.get("type") == "CHART"
    }
    lake_dataset = yaml.safe_load((ROOT / "superset/datasets/Tillstream/lines_today.yaml").read_text(encoding="utf-8"))["uuid"]
    on_lake = {
        charts[c["uuid"]] for c in (yaml.safe_load(p.read_text(encoding="utf-8")) for p in CHARTS) if c["dataset_uuid"] == lake_dataset
    }
    assert on_lake
    for chosen in dashboard["metadata"]["native_filter_configuration"]:
        assert on_lake <= set(chosen["chartsInScope"]), chosen["name"]


def test_an_error_outside_of_errors_py_is_used_in_its_own_folder_only() -> None:
    shared = "tillstream/core/errors.py"
    homes = {
        node.name: path.rpartition("/")[0]
        for path, node in _nodes()
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error") and path != shared
    }
    uses = {
        (path, alias.name) for path, node in _nodes() if isinstance(node, ast.ImportFrom) for alias in node.names if alias.name in homes
    }
    assert uses
    assert [(path, name) for path, name in uses if not path.startswith(f"{homes[name]}/")] == [], f"move these errors to {shared}"


def test_the_reader_of_redis_may_read_the_keys_of_every_hot_topic() -> None:
    path = "images/redis/entrypoint.sh"
    (reader,) = [line for line in (ROOT / path).read_text(encoding="utf-8").splitlines() if "user reader" in line]
    areas = {contract.redis_prefix.split(":")[0] for contract in contracts().values() if contract.redis_prefix}
    assert areas <= set(re.findall(r"~(\w+):\*", reader)), f"add the new area to the reader's patterns in {path}"
