"""Finds what customers wrote by its meaning: first by the sketches, in Trino, then by the vectors of what is left."""

from typing import Any

import numpy as np

from tillstream.queries import Trino

#: So many of the nearest by their sketches are compared by their vectors. 400 hold nearly all of the 20 nearest of 100,000 (bench/README.md), but
#: many say the same in the same words.
CANDIDATES = 2000
#: The length of a packed vector.
LENGTH = 127
COLUMNS = ["nearness", "event_time", "store_id", "sentiment", "text", "event_id"]


def search(trino: Trino, vector: bytes, sketch: list[int], most: int, table: str = "lake.voice.feedback") -> list[list[Any]]:
    """The texts that are nearest to a sentence, the nearest first: rows of COLUMNS, nearness a cosine from -1 to 1. Of those in the same words one is given."""
    bits = " + ".join(f"bit_count(bitwise_xor(sketch[{i}], BIGINT '{number}'), 64)" for i, number in enumerate(sketch, 1))
    # One scan: to look the nearest up by their ids in a second one takes twice as long.
    rows = trino.rows(
        f"SELECT event_time, store_id, sentiment, text, event_id, embedding FROM {table} "
        f"WHERE sketch IS NOT NULL AND duplicate_of IS NULL ORDER BY {bits}, event_id LIMIT {CANDIDATES}"
    )
    if not rows:
        return []
    wanted = np.frombuffer(vector, np.int8).astype(np.float32)
    known = np.stack([np.frombuffer(row[-1], np.int8) for row in rows]).astype(np.float32)
    nearness = known @ wanted / LENGTH**2
    found: dict[str, list[Any]] = {}
    for i in np.argsort(-nearness, kind="stable"):
        found.setdefault(rows[i][3], [round(float(nearness[i]), 3), *rows[i][:-1]])
    return list(found.values())[:most]
