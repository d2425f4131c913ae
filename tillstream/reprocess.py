"""Analyse texts and calls again with a newer model: list those it has not analysed, and save its analyses beside the older ones."""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tillstream.core.analysis_fields import READ_AGAIN
from tillstream.core.avro_types import FieldType
from tillstream.core.clients.trino import Trino
from tillstream.core.sql_templates import quoted
from tillstream.core.topology import CALLS, FEEDBACK, READINGS, table_of

log = logging.getLogger(__name__)

#: Analyses in one INSERT. One is about 1.2 KB of SQL, and Trino accepts a statement of up to a million characters.
AT_ONCE = 500
_REPORT_SECONDS = 10.0
_COLUMNS = ("event_id", "day", "kind", "model", *(field.name for field in READ_AGAIN))
_WHAT_CAME = " UNION ALL ".join(
    f"SELECT '{kind}' AS kind, event_id, text, model, event_time FROM {table_of(topic)}"
    for kind, topic in (("TEXT", FEEDBACK), ("CALL", CALLS))
)


def list_pending(trino: Trino, model: str) -> Iterator[dict[str, str]]:
    """Yield the texts and calls that this model has not analysed, without personal data, newest day first.

    Each is a dictionary with `kind` (TEXT or CALL), `event_id`, `day` (ISO date, UTC) and `text`.
    """
    not_read = (
        f"FROM ({_WHAT_CAME}) WHERE model <> '{quoted(model)}' "
        f"AND event_id NOT IN (SELECT event_id FROM {READINGS} WHERE model = '{quoted(model)}')"
    )
    for (day,) in trino.rows(f"SELECT DISTINCT CAST(event_time AT TIME ZONE 'UTC' AS date) {not_read} ORDER BY 1 DESC"):
        of_day = f"AND event_time >= TIMESTAMP '{day} 00:00:00 UTC' AND event_time < TIMESTAMP '{day} 00:00:00 UTC' + INTERVAL '1' DAY"
        for kind, event_id, text in trino.rows(f"SELECT kind, event_id, text {not_read} {of_day} ORDER BY event_time DESC"):
            yield {"kind": kind, "event_id": event_id, "day": str(day), "text": text}


def save(trino: Trino, lines: Iterable[str]) -> tuple[int, Counter[str]]:
    """Save analyses, AT_ONCE at a time, and log the progress.

    Args:
        trino: the connection to write through.
        lines: JSON objects, one per text or call, as `tillstream jobs reprocess` prints them.

    Returns:
        How many were saved, and how many could not be analysed, by the kind of the reason.
    """
    kept, aside, held, told = 0, Counter[str](), list[dict[str, Any]](), time.monotonic()
    for line in lines:
        reading = json.loads(line)
        if reading["set_aside"]:
            aside[reading["set_aside"].split(":")[0]] += 1
            continue
        held.append(reading)
        if len(held) == AT_ONCE:
            _write(trino, held)
            kept, held = kept + len(held), []
        if time.monotonic() - told >= _REPORT_SECONDS:
            told = time.monotonic()
            log.info("%s texts and calls analysed again", f"{kept + len(held):,}")
    if held:
        _write(trino, held)
    return kept + len(held), aside


def _write(trino: Trino, readings: list[dict[str, Any]]) -> None:
    """Insert the analyses that are not there yet: an earlier run that was interrupted may have written some of them."""
    columns = ", ".join(_COLUMNS)
    trino.rows(
        f"INSERT INTO {READINGS} ({columns}, read_at) SELECT {columns}, current_timestamp "
        f"FROM (VALUES {', '.join(_row(reading) for reading in readings)}) AS r ({columns}) "
        f"WHERE NOT EXISTS (SELECT 1 FROM {READINGS} k WHERE k.event_id = r.event_id AND k.model = r.model)"
    )


def _row(reading: dict[str, Any]) -> str:
    values = ", ".join(_literal(reading[field.name], field.type) for field in READ_AGAIN)
    return f"({_text(reading['event_id'])}, DATE '{reading['day']}', {_text(reading['kind'])}, {_text(reading['model'])}, {values})"


def _literal(value: Any, of: FieldType) -> str:
    """Return a value of a reading in Trino's SQL."""
    if value is None:
        literal = "null"
    elif of.items:
        literal = f"ARRAY[{', '.join(_plain(item, of.items.kind) for item in value)}]"
    else:
        literal = _plain(value, of.kind)
    return f"CAST({literal} AS {of.trino})"


def _plain(value: Any, kind: str) -> str:
    """Return a literal of nearly the type; bytes come as hexadecimal digits."""
    match kind:
        case "string":
            return _text(value)
        case "bytes":
            return f"X'{value}'"
        case "long":
            return f"BIGINT '{value}'"
        case _:
            return str(value)


def _text(value: str) -> str:
    return f"VARCHAR '{quoted(value)}'"
