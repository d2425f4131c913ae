"""Each dbt model of the marts has a description."""

import re

import pytest
import yaml

from tests.support.compose_platform import ROOT

MODELS = ROOT / "batch" / "marts" / "models"
DOCUMENTED = {
    model["name"]: model for path in MODELS.glob("*/*.yml") for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
}
SQL = {path.stem: path.read_text(encoding="utf-8") for path in MODELS.glob("*/*.sql")}
AGREEMENTS = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "batch" / "marts" / "tests").glob("*.sql"))


@pytest.mark.parametrize("name", sorted(SQL))
def test_a_model_has_a_description_an_owner_a_grain_that_is_tested_and_columns_that_are_told(name: str) -> None:
    model = DOCUMENTED[name]
    meta = model["config"]["meta"]
    assert model["description"]
    assert meta["owner"]
    assert {"grain": {"arguments": {"columns": meta["grain"]}}} in model["data_tests"]
    assert all(column["description"] for column in model["columns"])
    assert {column["name"] for column in model["columns"]} >= set(meta["grain"])


def test_no_model_is_told_that_is_not_there() -> None:
    assert set(DOCUMENTED) == set(SQL)


@pytest.mark.parametrize("name", sorted(SQL))
def test_a_model_is_compared_with_its_source(name: str) -> None:
    assert re.search(rf"ref\('{name}'\)", AGREEMENTS)
