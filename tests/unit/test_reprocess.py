"""Texts are analysed again: the queries to Trino, and the readings that are saved."""

import json
from typing import Any

import pytest

from tillstream import reprocess


class Recorder:
    """Stand-in for Trino that records statements."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def rows(self, sql: str) -> list[list[Any]]:
        """Record a statement and return no rows."""
        self.statements.append(sql)
        return []


def reading(number: int, **changed: Any) -> str:
    whole = {
        "event_id": f"e{number}", "day": "2026-11-24", "kind": "TEXT", "model": "voice-1+abc", "set_aside": None, "sentiment": -0.25, "topics": ["STAFF"], "aspects": "{}",
        "intent": "COMPLAINT", "urgency": 0.4, "products_named": ["BAKER'S CHOICE"], "embedding": "00ff", "sketch": [-5, 7], "course": None, "resolved": None,
    }  # fmt: skip
    return json.dumps(whole | changed)


def test_readings_are_written_so_many_at_a_time_and_what_is_left_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reprocess, "AT_ONCE", 2)
    trino = Recorder()
    kept, aside = reprocess.save(trino, [reading(n) for n in range(5)])  # type: ignore[arg-type]
    assert (kept, dict(aside)) == (5, {})
    assert [statement.count("DATE '2026-11-24'") for statement in trino.statements] == [2, 2, 1]


def test_a_quotation_mark_and_a_negative_number_are_told_as_they_are() -> None:
    trino = Recorder()
    reprocess.save(trino, [reading(1)])  # type: ignore[arg-type]
    assert "VARCHAR 'BAKER''S CHOICE'" in trino.statements[0]
    assert "ARRAY[BIGINT '-5', BIGINT '7']" in trino.statements[0]
    assert "X'00ff'" in trino.statements[0]
    assert "CAST(null AS array(double)), CAST(null AS boolean)" in trino.statements[0]


def test_a_call_has_its_course_and_its_end() -> None:
    trino = Recorder()
    reprocess.save(trino, [reading(1, kind="CALL", course=[-0.5, 0.25], resolved=True)])  # type: ignore[arg-type]
    assert "CAST(ARRAY[-0.5, 0.25] AS array(double)), CAST(True AS boolean)" in trino.statements[0]


def test_what_cannot_be_read_this_time_is_counted_by_its_reason_and_not_written() -> None:
    trino = Recorder()
    lines = [
        json.dumps(
            {
                "event_id": "e",
                "day": "2026-11-24",
                "kind": "TEXT",
                "model": "m",
                "set_aside": "UNKNOWN_LANGUAGE: neither English nor Spanish",
            }
        )
    ] * 2
    assert reprocess.save(trino, lines) == (0, {"UNKNOWN_LANGUAGE": 2})  # type: ignore[arg-type]
    assert trino.statements == []
