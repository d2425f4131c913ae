"""Personal data is removed when its own retention ends, even if its row is kept longer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from batch.maintenance.day_ranges import DAYS_AT_ONCE, stretches
from batch.maintenance.forgetting import Kept, drop_left_staging, forget, kept
from batch.maintenance.upkeep import retentions
from tillstream.core.contracts import contracts, dump_contracts, period
from tillstream.core.topology import rows_of

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
COLUMNS = {(k.table, k.column): k for k in kept(retentions())}


def test_search_terms_go_after_ninety_days_and_a_former_members_name_after_two_years() -> None:
    assert COLUMNS["lake.web.events", "search_terms"] == Kept("lake.web.events", "search_terms", "event_time", 90)
    assert COLUMNS["lake.loyalty.members", "email"] == Kept("lake.loyalty.members", "email", "valid_to", 730)
    assert COLUMNS["lake.sales.lines", "customer_id"].days == 3 * 365


def test_every_personal_field_goes_in_its_time_with_its_row_or_before_it() -> None:
    deleted_after = {table: days for table, _, days in retentions()}
    documents = [(table, contracts()[topic].fields) for table in deleted_after for topic in rows_of(table)]
    documents += [(dump.table, dump.fields) for dump in dump_contracts().values() if dump.table in deleted_after]
    late = [
        (table, field["name"])
        for table, fields in documents
        for field in fields
        if field["privacy"] != "none"
        and (COLUMNS.get((table, field["name"])) or Kept("", "", "", deleted_after[table])).days > period(field["retention"]).days
    ]
    # In this table, the column `text` has the text without personal data, so it may stay.
    assert late == [("lake.voice.feedback", "text")]


def test_no_column_is_emptied_that_is_not_personal() -> None:
    assert not {column for _, column in COLUMNS} & {"event_id", "run_id", "event_type", "product_id", "points", "department", "member_id"}


class Trino:
    """Stand-in for Trino with a lake that has personal data to remove on some days."""

    def __init__(self, nullable: str | None, days: tuple[date, ...] = (), rows: int = 0) -> None:
        self.said: list[str] = []
        self._nullable, self._days, self._rows = nullable, days, rows

    def rows(self, query: str) -> list[Any]:
        self.said.append(query)
        if "is_nullable" in query:
            return [[self._nullable]] if self._nullable else []
        return [[day] for day in self._days]

    def scalar(self, query: str) -> int:
        self.said.append(query)
        return self._rows

    @property
    def changes(self) -> list[str]:
        return [query for query in self.said if query.startswith(("UPDATE", "ALTER", "DELETE", "DROP"))]


TERMS, EMAIL = COLUMNS["lake.web.events", "search_terms"], COLUMNS["lake.loyalty.members", "email"]


def run(trino: Any, column: Kept) -> dict[str, int]:
    return forget(trino, NOW, [column], ("lake.web.events",))


def test_only_days_that_have_something_are_written_anew() -> None:
    trino = Trino("YES", (date(2026, 1, 3), date(2026, 1, 5)), 7)
    assert run(trino, TERMS) == {"lake.web.events.search_terms": 7}
    within = "event_time >= TIMESTAMP '2026-01-03 00:00:00 UTC' AND event_time < TIMESTAMP '2026-01-17 00:00:00 UTC'"
    assert trino.changes == [
        f"UPDATE lake.web.events SET search_terms = NULL WHERE {within} AND search_terms IS NOT NULL",
        f"ALTER TABLE lake.web.events EXECUTE optimize(file_size_threshold => '1B') WHERE {within}",
    ]
    assert "partition.event_time_day < DATE '2026-08-29'" in trino.said[1]


def test_where_nothing_is_left_to_forget_nothing_is_written() -> None:
    for column in (TERMS, EMAIL):
        trino = Trino("YES")
        assert run(trino, column) == {}
        assert trino.changes == []
        assert len(trino.said) == 2


def test_a_column_that_must_have_a_value_is_emptied_to_an_empty_text_and_one_that_is_not_there_is_passed_over() -> None:
    trino = Trino("NO", (date(2025, 1, 3),), 1)
    run(trino, COLUMNS["lake.web.events", "session_id"])
    assert "SET session_id = ''" in trino.changes[0]
    assert trino.changes[0].endswith("AND session_id <> ''")
    trino = Trino(None, (date(2025, 1, 3),), 1)
    assert run(trino, TERMS) == {}
    assert trino.changes == []


def test_a_stretch_has_so_many_days_and_ends_where_days_are_kept() -> None:
    day = date(2026, 1, 1)
    found = stretches([day, day + timedelta(days=13), day + timedelta(days=14), day + timedelta(days=30)], day + timedelta(days=31))
    assert [(first - day).days for first, _ in found] == [0, 14, 30]
    assert [(last - first).days for first, last in found] == [DAYS_AT_ONCE, DAYS_AT_ONCE, 1]


def test_a_staging_table_that_was_left_is_dropped_and_one_in_use_is_not() -> None:
    committed = {"old": NOW - timedelta(days=2), "new": NOW - timedelta(minutes=5), "empty": None}

    class Lake(Trino):
        def rows(self, query: str) -> list[Any]:
            self.said.append(query)
            return [[name] for name in committed] if "information_schema" in query else []

        def scalar(self, query: str) -> Any:
            return committed[query.split('"')[1].removesuffix("$snapshots")]

    lake: Any = Lake("YES")
    assert drop_left_staging(lake, NOW) == ["old"]
    assert lake.changes == ['DROP TABLE lake.staging."old"']
