"""Each file of lake/ is run and holds one area. They are run in an order in which all tables of a statement exist before it."""

import re

import pytest

from tests.support.compose_platform import ROOT
from tillstream.core.sql_templates import statements
from tillstream.deploy.tables import SCHEMAS, TABLES, VIEWS

VIEW = re.compile(r"CREATE OR REPLACE VIEW lake\.live\.(\w+)")
READ = re.compile(r"(?:FROM|JOIN) lake\.live\.(\w+)")


def test_every_file_is_run_once() -> None:
    assert sorted([*SCHEMAS, *TABLES, *VIEWS]) == sorted((ROOT / "lake").rglob("*.sql"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.parent.name)
def test_a_file_of_tables_makes_those_of_its_area_in_a_schema_that_is_made_before(path) -> None:
    schema = path.parent.name
    assert f"CREATE SCHEMA IF NOT EXISTS lake.{schema}" in statements(SCHEMAS[0])
    made = re.compile(rf"(?:CREATE TABLE IF NOT EXISTS|ALTER TABLE) lake\.{schema}\.")
    assert [statement for statement in statements(path) if not made.match(statement)] == []


def test_a_view_reads_only_views_that_are_made_before_it() -> None:
    made: set[str] = set()
    for statement in (statement for path in VIEWS for statement in statements(path)):
        view = VIEW.match(statement)
        assert view, statement
        assert set(READ.findall(statement)) <= made, view[1]
        made.add(view[1])
