"""The producers' ledger: every message they intended to send, and its partition and offset. Each producer has one SQLite file.

A producer records a message before it gives it to Kafka, and marks it when Kafka has acknowledged it. If the producer dies in between, the
message is in doubt: it may be in Kafka or not. `make verify` accepts both, but at most one copy.
"""

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

#: GOOD: kinds of message whose event must be in the lake. DUPLICATE: a second copy of such a message. BAD: kinds that must be in the dead letters.
GOOD = ("good", "late", "out_of_order")
DUPLICATE = "duplicate"
BAD = ("future", "wrong_schema", "truncated", "junk", "impossible", "empty", "huge", "mojibake", "foreign", "half", "bomb", "enormous")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  topic TEXT NOT NULL,
  event_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  minute INTEGER NOT NULL,  -- of the event, minutes since the epoch
  lines INTEGER NOT NULL,
  cents INTEGER NOT NULL,
  partition INTEGER,        -- null until Kafka has acknowledged it
  offset INTEGER
);
CREATE TABLE IF NOT EXISTS runs (run_id TEXT PRIMARY KEY, kind TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT, position INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS notes (event_id TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL);  -- of a text: its intended meaning and its personal data
CREATE VIEW IF NOT EXISTS per_minute AS
SELECT topic, minute, kind, count(*) AS events, sum(lines) AS lines, sum(cents) AS cents, count(offset) AS acknowledged
FROM messages GROUP BY topic, minute, kind;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message to record.

    Attributes:
        kind: one of GOOD, DUPLICATE or BAD.
        topic: where it is sent to.
        event_id: of its event.
        run_id: of the producer's run.
        minute: of the event, since 1970.
        lines: how many lines its basket has; 0 for a message without a basket.
        cents: the net amount of its basket; 0 for a message without a basket.
    """

    kind: str
    topic: str
    event_id: str
    run_id: str
    minute: int
    lines: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A recorded message. Partition and offset are None while it is in doubt."""

    kind: str
    topic: str
    event_id: str
    run_id: str
    minute: int
    lines: int
    cents: int
    partition: int | None
    offset: int | None


Notes = Mapping[str, Iterable[tuple[str, str]]]
"""Facts about events, by event id: pairs of kind and value."""


def _insert_notes(db: sqlite3.Connection, notes: Notes) -> None:
    rows = [(event_id, *note) for event_id, noted in notes.items() for note in noted]
    db.executemany("INSERT INTO notes (event_id, kind, value) VALUES (?, ?, ?)", rows)


class Ledger:
    """The ledger of one producer. One process writes the file; any number of processes may read it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # WAL: verify can read while the producer writes. FULL: a committed entry survives a power cut.
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def note(self, notes: Notes) -> None:
        """Record facts about events. One fact is the personal data in a text: it proves that redaction finds it."""
        with self._transaction() as db:
            _insert_notes(db, notes)

    def open_notes(self, kind: str) -> list[str]:
        """Return the values of the notes of this kind whose event Kafka has not acknowledged, oldest first, and delete the other notes.

        A note ends with the same write that acknowledges its event. So a process killed at any moment leaves the note or an acknowledged event.
        """
        acknowledged = (
            "SELECT event_id FROM messages WHERE offset IS NOT NULL AND event_id IN (SELECT event_id FROM notes WHERE kind = :kind)"
        )
        with self._transaction() as db:
            db.execute(f"DELETE FROM notes WHERE kind = :kind AND event_id IN ({acknowledged})", {"kind": kind})
            return [str(value) for (value,) in db.execute("SELECT value FROM notes WHERE kind = ? ORDER BY rowid", (kind,))]

    def intend(self, entries: list[Entry], position: tuple[str, int] | None = None, notes: Notes | None = None) -> list[int]:
        """Record the messages that are about to be sent, with the run's position and notes, in one transaction. All is on disk when this returns.

        Args:
            entries: the messages.
            position: the run's id and its new position; None keeps the position.
            notes: facts about events that are sent later.

        Returns:
            The id of each entry, in their order.
        """
        with self._transaction() as db:
            _insert_notes(db, notes or {})
            first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM messages").fetchone()[0]
            db.executemany(
                "INSERT INTO messages (id, kind, topic, event_id, run_id, minute, lines, cents) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((first + i, e.kind, e.topic, e.event_id, e.run_id, e.minute, e.lines, e.cents) for i, e in enumerate(entries)),
            )
            if position:
                db.execute("UPDATE runs SET position = ? WHERE run_id = ?", (position[1], position[0]))
        return list(range(first, first + len(entries)))

    def acknowledge(self, places: Iterable[tuple[int, int, int]]) -> None:
        """Mark messages as acknowledged by Kafka: the entry's id, the partition and the offset of each."""
        with self._transaction() as db:
            db.executemany("UPDATE messages SET partition = ?, offset = ? WHERE id = ?", ((p, o, i) for i, p, o in places))

    def start_run(self, run_id: str, kind: str) -> int:
        """Start a run or continue an interrupted one, and return the position to continue from."""
        self._db.execute(
            "INSERT OR IGNORE INTO runs (run_id, kind, started_at) VALUES (?, ?, ?)", (run_id, kind, datetime.now(tz=UTC).isoformat())
        )
        position, in_doubt = self._db.execute(
            "SELECT position, (SELECT count(*) FROM messages m WHERE m.run_id = r.run_id AND m.offset IS NULL) FROM runs r WHERE run_id = ?",
            (run_id,),
        ).fetchone()
        # Sending messages in doubt again is safe: their ids are the same, and the sales job drops the second copy.
        return max(0, int(position) - int(in_doubt)) if in_doubt else int(position)

    def finish_run(self, run_id: str) -> None:
        """Record that the run is complete."""
        self._db.execute("UPDATE runs SET finished_at = ? WHERE run_id = ?", (datetime.now(tz=UTC).isoformat(), run_id))

    def finished(self, run_id: str) -> bool:
        """Return whether the run is complete."""
        row = self._db.execute("SELECT finished_at IS NOT NULL FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        return bool(row and row[0])

    def has_events_since(self, minute: int, run_kind: str) -> bool:
        """Return whether a run of this kind has recorded an event of this minute or a later one; the minute is since 1970."""
        query = "SELECT EXISTS (SELECT 1 FROM messages m JOIN runs r USING (run_id) WHERE r.kind = ? AND m.minute >= ?)"
        return bool(self._db.execute(query, (run_kind, minute)).fetchone()[0])


def read_ledgers(directory: Path) -> Iterator[Sent]:
    """Yield every message of every producer's ledger, as it is now."""
    for path in sorted(directory.glob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            for kind, topic, event_id, run_id, *figures in db.execute(
                "SELECT kind, topic, event_id, run_id, minute, lines, cents, partition, offset FROM messages"
            ):
                # Intern the strings to save memory: verify holds the same event ids from the lake and from Kafka too.
                yield Sent(sys.intern(kind), sys.intern(topic), sys.intern(event_id), sys.intern(run_id), *figures)


def read_notes(directory: Path, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the event id and the value of each note of a kind, from every producer's ledger."""
    for path in sorted(directory.glob("*.sqlite")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            for event_id, value in db.execute("SELECT event_id, value FROM notes WHERE kind = ?", (kind,)):
                yield str(event_id), sys.intern(str(value))
