"""The file of results: a figure replaces the earlier one of its name, and everything else stays."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bench.results import machine, record, remove


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.json"


def figures(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_figure_has_its_value_unit_date_machine_and_command(path: Path) -> None:
    record("tiers.redis.basket_by_id.p50_ms", 0.05, "ms", "make bench-tiers", "200 askings", path)
    (figure,) = figures(path)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", figure.pop("date"))
    assert figure == {
        "name": "tiers.redis.basket_by_id.p50_ms",
        "value": 0.05,
        "unit": "ms",
        "machine": machine(),
        "command": "make bench-tiers",
        "note": "200 askings",
    }


def test_the_machine_is_told_by_its_cores_and_its_memory() -> None:
    assert re.fullmatch(r"\d+ cores, \d+ GiB", machine())


def test_figures_are_sorted_by_name_and_one_a_line(path: Path) -> None:
    for name in ("c", "a", "b"):
        record(name, 1, "s", "make", path=path)
    assert [figure["name"] for figure in figures(path)] == ["a", "b", "c"]
    assert len(path.read_text(encoding="utf-8").splitlines()) == 5


def test_a_figure_replaces_the_earlier_one_of_its_name_and_no_other(path: Path) -> None:
    for value in (1, 2):
        record("a", value, "s", "make", path=path)
        record("a.b", value * 10, "s", "make", path=path)
    record("a", [3, 4], "s", "make", path=path)
    assert {figure["name"]: figure["value"] for figure in figures(path)} == {"a": [3, 4], "a.b": 20}


def test_fields_of_other_figures_are_kept(path: Path) -> None:
    path.write_text('[{"name": "z", "value": null, "missing": "not measured"}]', encoding="utf-8")
    record("a", 1, "s", "make", path=path)
    assert figures(path)[1] == {"name": "z", "value": None, "missing": "not measured"}


def test_the_figures_of_a_measurement_can_be_removed(path: Path) -> None:
    for name in ("tiers.redis.x", "tiers.redis_other.x", "peers.x"):
        record(name, 1, "s", "make", path=path)
    remove("tiers.redis.", path)
    assert [figure["name"] for figure in figures(path)] == ["peers.x", "tiers.redis_other.x"]
