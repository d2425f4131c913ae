"""No message stops the jobs' Avro decoder. It runs in a JVM of its own, with a stand-in for the registry."""

import copy
import json
from typing import Any

import pytest

from tests.fuzz.avro.decoder import Decoded, Decoder, framed
from tests.fuzz.avro.messages import basket, encoded, line
from tests.integration.decoding import BASKETS, FEEDBACK, GOOD, changed, one
from tillstream.core.avro_encoding import money


def test_a_good_basket_is_a_row_to_the_cent(decoder: Decoder) -> None:
    row = one(decoder, GOOD).row
    assert row
    assert row["total_amount"] == "12.34"
    assert row["lines"][0]["net_amount"] == "12.34"
    assert row["event_time"] == basket()["event_time"]
    assert row["customer_id"] is None


# --- the schema that is registered under an id ----------------------------------------------------------------------------------------

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


def test_junk_with_ever_other_ids_does_not_hold_up_what_comes_behind_it(decoder: Decoder) -> None:
    assert one(decoder, GOOD).row
    junk = [framed(1_000_000 + number, b"junk") for number in range(200)]
    assert {decoded.kind for decoded in decoder.decode(*junk)} == {"UNKNOWN_SCHEMA"}
    # From now on, the registry is down for requests of these two ids.
    decoder.registry_says("/schemas/ids/2000000", 503, "")
    decoder.registry_says("/schemas/ids/90000", 503, "")
    assert one(decoder, framed(2_000_000, GOOD[5:])).kind == "UNKNOWN_SCHEMA", (
        "an id that no registry of this size has given is not asked for"
    )
    assert one(decoder, framed(90_000, GOOD[5:])).retried, "one that it may have given is"
    decoder.registry_has(90_001, BASKETS.text)
    assert one(decoder, framed(90_001, GOOD[5:])).row


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


# --- scale and unit of a writer's numbers -----------------------------------------------------------------------------------------------


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
