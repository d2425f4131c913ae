"""Limits of the jobs' Avro decoder: lengths of texts and lists, false claims in a message, and the values that a reason may quote."""

import copy
import json
import time
from typing import Any

import pytest

from tests.fuzz.avro.decoder import Decoder, framed
from tests.fuzz.avro.messages import NOW, basket, encoded, feedback, line, plain
from tests.integration.decoding import BASKETS, FEEDBACK, GOOD, OWN, changed, one
from tillstream.core.contracts import contracts


def with_text(text: bytes) -> bytes:
    """Return an encoded basket whose store_id is these bytes, even if they are not valid UTF-8."""
    document = changed("store_id", "bytes")
    return framed(OWN, encoded(document, basket(store_id=text)))


@pytest.mark.parametrize(
    "text",
    [
        b"\xe9",
        b"caf\xe9",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"\xf4\x90\x80\x80",
        b"\xe2\x82",
        b"\xff\xfe",
        b"a\0b",
        b"\x80",
        b"\xf0\x80\x80\x80",
    ],
)
def test_a_text_that_is_not_utf_8_is_a_dead_letter(decoder: Decoder, text: bytes) -> None:
    assert one(decoder, with_text(text)).kind == "IMPOSSIBLE_VALUE"


@pytest.mark.parametrize("text", ["é", "€", "𐍈", "\U0010ffff", "\u07ff\u0800\ud7ff\ue000\uffff\U00010000"])
def test_a_text_in_utf_8_is_what_it_is(decoder: Decoder, text: str) -> None:
    row = one(decoder, with_text(text.encode())).row
    assert row
    assert row["store_id"] == text


@pytest.mark.parametrize(
    "record",
    [
        basket(store_id="s" * 65),
        basket(store_id="s" * 600_000),
        basket(customer_id="c" * 65),
        basket(lines=[line(product_id="é" * 65)]),
        basket(lines=[line()] * 10_001),
    ],
    ids=["a character too long", "600 KB", "one that may be missing", "in a line", "a line too many"],
)
def test_a_text_or_a_list_that_is_too_long_is_a_dead_letter(decoder: Decoder, record: dict[str, Any]) -> None:
    decoded = one(decoder, framed(OWN, encoded(BASKETS.document, record)))
    assert decoded.kind == "IMPOSSIBLE_VALUE"
    assert len(decoded.reason or "") < 200


def test_a_text_and_a_list_of_the_longest_length_are_read(decoder: Decoder) -> None:
    row = one(decoder, framed(OWN, encoded(BASKETS.document, basket(store_id="🛒" * 64, lines=[line()] * 10_000)))).row
    assert row
    assert row["store_id"] == "🛒" * 64
    assert len(row["lines"]) == 10_000


@pytest.mark.parametrize("kind", [["null", "string"], ["string", "null"], "string", "bytes"])
def test_an_empty_text_is_none_where_the_contract_allows_none(decoder: Decoder, kind: Any) -> None:
    document = changed("customer_id", kind)
    (field,) = [field for field in document["fields"] if field["name"] == "customer_id"]
    del field["default"]
    decoder.registry_has(30, document)
    row = one(decoder, framed(30, encoded(document, basket(customer_id=b"" if kind == "bytes" else "")))).row
    assert row
    assert row["customer_id"] is None
    assert one(decoder, framed(OWN, encoded(BASKETS.document, basket(store_id="")))).kind == "IMPOSSIBLE_VALUE"


@pytest.mark.parametrize(("days", "kind"), [(399, ""), (401, "IMPOSSIBLE_VALUE"), (9000, "IMPOSSIBLE_VALUE")])
def test_an_event_of_more_than_400_days_ago_is_a_dead_letter(decoder: Decoder, days: int, kind: str) -> None:
    moment = NOW + (1 - days) * 86_400_000_000
    decoded = one(decoder, framed(OWN, encoded(BASKETS.document, basket(event_time=moment))))
    assert decoded.kind == kind
    assert kind == "" or "event_time is more than 400 days ago: 20" in (decoded.reason or "")


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-29", "01.01.2026", "abcdefghij", "-026-01-01", "\uff12026-01-01"])
def test_a_day_that_is_none_is_a_dead_letter(jvm: Decoder, day: str) -> None:
    contract = contracts()["inventory.movements.v1"]
    jvm.read_by(contract)
    jvm.registry_has(OWN, contract.text)
    record = {
        "movement_id": "test",
        "store_id": "367",
        "product_id": "1",
        "kind": "COUNT",
        "units": 1,
        "occurred_at": NOW,
        "published_at": NOW,
    }
    good, bad = (framed(OWN, encoded(contract.document, {**record, "business_date": written})) for written in ("2028-02-29", day))
    assert one(jvm, good).row
    assert one(jvm, bad).kind == "IMPOSSIBLE_VALUE"


# --- lengths and counts that a message claims -------------------------------------------------------------------------------------------


def test_a_message_without_a_value_is_a_dead_letter_of_its_own_kind(decoder: Decoder) -> None:
    decoded = one(decoder, None)
    assert decoded.reason == "TOMBSTONE: the message has no value"
    assert decoded.raw == b""


def long(value: int) -> bytes:
    """Return a long as Avro writes it."""
    return encoded("long", value)


UP_TO_LINES = encoded({**BASKETS.document, "fields": BASKETS.document["fields"][:-1]}, {k: v for k, v in basket().items() if k != "lines"})
CLAIMS = {
    "a text of 1.9 GB": long(1_900_000_000),
    "a text of a negative length": long(-1),
    "a text of the longest length": long(2**63 - 1),
    "a number that does not end": b"\xff" * 60,
    "a list of 2^31 lines": UP_TO_LINES + long(2**31),
    "a list of 2^63-1 lines": UP_TO_LINES + long(2**63 - 1),
    "a block of -2^63 lines": UP_TO_LINES + long(-(2**63)) + long(5),
    "a block of a negative size": UP_TO_LINES + long(-1) + long(-5),
    "a block larger than the message": UP_TO_LINES + long(-1) + long(10**9),
    "empty blocks without end": UP_TO_LINES + (long(-1) + long(0)) * 300_000,
    "nothing after the header": b"",
}


@pytest.mark.parametrize("what", CLAIMS)
def test_a_claim_is_not_believed(decoder: Decoder, what: str) -> None:
    decoded = one(decoder, framed(OWN, CLAIMS[what]))
    assert decoded.kind in {"UNDECODABLE", "UNFRAMED", "IMPOSSIBLE_VALUE"}
    assert decoded.allocated < 4_000_000
    assert decoded.micros < 1_000_000


def wide(depth: int) -> dict[str, Any]:
    """Return the schema of records nested to this depth, each with two records as fields: 2^depth values that take no byte."""
    kind: Any = {"type": "record", "name": "Z", "fields": []}
    for level in range(depth):
        kind = {"type": "record", "name": f"N{level}", "fields": [{"name": "a", "type": kind}, {"name": "b", "type": kind["name"]}]}
    found: dict[str, Any] = kind
    return found


WORK: dict[str, tuple[Any, bytes]] = {
    "2^60 nulls": ({"type": "array", "items": "null"}, long(2**60) + long(0)),
    "2^60 empty records": ({"type": "array", "items": {"type": "record", "name": "E", "fields": []}}, long(2**60) + long(0)),
    "2^40 fixed of no byte": ({"type": "array", "items": {"type": "fixed", "name": "E", "size": 0}}, long(2**40) + long(0)),
    "2^50 records in records": (wide(50), b""),
    "a map of 2^62 entries": ({"type": "map", "values": "null"}, long(2**62) + long(0) * 100),
    "lists in lists, each of a billion": (json.loads('{"type":"array","items":' * 12 + '"null"' + "}" * 12), long(10**9) * 12),
    "nested without end": ({"type": "record", "name": "R", "fields": [{"name": "r", "type": ["null", "R"]}]}, long(1) * 500_000),
}


@pytest.mark.parametrize("what", WORK)
def test_what_takes_no_bytes_takes_no_time_either(decoder: Decoder, what: str) -> None:
    schema, value = WORK[what]
    document = copy.deepcopy(BASKETS.document)
    document["fields"].insert(0, {"name": "extra", "type": schema})
    decoder.registry_has(21, document)
    started = time.monotonic()
    decoded = one(decoder, framed(21, value + GOOD[5:]))
    assert decoded.kind == "UNDECODABLE"
    assert decoded.allocated < 4_000_000
    assert time.monotonic() - started < 10


def test_a_bad_message_of_more_than_a_mebibyte_is_cut_and_says_so(decoder: Decoder) -> None:
    decoded = one(decoder, b"x" * 5_000_000)
    assert decoded.kind == "UNFRAMED"
    assert decoded.raw == b"x" * 2**20
    assert (decoded.reason or "").endswith("its first 1048576 of 5000000 bytes are kept")


# --- values that a reason quotes ---------------------------------------------------------------------------------------------------------


def test_a_reason_quotes_nothing_of_what_customers_write(jvm: Decoder) -> None:
    jvm.read_by(FEEDBACK)
    jvm.registry_has(OWN, FEEDBACK.text)
    said = feedback()
    swapped = [
        feedback(channel=said["text"]),
        feedback(rating=77),
        feedback(event_time=9_000_000_000_000_000),
        feedback(event_id="jane@example.com"),
    ]
    for record in swapped:
        decoded = one(jvm, framed(OWN, encoded(FEEDBACK.document, record)))
        assert decoded.kind == "IMPOSSIBLE_VALUE"
        for word in ("milk", "77", "9000", "2255", "jane"):
            assert word not in (decoded.reason or "")


def test_a_reason_quotes_a_till(decoder: Decoder) -> None:
    decoded = one(decoder, framed(OWN, encoded(BASKETS.document, basket(currency="XXX"))))
    assert decoded.reason == "IMPOSSIBLE_VALUE: currency is 'XXX', not one of [USD]"
    decoded = one(decoder, framed(OWN, encoded(BASKETS.document, basket(lines=[line(quantity=-(10**9))]))))
    assert decoded.reason == "IMPOSSIBLE_VALUE: lines[0].quantity is -1000000000, outside -1000000 to 1000000"


def test_a_reason_names_the_one_bound_that_there_is(jvm: Decoder) -> None:
    contract = contracts()["web.events.v1"]
    jvm.read_by(contract)
    jvm.registry_has(OWN, contract.text)
    click = {"event_id": "e" * 36, "run_id": "test", "session_id": "s", "event_type": "SEARCH", "device": "PHONE", "event_time": NOW}
    nothing = dict.fromkeys(("customer_id", "product_id", "search_terms", "quantity", "order_id", "promised_at"))
    decoded = one(jvm, framed(OWN, encoded(contract.document, {**click, **nothing, "result_count": -1})))
    assert decoded.reason == "IMPOSSIBLE_VALUE: result_count is below 0"


def test_the_schema_without_logical_types_is_for_encoding_only() -> None:
    assert "logicalType" not in json.dumps(plain(BASKETS.document))
