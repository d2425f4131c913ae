"""Compaction rewrites the tables with many small files. A stand-in records the queries to Trino."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from batch.maintenance.upkeep import FEW_SMALL, compact

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TODAY, YESTERDAY, LONG_AGO = date(2026, 11, 28), date(2026, 11, 27), date(2026, 3, 1)
LINES = "lake.sales.lines"


class Trino:
    """Stand-in for Trino. It has these files of each day, and one file a day after a rewrite."""

    def __init__(self, *days: tuple[date, int, int, int]) -> None:
        self.days = list(days)
        self.done: list[str] = []

    def rows(self, query: str) -> list[Any]:
        if not query.startswith("ALTER"):
            return [[day, 1, 1, 1] for day, *_ in self.days] if self.done else [list(day) for day in self.days]
        self.done.append(query.split(" EXECUTE ")[1])
        return []


@pytest.mark.parametrize("small", [0, FEW_SMALL])
def test_a_table_with_few_small_files_of_the_last_two_days_is_left_for_a_later_turn(small: int) -> None:
    trino: Any = Trino((LONG_AGO, 4, 4, 4), (YESTERDAY, 10, 10, 0), (TODAY, small + 1, small + 1, small))
    assert compact(trino, NOW, [LINES], few=FEW_SMALL) == {LINES: (4 + 10 + small + 1,) * 2}
    assert not trino.done


def test_a_table_with_many_is_rewritten_from_yesterday_on() -> None:
    trino: Any = Trino((YESTERDAY, 20, 20, 20), (TODAY, 20, 18, 20))
    assert compact(trino, NOW, [LINES], few=FEW_SMALL) == {LINES: (40, 2)}
    optimize, manifests = trino.done
    assert optimize.endswith("WHERE event_time >= TIMESTAMP '2026-11-27 00:00:00 UTC'")
    assert manifests == "optimize_manifests"


def test_an_older_day_of_many_data_files_is_rewritten_alone() -> None:
    trino: Any = Trino((LONG_AGO, 5, 5, 5), (TODAY, 3, 3, 3))
    assert compact(trino, NOW, [LINES], few=FEW_SMALL) == {LINES: (8, 2)}
    assert [statement.split(" WHERE ")[-1] for statement in trino.done] == [
        "event_time >= TIMESTAMP '2026-03-01 00:00:00 UTC' AND event_time < TIMESTAMP '2026-03-15 00:00:00 UTC'",
        "optimize_manifests",
    ]


def test_the_daily_turn_leaves_no_two_small_files() -> None:
    trino: Any = Trino((TODAY, 2, 2, 2))
    assert compact(trino, NOW, [LINES]) == {LINES: (2, 1)}
