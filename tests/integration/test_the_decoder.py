"""The decoder of the stream door, in a JVM of its own with a registry of its own: nothing that a message can hold stops it."""

import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from producers.codec import money
from tests.fuzz.avro.decoder import Decoded, Decoder, framed
from tests.fuzz.avro.messages import NOW, basket, encoded, feedback, line, plain
from tillstream.contracts import contracts

BASKETS = contracts()["pos.transactions.v1"]
FEEDBACK = contracts()["voice.feedback.v1"]
OWN = 7
GOOD = framed(OWN, encoded(BASKETS.document, basket()))


@pytest.fixture(scope="module")
def jvm() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


@pytest.fixture
def decoder(jvm: Decoder) -> Decoder:
    """Of baskets, with nothing remembered, and the contract's own schema under the id OWN."""
    jvm.read_by(BASKETS)
    jvm.registry_has(OWN, BASKETS.text)
    return jvm


def one(decoder: Decoder, message: bytes | None) -> Decoded:
    (decoded,) = decoder.decode(message)
    assert decoded.thrown is None
    return decoded


def test_a_good_basket_is_a_row_to_the_cent(decoder: Decoder) -> None:
    row = one(decoder, GOOD).row
    assert row
    assert row["total_amount"] == "12.34"
    assert row["lines"][0]["net_amount"] == "12.34"
    assert row["event_time"] == basket()["event_time"]
    assert row["customer_id"] is None


# --- K4: what is registered under an id -----------------------------------------------------------------------------------------------

NOT_AVRO = {
    "a JSON Schema": {"schema": '{"type":"object"}', "schemaType": "JSON"},
    "Protobuf": {"schema": 'syntax = "proto3"; message Basket { string id = 1; }', "schemaType": "PROTOBUF"},
    "a JSON Schema that does not say so": {"schema": '{"type":"object","properties":{}}'},
    "broken": {"schema": '{"type":"record","name":"Transaction","fields":[{"name":"event_id"'},
    "a record without a name": {"schema": '{"type":"record","fields":[]}'},
    "nothing": {"schema": ""},
    "an answer without a schema": {},
    "a schema that is no text": {"schema": {"type": "string"}},
    "nested deeper than a parser can follow": {"schema": '{"type":"array","items":' * 20_000 + '"int"' + "}" * 20_000},
    "of more than a megabyte": {"schema": json.dumps({"type": "string", "doc": "x" * 1_100_000})},
    "a text": {"schema": '"string"'},
    "a union": {"schema": json.dumps(["null", BASKETS.document])},
    "an enum": {"schema": '{"type":"enum","name":"Transaction","namespace":"tillstream.pos.v1","symbols":["A"]}'},
    "another contract's": {"schema": FEEDBACK.text},
    "of a reference to itself": {"schema": BASKETS.text, "references": [{"name": "A", "subject": "a", "version": 1}]},
    "of a reference without a name": {"schema": BASKETS.text, "references": [{}]},
}


@pytest.mark.parametrize("what", NOT_AVRO)
def test_the_id_of_what_is_no_avro_of_the_contract_is_a_dead_letter_and_the_next_sale_is_read(decoder: Decoder, what: str) -> None:
    decoder.registry_says("/schemas/ids/9", 200, json.dumps(NOT_AVRO[what]))
    decoder.registry_says(
        "/subjects/a/versions/1", 200, json.dumps({"schema": '"int"', "references": [{"name": "B", "subject": "b", "version": 1}]})
    )
    decoder.registry_says(
        "/subjects/b/versions/1", 200, json.dumps({"schema": '"int"', "references": [{"name": "A", "subject": "a", "version": 1}]})
    )
    message = framed(9, GOOD[5:])
    assert one(decoder, message).kind == "WRONG_SCHEMA"
    assert one(decoder, message).raw == message
    assert one(decoder, GOOD).row


def test_a_schema_that_refers_to_others_is_read(decoder: Decoder) -> None:
    document = copy.deepcopy(BASKETS.document)
    (lines,) = [field for field in document["fields"] if field["name"] == "lines"]
    written = lines["type"]["items"] | {"namespace": "tillstream.pos.v1"}
    lines["type"]["items"] = "tillstream.pos.v1.Line"
    (amount,) = [field for field in written["fields"] if field["name"] == "product_id"]
    amount["type"] = {"type": "string"}
    refers = {"references": [{"name": "tillstream.pos.v1.Line", "subject": "a line", "version": 3}]}
    decoder.registry_has(10, document, schemaType="AVRO", **refers)
    decoder.registry_says("/subjects/a%20line/versions/3", 200, json.dumps({"schema": json.dumps(written), "id": 3, "version": 3}))
    assert one(decoder, framed(10, GOOD[5:])).row == one(decoder, GOOD).row


def test_a_schema_that_refers_to_what_the_registry_has_not_is_a_dead_letter(decoder: Decoder) -> None:
    decoder.registry_has(11, BASKETS.text, references=[{"name": "X", "subject": "gone", "version": 1}])
    assert one(decoder, framed(11, GOOD[5:])).kind == "UNKNOWN_SCHEMA"


@pytest.mark.parametrize("ident", [0, -1, -(2**31), 2**31 - 1, 404])
def test_an_id_that_nobody_has_is_a_dead_letter(decoder: Decoder, ident: int) -> None:
    assert one(decoder, framed(ident, GOOD[5:])).kind == "UNKNOWN_SCHEMA"


@pytest.mark.parametrize(
    ("status", "body"),
    [(0, ""), (500, '{"error_code":50001,"message":"x"}'), (503, "starting"), (429, "{}"), (401, "{}"), (404, "<html>no such page</html>"), (404, "{}"), (200, "<html>"), (200, "")],
)  # fmt: skip
def test_a_registry_that_is_down_or_ill_is_asked_again_and_no_sale_is_set_aside(decoder: Decoder, status: int, body: str) -> None:
    decoder.registry_says("/schemas/ids/12", status, body)
    message = framed(12, GOOD[5:])
    assert one(decoder, message).retried
    decoder.registry_has(12, BASKETS.text)
    assert one(decoder, message).row


# --- K2: what a writer's numbers mean ---------------------------------------------------------------------------------------------------


def changed(path: str, kind: Any) -> dict[str, Any]:
    """The contract's schema with another type at a path such as lines.net_amount."""
    document = copy.deepcopy(BASKETS.document)
    fields = document["fields"]
    *outer, name = path.split(".")
    for step in outer:
        (fields,) = [field["type"]["items"]["fields"] for field in fields if field["name"] == step]
    (field,) = [field for field in fields if field["name"] == name]
    field["type"] = kind
    return document


def decimal(precision: int, scale: int) -> dict[str, Any]:
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


def written(decoder: Decoder, schema: Any, **record: Any) -> Decoded:
    decoder.registry_has(20, schema)
    return one(decoder, framed(20, encoded(schema, basket(**record))))


@pytest.mark.parametrize(
    ("kind", "unscaled", "amount"),
    [
        (decimal(14, 4), 123400, "12.34"),
        (decimal(14, 4), -123400, "-12.34"),
        (decimal(9, 0), 12, "12.00"),
        (decimal(9, 1), 123, "12.30"),
        (decimal(38, 20), 12_340_000_000_000_000_000_00, "12.34"),
        (decimal(18, 2), 1234, "12.34"),
        (["null", decimal(14, 4)], 123400, "12.34"),
    ],
)
@pytest.mark.parametrize("path", ["total_amount", "lines.net_amount"])
def test_an_amount_of_another_scale_is_rescaled_exactly(decoder: Decoder, path: str, kind: Any, unscaled: int, amount: str) -> None:
    record = {"total_amount": money(unscaled)} if path == "total_amount" else {"lines": [line(net_amount=money(unscaled))]}
    row = written(decoder, changed(path, kind), **record).row
    assert row
    assert (row["total_amount"] if path == "total_amount" else row["lines"][0]["net_amount"]) == amount


@pytest.mark.parametrize(
    ("kind", "unscaled"),
    [
        (decimal(14, 4), 123401),
        (decimal(9, 0), 10**10),
        (decimal(38, 20), 10**38),
        (decimal(12, 2), 10**12),
        (decimal(12, 2), -(10**30)),
        (decimal(12, 2), 10**3000),
    ],
)
def test_an_amount_that_is_not_exact_or_does_not_fit_is_a_dead_letter(decoder: Decoder, kind: Any, unscaled: int) -> None:
    assert written(decoder, changed("total_amount", kind), total_amount=money(unscaled)).kind == "IMPOSSIBLE_VALUE"


TIME = ("timestamp-millis", "timestamp-nanos", "local-timestamp-millis", "local-timestamp-micros", "time-micros")
OTHER_MEANINGS: list[tuple[str, Any, Any]] = [
    *(("event_time", {"type": "long", "logicalType": kind}, 1_780_000_000_000) for kind in TIME),
    ("event_time", "long", 1_780_000_000_000_000),
    ("event_time", "int", 20_000),
    ("event_time", {"type": "int", "logicalType": "date"}, 20_000),
    ("event_time", {"type": "int", "logicalType": "time-millis"}, 20_000),
    ("event_time", ["null", {"type": "long", "logicalType": "timestamp-millis"}], 1_780_000_000_000),
    ("total_amount", "bytes", money(1234)),
    ("total_amount", "string", "12.34"),
    ("total_amount", {"type": "bytes", "logicalType": "decimal"}, money(1234)),
    ("total_amount", {"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 5}, money(1234)),
    ("total_amount", {"type": "bytes", "logicalType": "big-decimal"}, money(1234)),
    ("total_amount", {"type": "fixed", "name": "F", "size": 2, "logicalType": "decimal", "precision": 4, "scale": 2}, b"\x04\xd2"),
    ("total_amount", ["null", "string"], "12.34"),
    ("store_id", {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}, money(1234)),
    ("store_id", {"type": "fixed", "name": "F", "size": 12, "logicalType": "duration"}, b"1" * 12),
    ("store_id", {"type": "enum", "name": "E", "symbols": ["A"]}, "A"),
    ("store_id", {"type": "map", "values": "string"}, {"a": "b"}),
    ("lines.quantity", {"type": "long", "logicalType": "timestamp-micros"}, 5),
    ("lines.quantity", {"type": "int", "logicalType": "date"}, 5),
    ("lines.line_no", "long", 5),
    ("lines.quantity", "double", 5.0),
]


@pytest.mark.parametrize(("path", "kind", "value"), OTHER_MEANINGS)
def test_a_value_that_means_another_thing_is_never_read_as_if_it_were_the_same(decoder: Decoder, path: str, kind: Any, value: Any) -> None:
    record = {"lines": [line(**{path.split(".")[1]: value})]} if path.startswith("lines.") else {path: value}
    decoded = written(decoder, changed(path, kind), **record)
    assert decoded.kind == "WRONG_SCHEMA"
    assert path.rsplit(".", maxsplit=1)[-1] in (decoded.reason or "")


@pytest.mark.parametrize(
    ("path", "kind", "value"),
    [("store_id", {"type": "string", "logicalType": "uuid"}, "367"), ("store_id", "bytes", b"367"), ("lines.quantity", "int", 1), ("store_id", ["string", "int"], "367")],
)  # fmt: skip
def test_a_value_in_another_form_that_means_the_same_is_read(decoder: Decoder, path: str, kind: Any, value: Any) -> None:
    record = {"lines": [line(**{path.split(".")[1]: value})]} if path.startswith("lines.") else {path: value}
    assert written(decoder, changed(path, kind), **record).row == one(decoder, GOOD).row


def test_only_the_messages_that_use_a_branch_without_a_place_are_set_aside(decoder: Decoder) -> None:
    schema = changed("total_amount", [decimal(12, 2), "string", "null"])
    assert written(decoder, schema).row
    assert written(decoder, schema, total_amount="12.34").kind == "WRONG_SCHEMA"
    assert written(decoder, schema, total_amount=None).kind == "IMPOSSIBLE_VALUE"


def test_fields_that_the_contract_lacks_are_passed_over_and_those_the_writer_lacks_have_their_default(decoder: Decoder) -> None:
    document = copy.deepcopy(BASKETS.document)
    node = {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}
    kinds = [
        {"type": "map", "values": ["null", "double"]},
        {"type": "array", "items": "float"},
        node,
        {"type": "fixed", "name": "F", "size": 3},
        "boolean",
    ]
    document["fields"] = [field for field in document["fields"] if field["name"] != "coupon_id"]
    document["fields"] += [{"name": f"more_{i}", "type": kind} for i, kind in enumerate(kinds)]
    deep: dict[str, Any] = {"next": None}
    for _ in range(20):
        deep = {"next": deep}
    more = {"more_0": {"a": None, "b": 1.0}, "more_1": [1.0, 2.0], "more_2": deep, "more_3": b"abc", "more_4": True}
    assert written(decoder, document, **more).row == one(decoder, GOOD).row


# --- R1, R2: what a text and a list may be -----------------------------------------------------------------------------------------------


def with_text(text: bytes) -> bytes:
    """A basket whose store_id is these bytes, whatever they are."""
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


# --- what a message claims --------------------------------------------------------------------------------------------------------------


def test_a_message_without_a_value_is_a_dead_letter_of_its_own_kind(decoder: Decoder) -> None:
    decoded = one(decoder, None)
    assert decoded.reason == "TOMBSTONE: the message has no value"
    assert decoded.raw == b""


def long(value: int) -> bytes:
    """A long as Avro writes it."""
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
    assert decoded.micros < 500_000


def wide(depth: int) -> dict[str, Any]:
    """A record of two of a record of two ... of nothing: 2^depth values in no byte."""
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
    assert time.monotonic() - started < 2


def test_a_bad_message_of_more_than_a_mebibyte_is_cut_and_says_so(decoder: Decoder) -> None:
    decoded = one(decoder, b"x" * 5_000_000)
    assert decoded.kind == "UNFRAMED"
    assert decoded.raw == b"x" * 2**20
    assert (decoded.reason or "").endswith("its first 1048576 of 5000000 bytes are kept")


# --- R22 ---------------------------------------------------------------------------------------------------------------------------------


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


def test_the_schema_without_logical_types_is_for_encoding_only() -> None:
    assert "logicalType" not in json.dumps(plain(BASKETS.document))
