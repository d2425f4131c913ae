"""Measure how much of customers' photos is read correctly: compare the lake's values with those in the ledger."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from producers.quality.texts import notes
from tillstream.core.clients.trino import Trino
from tillstream.core.topology import PHOTOS, table_of

_QUERY = f"""
SELECT p.event_id, p.kind, p.receipt_store, p.receipt_number, CAST(p.bought_on AS varchar), CAST(p.total_amount * 100 AS bigint), p.last_four,
  p.barcodes, p.faces, s.receipt_number, a.duplicate_of
FROM {table_of(PHOTOS)} p
LEFT JOIN lake.live.receipt_photos s ON s.event_id = p.event_id AND s.matched
LEFT JOIN lake.live.photos_alike a ON a.event_id = p.event_id
WHERE p.event_time >= current_timestamp - INTERVAL '1' DAY
"""


def photo_quality(ledger: Path, trino: Trino) -> dict[str, tuple[int, int]]:
    """Return for each kind of note of the last day's photos how many are right, and how many there are.

    MATCHED: the transaction of a receipt was found, to the cent. REPEATS: a photo was recognised as a copy of an earlier one. ALONE: a photo
    was recognised as new.
    """
    noted, counts = notes(ledger), defaultdict[str, list[int]](lambda: [0, 0])
    for event_id, kind, store, number, day, cents, four, codes, faces, matched, duplicate_of in trino.rows(_QUERY):
        read: dict[str, Any] = {
            "KIND": kind, "STORE": store, "RECEIPT": number, "DAY": day, "TOTAL": None if cents is None else str(cents), "LAST_FOUR": four,
            "FACES": str(faces),
        }  # fmt: skip
        expected = dict(noted.get(event_id, ()))
        right = {what: read[what] == value for what, value in expected.items() if what in read}
        if "BARCODE" in expected:
            right["BARCODE"] = expected["BARCODE"] in codes
        if "RECEIPT" in expected:
            right["MATCHED"] = matched == expected["RECEIPT"]
        if "REPEATS" in expected:
            right["REPEATS"] = duplicate_of is not None
        elif expected:
            right["ALONE"] = duplicate_of is None
        for what, is_right in right.items():
            counts[what][0] += is_right
            counts[what][1] += 1
    return {what: (right, of) for what, (right, of) in counts.items()}
