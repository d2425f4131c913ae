"""The ledger keeps the messages that were meant to be sent, the messages that Kafka accepted, and the progress of a run."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tillstream.core.ledger import Entry, Ledger, read_ledgers, read_notes


def entry(number: int, kind: str = "good") -> Entry:
    return Entry(kind, "pos.transactions.v1", f"event-{number}", "history", 1000 + number, 3, 599)


def test_a_message_is_in_doubt_until_it_is_acknowledged(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "tills.sqlite")
    first, second = ledger.intend([entry(1), entry(2)])
    assert [s.offset for s in read_ledgers(tmp_path)] == [None, None]
    ledger.acknowledge([(first, 0, 17)])
    sent = {s.event_id: s for s in read_ledgers(tmp_path)}
    assert (sent["event-1"].partition, sent["event-1"].offset) == (0, 17)
    assert sent["event-2"].offset is None
    assert second == first + 1
    ledger.close()


def test_a_run_cut_off_goes_on_no_later_than_its_first_message_in_doubt(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "tills.sqlite")
    assert ledger.start_run("history", "history") == 0
    ids = ledger.intend([entry(n) for n in range(10)], ("history", 10))
    ledger.acknowledge([(ident, 0, n) for n, ident in enumerate(ids[:7])])
    ledger.close()
    again = Ledger(tmp_path / "tills.sqlite")
    assert again.start_run("history", "history") <= 7
    assert not again.finished("history")
    again.finish_run("history")
    assert again.finished("history")
    again.close()


def test_the_ledger_knows_whether_today_was_begun(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "tills.sqlite")
    ledger.start_run("history", "live")
    assert not ledger.has_events_since(1000, "live")
    ledger.intend([entry(5)])
    assert ledger.has_events_since(1000, "live")
    assert not ledger.has_events_since(1006, "live")
    ledger.close()


def test_a_note_is_open_until_its_event_is_acknowledged(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "web.sqlite")
    ledger.intend([entry(9)], notes={"event-1": [("ON_ITS_WAY", "first"), ("OTHER", "stays")], "event-2": [("ON_ITS_WAY", "second")]})
    (first,) = ledger.intend([entry(1)])
    assert ledger.open_notes("ON_ITS_WAY") == ["first", "second"], "what is in doubt may not have arrived"
    ledger.acknowledge([(first, 0, 17)])
    assert ledger.open_notes("ON_ITS_WAY") == ledger.open_notes("ON_ITS_WAY") == ["second"]
    assert list(read_notes(tmp_path, "OTHER")) == [("event-1", "stays")]
    ledger.close()


def test_notes_are_written_with_their_messages_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "web.sqlite")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.intend([replace(entry(1), topic=None)], notes={"event-2": [("ON_ITS_WAY", "second")]})  # type: ignore[arg-type]
    assert ledger.open_notes("ON_ITS_WAY") == []
    ledger.close()
