"""The measuring client, which runs in a container beside the stores: `python -m bench.tiers.client load redis`.

Each command prints its result as one line of JSON, and its progress to the standard error.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bench.tiers import parameters
from bench.tiers.answers import Answers, canonical, differences
from bench.tiers.export import export, progress
from bench.tiers.questions import as_json, questions
from bench.tiers.rows import Exchange
from bench.tiers.settings import TierSettings
from bench.tiers.stores.duckdb import DuckDb
from bench.tiers.stores.iceberg import Iceberg
from bench.tiers.stores.ignite import Ignite
from bench.tiers.stores.postgres import Postgres
from bench.tiers.stores.redis import Redis
from bench.tiers.stores.store import BATCH, Store, StoreAwayError
from bench.tiers.timing import ask
from tillstream.core.clients.trino import Trino
from tillstream.core.errors import TerminalError, TillstreamError
from tillstream.core.waiting import await_condition

SETTINGS = TierSettings()
EXCHANGE = Exchange(SETTINGS.folder)
STORES: dict[str, Callable[[], Any]] = {
    "redis": lambda: Redis(SETTINGS.redis),
    "ignite": lambda: Ignite(SETTINGS.ignite, SETTINGS.jars),
    "ignite_persistent": lambda: Ignite(SETTINGS.ignite_persistent, SETTINGS.jars, persistent=True),
    "postgres": lambda: Postgres(SETTINGS.postgres),
    "iceberg_fresh": lambda: Iceberg("fresh"),
    "iceberg_compacted": lambda: Iceberg("compacted"),
    "duckdb": DuckDb,
}
#: A store that reads a large log at its start answers late.
READY_SECONDS = 600


def connected(name: str) -> Any:
    """Return a store that answers. Wait for it while it starts."""
    store: Store = STORES[name]()

    def answers() -> bool:
        store.connect()
        return True

    await_condition(f"{name} to answer", answers, READY_SECONDS)
    return store


def load(name: str) -> dict[str, Any]:
    """Load a store and return the seconds, the lines, the bytes, and the files if it has any."""
    store = connected(name)
    began = time.monotonic()
    store.load(EXCHANGE)
    seconds = time.monotonic() - began
    files = {"files": store.files()} if isinstance(store, Iceberg) else {}
    return {"seconds": seconds, "lines": store.loaded(), "bytes": store.size(), **files}


def asked(name: str, seconds: float) -> dict[str, Any]:
    """Ask a store every question, keep its answers for the comparison, and return the times of each question."""
    store, drawn = connected(name), parameters.load(EXCHANGE)
    answers: Answers = {}
    times = {}
    for question in questions().values():
        rows: dict[int, Any] = {}
        choices = drawn[question.name]

        def once(number: int, question: Any = question, rows: dict[int, Any] = rows, choices: Sequence[Any] = choices) -> None:
            chosen = number % len(choices)
            rows[chosen] = store.answer(question, choices[chosen])

        times[question.name] = ask(once, seconds).summary()
        answers[question.name] = {json.dumps(as_json(choices[i])): canonical(question, answer) for i, answer in rows.items()}
        progress(f"{name}: {question.name}: {times[question.name]}")
    EXCHANGE.answers(name).write_text(json.dumps(answers), encoding="utf-8")
    return {"times": times, **({"peak_bytes": store.peak_bytes()} if isinstance(store, DuckDb) else {})}


def write(name: str, seconds: float) -> dict[str, Any]:
    """Write acknowledged batches for some seconds, or until the store is killed, and return how many rows were acknowledged.

    A lake's store is not killed: an insert is begun and abandoned in its place.
    """
    store = connected(name)
    acknowledged = 0
    began = time.monotonic()
    while (took := time.monotonic() - began) < seconds:
        try:
            store.write(acknowledged)
        except StoreAwayError as error:
            progress(f"{name}: gone: {str(error).splitlines()[0]}")
            break
        acknowledged += BATCH
    if isinstance(store, Iceberg) and not store.abandon():
        raise TerminalError("the insert that was to be abandoned has ended by itself")
    return {"acknowledged": acknowledged, "seconds": took}


def held(name: str, acknowledged: int) -> dict[str, Any]:
    """Wait for a store that was started again; return when it answered, and what it has of the acknowledged and loaded rows."""
    store = connected(name)
    return {"answered_at": time.time(), "written": store.written(acknowledged), "loaded": store.loaded()}


def compare() -> list[str]:
    """Return what differs between the answers of the stores that were asked."""
    paths = {name: EXCHANGE.answers(name) for name in STORES}
    answers = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in paths.items() if path.exists()}
    rows = {
        store: {name: {asked: [tuple(row) for row in rows] for asked, rows in of.items()} for name, of in every.items()}
        for store, every in answers.items()
    }
    return differences(questions(), rows) if rows else []


def exported(most: int, at: str) -> dict[str, Any]:
    """Export the rows, draw the parameters, and return the numbers of rows and days."""
    result = export(Trino("bench"), EXCHANGE, most, datetime.fromisoformat(at).astimezone(UTC) if at else None)
    parameters.store(EXCHANGE)
    return {"lines": result.lines, "stock": result.stock, "days": len(result.days), "until": result.until.isoformat()}


def drop() -> None:
    """Drop the tables in the lake, and their schema if nothing else is in it."""
    for kind in ("fresh", "compacted"):
        Iceberg(kind).drop()
    trino = Trino("bench")
    if not trino.rows("SELECT 1 FROM lake.information_schema.tables WHERE table_schema = 'bench'"):
        trino.rows("DROP SCHEMA IF EXISTS lake.bench")


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.tiers.client", description=__doc__)
    parser.add_argument("command", choices=("export", "load", "ask", "write", "held", "compare", "drop"))
    parser.add_argument("store", nargs="?", choices=tuple(STORES))
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--at", default="")
    options = parser.parse_args()
    commands: dict[str, Callable[[], Any]] = {
        "export": lambda: exported(options.rows, options.at),
        "load": lambda: load(options.store),
        "ask": lambda: asked(options.store, options.seconds),
        "write": lambda: write(options.store, options.seconds),
        "held": lambda: held(options.store, options.rows),
        "compare": compare,
        "drop": drop,
    }
    try:
        print(json.dumps(commands[options.command]()), flush=True)
    except TillstreamError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
