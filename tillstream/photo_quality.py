"""How much of customers' photos is read: what the ledger notes of each, against what the lake has of it."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from tillstream.queries import Trino
from tillstream.voice_quality import notes

_QUERY = """
SELECT p.event_id, p.kind, p.receipt_store, p.receipt_number, CAST(p.bought_on AS varchar), CAST(p.total_amount * 100 AS bigint), p.last_four,
  p.barcodes, p.faces, s.transaction_id
FROM lake.voice.photos p
LEFT JOIN (SELECT DISTINCT transaction_id, store_id FROM lake.sales.lines) s ON s.transaction_id = p.receipt_number AND s.store_id = p.receipt_store
"""


def photo_quality(ledger: Path, trino: Trino) -> dict[str, tuple[int, int]]:
    """For each kind of note, and for MATCHED (a receipt's real transaction was found), how many are right and how many were noted."""
    noted, counts = notes(ledger), defaultdict[str, list[int]](lambda: [0, 0])
    for event_id, kind, store, number, day, cents, four, codes, faces, matched in trino.rows(_QUERY):
        found: dict[str, Any] = {
            "KIND": kind, "STORE": store, "RECEIPT": number, "DAY": day, "TOTAL": None if cents is None else str(cents), "LAST_FOUR": four,
            "FACES": str(faces),
        }  # fmt: skip
        for what, value in noted.get(event_id, ()):
            if what == "PERSON":
                continue
            counts[what][0] += value in codes if what == "BARCODE" else found[what] == value
            counts[what][1] += 1
            if what == "RECEIPT":
                counts["MATCHED"][0] += matched == value
                counts["MATCHED"][1] += 1
    return {what: (right, of) for what, (right, of) in counts.items()}
