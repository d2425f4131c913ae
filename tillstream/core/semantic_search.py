"""Search customers' texts by meaning: Trino selects candidates by their sketches, then the vectors of the candidates are compared."""

from typing import Any

import numpy as np

from tillstream.core.analysis_fields import VECTOR_LENGTH
from tillstream.core.clients.trino import Trino
from tillstream.core.topology import FEEDBACK, table_of

#: How many candidates are compared by their vectors. 400 include nearly all of the nearest texts (docs/decisions/0014-voice.md). The second
#: number is used only where too many candidates have the same wording.
CANDIDATES = (400, 4000)
COLUMNS = ["nearness", "event_time", "store_id", "sentiment", "text", "event_id"]


def search(trino: Trino, vector: bytes, sketch: list[int], most: int) -> list[list[Any]]:
    """Return the texts that are nearest in meaning to a sentence, nearest first, one per wording.

    Args:
        trino: the connection to query.
        vector: the sentence's packed vector: 384 signed bytes of length VECTOR_LENGTH.
        sketch: the signs of the vector's dimensions, 64 per number.
        most: how many texts to return at most.

    Returns:
        Rows of COLUMNS. The nearness is a cosine from -1 to 1.
    """
    nearest: list[list[Any]] = []
    for candidates in CANDIDATES:
        rows = _nearest_sketches(trino, sketch, candidates)
        nearest = _nearest(rows, vector)
        if len(nearest) >= most or len(rows) < candidates:
            break
    return nearest[:most]


def _nearest_sketches(trino: Trino, sketch: list[int], candidates: int) -> list[list[Any]]:
    """Return the texts whose sketches differ in the fewest bits: COLUMNS without the nearness, then the packed vector."""
    # Pass the numbers as a row, not as constants: with constants Trino compiles new code for each sentence.
    numbers = ", ".join(f"ARRAY[BIGINT '{number}']" for number in sketch)
    names = [f"w{i}" for i in range(1, len(sketch) + 1)]
    bits = " + ".join(f"bit_count(bitwise_xor(sketch[{i}], {name}), 64)" for i, name in enumerate(names, 1))
    # One scan: a second scan that looks up the nearest by id takes twice as long.
    return trino.rows(
        f"SELECT event_time, store_id, sentiment, text, event_id, embedding FROM {table_of(FEEDBACK)} "
        f"CROSS JOIN UNNEST({numbers}) AS wanted ({', '.join(names)}) "
        f"WHERE sketch IS NOT NULL AND duplicate_of IS NULL ORDER BY {bits}, event_id LIMIT {candidates}"
    )


def _nearest(rows: list[list[Any]], vector: bytes) -> list[list[Any]]:
    """Return rows of COLUMNS, nearest first, one per wording."""
    if not rows:
        return []
    vectors = np.stack([np.frombuffer(row[-1], np.int8) for row in rows]).astype(np.float32)
    nearness = vectors @ np.frombuffer(vector, np.int8).astype(np.float32) / VECTOR_LENGTH**2
    by_wording: dict[str, list[Any]] = {}
    for i in np.argsort(-nearness, kind="stable"):
        by_wording.setdefault(rows[i][3], [round(float(nearness[i]), 3), *rows[i][:-1]])
    return list(by_wording.values())
