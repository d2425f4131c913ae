"""How much of customers' photos is read: what the ledger notes of each, against what the lake has of it."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from producers.quality.texts import notes
from tillstream.core.clients.trino import Trino

_QUERY = """
SELECT p.event_id, p.kind, p.receipt_store, p.receipt_number, CAST(p.bought_on AS varchar), CAST(p.total_amount * 100 AS bigint), p.last_four,
  p.barcodes, p.faces, s.receipt_number, a.duplicate_of
FROM lake.voice.photos p
LEFT JOIN lake.live.receipt_photos s ON s.event_id = p.event_id AND s.matched
LEFT JOIN lake.live.photos_alike a ON a.event_id = p.event_id
WHERE p.event_time >= current_timestamp - INTERVAL '1' DAY
"""


def photo_quality(ledger: Path, trino: Trino) -> dict[str, tuple[int, int]]:
    """For each kind of note of the last day's photos how many are right and how many were noted.

    MATCHED: a receipt's real transaction was found, to the cent. REPEATS: it was seen that a photo is an earlier one. ALONE: that it is none.
    """
    noted, counts = notes(ledger), defaultdict[str, list[int]](lambda: [0, 0])
    for event_id, kind, store, number, day, cents, four, codes, faces, matched, duplicate_of in trino.rows(_QUERY):
        found: dict[str, Any] = {
            "KIND": kind, "STORE": store, "RECEIPT": number, "DAY": day, "TOTAL": None if cents is None else str(cents), "LAST_FOUR": four,
            "FACES": str(faces),
        }  # fmt: skip
        notes_of_it = dict(noted.get(event_id, ()))
        right = {what: found[what] == value for what, value in notes_of_it.items() if what in found}
        if "BARCODE" in notes_of_it:
            right["BARCODE"] = notes_of_it["BARCODE"] in codes
        if "RECEIPT" in notes_of_it:
            right["MATCHED"] = matched == notes_of_it["RECEIPT"]
        if "REPEATS" in notes_of_it:
            right["REPEATS"] = duplicate_of is not None
        elif notes_of_it:
            right["ALONE"] = duplicate_of is None
        for what, is_right in right.items():
            counts[what][0] += is_right
            counts[what][1] += 1
    return {what: (right, of) for what, (right, of) in counts.items()}
