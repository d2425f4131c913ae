"""`make verify` can read every message of another writer that the decoder accepts.

Otherwise it would report a basket that is right in the lake as wrong for a month.
"""

import copy
from typing import Any

import pytest

from tests.support.till_messages import CONTRACT, FACTS, ID, basket, framed, writers

DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
FINER = {"type": "fixed", "name": "Finer", "size": 8, "logicalType": "decimal", "precision": 18, "scale": 4}
TIME = {"type": "long", "logicalType": "timestamp-micros"}
NODE = {"type": "record", "name": "Node", "fields": [{"name": "next", "type": ["null", "Node"]}]}


def with_types(**kinds: Any) -> dict[str, Any]:
    """Return the contract's schema with other types of fields, of the basket or of its lines. A field that does not exist is added."""
    document = copy.deepcopy(CONTRACT.document)
    fields = {field["name"]: field for field in document["fields"]}
    line_fields = {field["name"]: field for field in fields["lines"]["type"]["items"]["fields"]}
    for name, kind in kinds.items():
        if found := fields.get(name) or line_fields.get(name):
            found["type"] = kind
        else:
            document["fields"].append({"name": name, "type": kind})
    return document


def of_lines(document: dict[str, Any]) -> Any:
    (lines,) = [field["type"] for field in document["fields"] if field["name"] == "lines"]
    return lines


@pytest.mark.parametrize(
    "document",
    [
        with_types(total_amount=["string", DECIMAL]),
        with_types(net_amount=["null", "string", DECIMAL]),
        with_types(event_time=["string", {"type": "int", "logicalType": "date"}, TIME]),
        with_types(lines=["string", of_lines(CONTRACT.document)]),
        with_types(lines=of_lines(CONTRACT.document) | {"items": ["string", of_lines(CONTRACT.document)["items"]]}),
    ],
    ids=["total", "line", "time", "lines", "items"],
)
def test_of_several_branches_the_one_that_the_contract_has_a_place_for_tells_scale_and_unit(document: dict[str, Any]) -> None:
    record = basket()
    assert writers(document).read_message(framed(document, record)) == FACTS


def test_another_decimal_that_stands_first_does_not_tell_the_scale() -> None:
    value = framed(with_types(total_amount=["string", DECIMAL]), basket())
    assert writers(with_types(total_amount=[FINER, DECIMAL])).read_message(value) == FACTS


def test_an_event_id_written_as_bytes_is_its_text() -> None:
    document = with_types(event_id="bytes")
    assert writers(document).read_message(framed(document, basket(event_id=ID.encode()))) == FACTS


def test_a_field_that_the_contract_lacks_may_be_in_any_encoding() -> None:
    document = with_types(note="string")
    value = framed(document, basket(note="####")).replace(b"####", b"caf\xe9")
    assert writers(document).read_message(value) == FACTS


@pytest.mark.parametrize("default", [{"default": None}, {"default": 5}, {"default": {}}])
def test_a_default_of_another_type_changes_nothing_that_was_written(default: dict[str, Any]) -> None:
    document = with_types(note=["string", "null"])
    value = framed(document, basket(note="x"))
    document["fields"][-1] |= default
    assert writers(document).read_message(value) == FACTS


def test_a_choice_may_have_symbols_of_any_language() -> None:
    document = with_types(size={"type": "enum", "name": "Size", "symbols": ["big", "small"], "default": "big"})
    value = framed(document, basket(size="small"))
    document["fields"][-1]["type"] |= {"symbols": ["größer", "kleiner"], "default": "none"}
    assert writers(document).read_message(value) == FACTS


def test_a_field_may_be_nested_as_deep_as_the_decoder_follows() -> None:
    document, nested = with_types(node=NODE), dict[str, Any](next=None)
    for _ in range(48):
        nested = {"next": nested}
    assert writers(document).read_message(framed(document, basket(node=nested))) == FACTS


def test_a_schema_nested_without_end_is_no_error() -> None:
    nested: Any = '{"type":"array","items":' * 50_000 + '"int"' + "}" * 50_000
    facts = writers(CONTRACT.document, schema=nested).read_message(framed(CONTRACT.document, basket()))
    assert facts is None
