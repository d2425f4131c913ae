"""The order in which files are loaded, and the notes on them. Stand-ins record the calls to services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from batch.loading import attempts, conflicts, loader
from batch.loading.announced import Announced, Landing
from batch.loading.check import BadRow, Checked
from batch.loading.history_rebuild import Rebuild
from batch.loading.landing import Landed
from batch.loading.movements import OF_DUMP
from batch.loading.quality_tables import Outcome
from batch.loading.records import LINE
from batch.loading.validation import why_refused
from tillstream.core.contracts import dump_contracts
from tillstream.core.errors import RetryableError

D1, D2, D3 = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
NOW = datetime(2026, 11, 27, tzinfo=UTC)
MEMBERS, POINTS = "loyalty.members.v1", "loyalty.points.v1"


def file(day: date, name: str = "a", dump: str = MEMBERS) -> Announced:
    return Announced(f"{'/'.join(dump.split('.')[:2])}/{day}/{name}.manifest.json", dump, day, NOW, name)


class Lake:
    """Stand-in for Trino. It answers queries of lake.quality.files and records the events in order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, bucket: list[Announced], later: bool = True) -> None:
        self.happened: list[str] = []
        self.noted: list[tuple[str, str, str]] = []
        self.fails: dict[str, Exception] = {}
        self.loader: Any = loader.Loader.__new__(loader.Loader)
        self.loader._trino = self
        monkeypatch.setattr(
            loader.Loader,
            "_quality",
            SimpleNamespace(record=lambda outcome: self.happened.append(f"record {outcome.announced.business_date}")),
        )
        monkeypatch.setattr(self.loader, "_bucket", lambda: Landing(bucket, []))
        monkeypatch.setattr(self.loader, "_process", self.process)
        monkeypatch.setattr(loader, "has_later", lambda *_: later)
        monkeypatch.setattr(loader, "table_copy", self.table_copy)
        monkeypatch.setattr(loader, "swap_table", lambda *_: self.happened.append("swap"))
        monkeypatch.setattr(loader, "refresh", lambda *_: None)
        monkeypatch.setattr(attempts, "begin", lambda _: attempts.EarlierAttempts(0, 0))
        monkeypatch.setattr(attempts, "record_failure", lambda *_, **__: None)
        monkeypatch.setattr(attempts, "clear", lambda _: None)

    def rows(self, query: str) -> list[Any]:
        if query.startswith("DELETE"):
            self.happened.append("later ones wait")
            return []
        return self.noted

    @contextmanager
    def table_copy(self, *_: object) -> Iterator[str]:
        yield "copy"

    def process(self, announced: Announced, rebuild: Rebuild | None) -> Outcome:
        if error := self.fails.get(announced.etag):
            raise error
        self.happened.append(f"{'tell' if rebuild else 'load'} {announced.business_date}")
        return Outcome(announced, "LOADED")

    def load(self, *files: Announced) -> list[Outcome]:
        return list(self.loader._load_in_order(files[0].contract, list(files)))


def test_a_refused_file_that_comes_again_is_looked_at_again_and_a_loaded_one_is_not() -> None:
    """Check with the same manifest and ETag, which is the case if only the file itself was incomplete at first."""
    loaded, refused, before = file(D1, "loaded"), file(D1, "refused"), file(D1, "before")
    noted = {loaded: "LOADED", refused: "REFUSED", before: "REFUSED"}
    hour = timedelta(hours=1)
    the_loader: Any = loader.Loader(loader.HOME)
    the_loader.state = lambda: "a state"
    the_loader._trino = SimpleNamespace(
        rows=lambda _: [[a.path, a.etag, status, NOW + (hour if a is before else -hour)] for a, status in noted.items()]
    )
    the_loader._bucket = lambda: Landing([loaded, refused, before], [])
    assert the_loader.pending() == [refused]


def test_trino_is_asked_what_is_written_down_only_after_a_change() -> None:
    asked, state = [], ["one"]
    the_loader: Any = loader.Loader(loader.HOME)
    the_loader.state = lambda: state[0]
    the_loader._trino = SimpleNamespace(rows=lambda query: asked.append(query) or [[file(D1).path, "a", "LOADED", NOW]] * (len(asked) - 1))
    the_loader._bucket = lambda: Landing([file(D1)], [])
    assert [the_loader.pending() for _ in range(3)] == [[file(D1)]] * 3
    state[0] = "another"
    assert [the_loader.pending() for _ in range(3)] == [[]] * 3
    assert len(asked) == 2


def test_a_late_file_has_the_later_ones_loaded_again_before_anything_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    late, loaded, refused, new = file(D1), file(D2, "loaded"), file(D2, "refused"), file(D3, "new")
    lake = Lake(monkeypatch, [new, loaded, refused, late, file(D3, dump=POINTS)])
    lake.noted = [(loaded.path, "loaded", "LOADED"), (refused.path, "refused", "REFUSED")]
    plan: list[int] = []
    list(lake.loader._load_in_order(late.contract, [late], plan.append))
    records = [f"record {day}" for day in (D1, D2, D3)]
    assert lake.happened == [f"tell {D1}", f"tell {D2}", f"tell {D3}", "later ones wait", "swap", *records]
    assert plan == [3]


def test_a_telling_that_is_broken_off_changes_nothing_and_notes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    late, loaded = file(D1), file(D2, "loaded")
    lake = Lake(monkeypatch, [late, loaded])
    lake.noted, lake.fails = [(loaded.path, "loaded", "LOADED")], {"loaded": RetryableError("Trino is away")}
    with pytest.raises(RetryableError):
        lake.load(late)
    assert lake.happened == [f"tell {D1}"]


def test_where_nothing_is_later_a_history_is_told_in_its_table(monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(monkeypatch, [], later=False)
    lake.load(file(D2), file(D1))
    assert lake.happened == [f"load {D1}", f"record {D1}", f"load {D2}", f"record {D2}"]


def test_a_file_in_doubt_holds_up_none_of_the_others_and_an_outage_all(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [file(D1, "bad", POINTS), file(D2, dump=POINTS)]
    lake = Lake(monkeypatch, files)
    lake.fails = {"bad": MemoryError()}
    with pytest.raises(MemoryError):
        lake.load(*files)
    assert lake.happened == [f"load {D2}", f"record {D2}"]
    lake = Lake(monkeypatch, files)
    lake.fails = {"bad": RetryableError("Trino is away")}
    with pytest.raises(RetryableError):
        lake.load(*files)
    assert lake.happened == []


def test_a_history_moves_no_stock_so_that_it_can_be_rebuilt() -> None:
    assert not [name for name in OF_DUMP if dump_contracts()[name].load == "history"]


def repeated(path: str, sha256: str, newest: tuple[str, str] | None, rebuild: Rebuild | None = None) -> str:
    """Return how a file is treated if `newest` is the newest file that was loaded for its day."""
    the_loader: Any = loader.Loader.__new__(loader.Loader)
    the_loader._trino = SimpleNamespace(rows=lambda _: [newest] if newest else [])
    announced = file(D1, path, POINTS)
    outcome = the_loader._repeated(Landed(announced, sha256, pd.DataFrame({LINE: []}), []), rebuild)
    return outcome.status if outcome else "to be loaded"


def test_an_original_that_comes_again_after_its_correction_is_no_repetition() -> None:
    first, second = file(D1, "1", POINTS).path, file(D1, "2", POINTS).path
    assert repeated("1", "original", None) == "to be loaded"
    assert repeated("2", "correction", (first, "original")) == "to be loaded"
    assert repeated("3", "original", (second, "correction")) == "to be loaded"
    assert repeated("3", "correction", (second, "correction")) == "REPEATED"
    # The same file again.
    assert repeated("2", "correction", (second, "correction")) == "to be loaded"
    # During a rebuild of the history, its files are not noted yet.
    assert repeated("2", "original", None, Rebuild("copy", [], {D1: (first, "original")})) == "REPEATED"
    assert repeated("3", "original", (first, "original"), Rebuild("copy", [], {D1: (second, "correction")})) == "to be loaded"


def set_aside(found: list[tuple[int, str, str]], already_loaded: bool, aside: list[int]) -> Checked:
    """Return the file `a` with these conflicts. The same content may have been loaded before; `aside` are the lines set aside at that time."""

    class Trino:
        def rows(self, query: str) -> list[Any]:
            return [[line] for line in aside] if "quarantine" in query else found

        def scalar(self, _: str) -> int:
            return int(already_loaded)

    trino: Any = Trino()
    checked = Checked([], [])
    conflicts.set_aside(trino, Landed(file(D1, "a", POINTS), "sha", pd.DataFrame({LINE: range(2, 12)}), []), checked, "lake.staging.x")
    return checked


def test_a_row_that_tells_otherwise_than_the_loaded_one_is_set_aside_under_a_rule_of_its_own() -> None:
    checked = set_aside([(5, "points, booked_at", "another")], already_loaded=False, aside=[])
    (bad,) = checked.bad
    assert (bad.line, bad.rule, bad.reason) == (5, "entry_id: conflicts with loaded", "points, booked_at: not as loaded from another")
    (result,) = checked.results
    assert (result.rule, result.checked, result.failed) == (bad.rule, 10, 1)


def test_a_file_loaded_again_does_not_conflict_with_what_it_has_brought_itself_but_for_what_was_set_aside_then() -> None:
    own = file(D1, "a", POINTS).path
    found = [(5, "points", own), (6, "points", own), (7, "points", "another")]
    assert [bad.line for bad in set_aside(found, already_loaded=True, aside=[6]).bad] == [6, 7]
    assert [bad.line for bad in set_aside(found, already_loaded=False, aside=[]).bad] == [5, 6, 7]


@pytest.mark.parametrize(
    ("bad", "why"), [(0, None), (2, None), (3, "tolerance: 3.0% of its rows are bad, 2.0% may be; most often 'rule', 3 times")]
)
def test_conflicts_count_towards_what_a_file_may_have_of_bad_rows(bad: int, why: str | None) -> None:
    checked = Checked([], [BadRow(line, "rule", "reason") for line in range(2, 2 + bad)])
    assert why_refused(checked, dump_contracts()[POINTS], 100, 100 - bad) == why
