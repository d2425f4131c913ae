"""Finds what customers wrote by its meaning: first by the sketches, in Trino, then by the vectors of what is left."""

from typing import Any

import numpy as np

from tillstream.core.clients.trino import Trino

#: So many of the nearest by their sketches are compared by their vectors: 400 hold nearly all of the nearest (decision 14). More only where
#: too many of them say the same in the same words.
CANDIDATES = (400, 4000)
#: The length of a packed vector.
LENGTH = 127
COLUMNS = ["nearness", "event_time", "store_id", "sentiment", "text", "event_id"]


def search(trino: Trino, vector: bytes, sketch: list[int], most: int) -> list[list[Any]]:
    """The texts that are nearest to a sentence, the nearest first: rows of COLUMNS, nearness a cosine from -1 to 1. Of those in the same words one is given."""
    found: list[list[Any]] = []
    for candidates in CANDIDATES:
        rows = _nearest_sketches(trino, sketch, candidates)
        found = _nearest(rows, vector)
        if len(found) >= most or len(rows) < candidates:
            break
    return found[:most]


def _nearest_sketches(trino: Trino, sketch: list[int], candidates: int) -> list[list[Any]]:
    """COLUMNS without the nearness, and the packed vector, of those whose sketches differ in the fewest bits."""
    # The numbers come as a row, not as constants: else Trino compiles code of its own for each sentence, and runs it cold.
    numbers = ", ".join(f"ARRAY[BIGINT '{number}']" for number in sketch)
    names = [f"w{i}" for i in range(1, len(sketch) + 1)]
    bits = " + ".join(f"bit_count(bitwise_xor(sketch[{i}], {name}), 64)" for i, name in enumerate(names, 1))
    # One scan: to look the nearest up by their ids in a second one takes twice as long.
    return trino.rows(
        "SELECT event_time, store_id, sentiment, text, event_id, embedding FROM lake.voice.feedback "
        f"CROSS JOIN UNNEST({numbers}) AS wanted ({', '.join(names)}) "
        f"WHERE sketch IS NOT NULL AND duplicate_of IS NULL ORDER BY {bits}, event_id LIMIT {candidates}"
    )


def _nearest(rows: list[list[Any]], vector: bytes) -> list[list[Any]]:
    """Rows of COLUMNS, the nearest first, one of each wording."""
    if not rows:
        return []
    known = np.stack([np.frombuffer(row[-1], np.int8) for row in rows]).astype(np.float32)
    nearness = known @ np.frombuffer(vector, np.int8).astype(np.float32) / LENGTH**2
    found: dict[str, list[Any]] = {}
    for i in np.argsort(-nearness, kind="stable"):
        found.setdefault(rows[i][3], [round(float(nearness[i]), 3), *rows[i][:-1]])
    return list(found.values())
