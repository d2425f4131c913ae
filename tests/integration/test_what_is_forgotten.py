"""Upkeep empties a column of rows that are older than the column's retention. Runs on the real Trino, in a table for the test."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from batch.maintenance.forgetting import Kept, forget
from tests.support.compose_platform import Platform
from tillstream.core.clients.trino import Trino

TABLE = "lake.forgotten_of_tests.events"
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
COLUMNS = [Kept(TABLE, "terms", "at", 90), Kept(TABLE, "session", "at", 365)]


@pytest.fixture
def trino(platform: Platform) -> Iterator[Trino]:
    connection = platform.trino()
    connection.rows("CREATE SCHEMA IF NOT EXISTS lake.forgotten_of_tests")
    connection.rows(f"DROP TABLE IF EXISTS {TABLE}")
    connection.rows(
        f"CREATE TABLE {TABLE} (id varchar, terms varchar, session varchar NOT NULL, at timestamp(6) with time zone) "
        "WITH (format_version = 2, partitioning = ARRAY['day(at)'])"
    )
    rows = (("1", "'milk'", "2025-01-02"), ("2", "NULL", "2026-08-01"), ("3", "'gin'", "2026-08-02"), ("4", "'tea'", "2026-08-29"))
    values = ", ".join(f"('{key}', {terms}, 's{key}', TIMESTAMP '{day} 00:00:00 UTC')" for key, terms, day in rows)
    connection.rows(f"INSERT INTO {TABLE} VALUES {values}")
    yield connection
    connection.rows(f"DROP TABLE {TABLE}")
    connection.rows("DROP SCHEMA lake.forgotten_of_tests")


def test_what_is_past_its_retention_is_gone_from_rows_and_files_and_the_rest_untouched(trino: Trino) -> None:
    assert forget(trino, NOW, COLUMNS, [TABLE]) == {f"{TABLE}.terms": 2, f"{TABLE}.session": 1}
    assert trino.rows(f"SELECT id, terms, session FROM {TABLE} ORDER BY id") == [
        ["1", None, ""],
        ["2", None, "s2"],
        ["3", None, "s3"],
        ["4", "tea", "s4"],
    ]
    # The table has four data files (content 0), written again without the emptied values, and no file of deletions.
    assert trino.rows('SELECT content, count(*) FROM lake.forgotten_of_tests."events$files" GROUP BY 1') == [[0, 4]]
    versions = 'SELECT count(*) FROM lake.forgotten_of_tests."events$snapshots"'
    before = trino.scalar(versions)
    assert forget(trino, NOW, COLUMNS, [TABLE]) == {}
    assert trino.scalar(versions) == before
