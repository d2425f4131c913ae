"""Helpers for the tests of the decoder: contracts, a valid basket, and a function that decodes one message."""

import copy
from typing import Any

from tests.fuzz.avro.decoder import Decoded, Decoder, framed
from tests.fuzz.avro.messages import basket, encoded
from tillstream.core.contracts import contracts

BASKETS = contracts()["pos.transactions.v1"]
FEEDBACK = contracts()["voice.feedback.v1"]
OWN = 7
GOOD = framed(OWN, encoded(BASKETS.document, basket()))


def one(decoder: Decoder, message: bytes | None) -> Decoded:
    """Decode one message, which must not raise."""
    (decoded,) = decoder.decode(message)
    assert decoded.thrown is None
    return decoded


def changed(path: str, kind: Any) -> dict[str, Any]:
    """Return the schema of baskets with another type for the field at a path such as lines.net_amount."""
    document = copy.deepcopy(BASKETS.document)
    fields = document["fields"]
    *outer, name = path.split(".")
    for step in outer:
        (fields,) = [field["type"]["items"]["fields"] for field in fields if field["name"] == step]
    (field,) = [field for field in fields if field["name"] == name]
    field["type"] = kind
    return document
