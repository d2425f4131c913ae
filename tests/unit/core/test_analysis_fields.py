"""The tables, columns and SQL that are made from the fields of analyses agree with them."""

import re

import pytest

from tests.support.compose_platform import ROOT
from tillstream.core.analysis_fields import CALLS, FEEDBACK, GROUPS, PHOTO_FIELDS, PHOTOS, READ_AGAIN, READINGS, TEXT_FIELDS
from tillstream.core.sql_templates import statements


def test_the_rows_of_the_functions_are_those_on_which_the_jobs_state_rests() -> None:
    assert ", ".join(f"{field.name} {field.type.flink}" for field in TEXT_FIELDS) == (
        "set_aside STRING, language STRING, text STRING, text_en STRING, sentiment DOUBLE, topics ARRAY<STRING>, aspects STRING, intent STRING, "
        "urgency DOUBLE, redactions STRING, embedding BYTES, sketch ARRAY<BIGINT>, products_named ARRAY<STRING>, store_named STRING, "
        "order_named STRING, fingerprint_a STRING, fingerprint_b STRING, course ARRAY<DOUBLE>, talk_share DOUBLE, silence_ms BIGINT, "
        "interruptions BIGINT, resolved BOOLEAN, duration_ms BIGINT, model STRING"
    )
    assert ", ".join(f"{field.name} {field.type.flink}" for field in PHOTO_FIELDS) == (
        "set_aside STRING, sent_ms BIGINT, kind STRING, width INT, height INT, sharpness DOUBLE, brightness DOUBLE, faces INT, hidden INT, "
        "barcodes ARRAY<STRING>, store_id STRING, transaction_id STRING, bought_on STRING, total_cents BIGINT, last_four STRING, likeness BIGINT, "
        "copy STRING, thumbnail BYTES, model STRING"
    )


@pytest.mark.parametrize("table", [FEEDBACK, CALLS, READINGS, PHOTOS])
def test_a_field_with_a_comment_for_a_table_is_one_of_its_columns_and_no_other_is(table: str) -> None:
    grouped = [name for (of, _), names in GROUPS.items() if of == table for name in names]
    assert sorted(grouped) == sorted(field.name for field in (PHOTO_FIELDS if table == PHOTOS else TEXT_FIELDS) if table in field.comments)


def columns(table: str) -> list[str]:
    """Return the columns in the table's CREATE statement."""
    (made,) = (text for text in statements(ROOT / "lake/voice/tables.sql") if text.startswith(f"CREATE TABLE IF NOT EXISTS {table} ("))
    return re.findall(r"^  (\w+) (?!=)\S.* COMMENT '", made, re.MULTILINE)


def selected(table: str) -> list[str]:
    """Return what the voice job's INSERT selects for the table, column by column."""
    (insert,) = (text for text in statements(ROOT / "flink_jobs/voice/insert.sql") if text.startswith(f"INSERT INTO {table}\n"))
    listed = re.split(r"\s+FROM ", insert.split("SELECT", 1)[1])[0]
    return [item.strip().replace("`", "").removeprefix("p.") for item in re.split(r",(?![^(]*\))", listed)]


@pytest.mark.parametrize("table", ["lake.voice.calls", "lake.voice.photos"])
def test_what_is_inserted_by_its_place_has_the_place_of_its_column(table: str) -> None:
    names = [
        field.name
        for field in (*TEXT_FIELDS, *PHOTO_FIELDS)
        if field.name not in ("store_id", "transaction_id", "bought_on", "total_cents")
    ]
    pairs = list(zip(columns(table), selected(table), strict=True))
    assert [pair for pair in pairs if (pair[0] in names or pair[1] in names) and pair[0] != pair[1]] == []


def test_a_reading_has_a_column_for_each_field_that_is_written() -> None:
    made = {*columns("lake.voice.readings"), "kind", "course", "resolved"}
    assert made == {"event_id", "day", "kind", "model", "read_at", *(field.name for field in READ_AGAIN)}


def test_a_columns_definition_is_the_tables() -> None:
    (made,) = (
        text for text in statements(ROOT / "lake/voice/tables.sql") if text.startswith("CREATE TABLE IF NOT EXISTS lake.voice.calls (")
    )
    assert "\n  course array(double) NOT NULL COMMENT 'The caller''s sentiment at each turn, from -1 to 1',\n" in made
    assert "\n  products_named array(varchar) COMMENT 'Product types of the master that the call names',\n" in made
