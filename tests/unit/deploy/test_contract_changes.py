"""A change of a contract that changes the meaning of the same bytes is refused, even if the registry would accept it."""

import copy
import json
from typing import Any

import httpx
import pytest

from tillstream.core.contracts import Contract, contracts
from tillstream.core.errors import ContractError
from tillstream.deploy import schemas
from tillstream.deploy.changes import changed_meanings, changed_since_release

TILLS = contracts()["pos.transactions.v1"]


def changed(name: str, **properties: Any) -> Contract:
    """Return the contract of tills with changed properties of a field's type. None removes a property. A field of a line is named lines.name."""
    document = copy.deepcopy(TILLS.document)
    fields = document["fields"]
    if name.startswith("lines."):
        fields = next(field["type"]["items"]["fields"] for field in fields if field["name"] == "lines")
    field = next(field for field in fields if field["name"] == name.rsplit(".", maxsplit=1)[-1])
    kind = {**(field["type"] if isinstance(field["type"], dict) else {"type": field["type"]}), **properties}
    field["type"] = {key: value for key, value in kind.items() if value is not None}
    return Contract(TILLS.topic, document)


CHANGES = [
    (
        "total_amount",
        {"scale": 4, "precision": 14},
        "total_amount was decimal, precision 12, scale 2 and is decimal, precision 14, scale 4",
    ),
    ("lines.net_amount", {"scale": 3}, "lines[].net_amount was decimal, precision 12, scale 2 and is decimal, precision 12, scale 3"),
    ("total_amount", {"precision": 10}, "precision 10"),
    ("total_amount", {"logicalType": None, "precision": None, "scale": None}, "is a value without a unit"),
    ("event_time", {"logicalType": "timestamp-millis"}, "event_time was timestamp-micros and is timestamp-millis"),
    ("event_time", {"logicalType": None}, "event_time was timestamp-micros and is a value without a unit"),
    ("lines.quantity", {"logicalType": "timestamp-micros"}, "lines[].quantity was a value without a unit and is timestamp-micros"),
    ("lines.quantity", {"unit": "kg"}, "is unit kg"),
]


@pytest.mark.parametrize(("name", "properties", "told"), CHANGES)
def test_a_change_of_scale_precision_logical_type_or_unit_is_refused_before_anybody_is_asked(
    monkeypatch: pytest.MonkeyPatch, name: str, properties: dict[str, Any], told: str
) -> None:
    monkeypatch.setattr(schemas, "contracts", lambda: {**contracts(), TILLS.topic: changed(name, **properties)})
    # No registry answers at this address, and none is asked if the change is refused first.
    with pytest.raises(ContractError, match="Nothing was changed") as refusal:
        schemas.deploy_schemas("http://127.0.0.1:9")
    assert told in str(refusal.value)


def test_the_contracts_as_they_stand_mean_what_every_released_version_meant() -> None:
    for contract in contracts().values():
        assert changed_since_release(contract) == []


def test_a_field_that_may_be_missing_is_compared_too() -> None:
    old = {
        "type": "record",
        "name": "R",
        "fields": [{"name": "z", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2}]}],
    }
    new = json.loads(json.dumps(old).replace('"scale": 2', '"scale": 3'))
    assert changed_meanings(old, new) == ["z was decimal, precision 8, scale 2 and is decimal, precision 8, scale 3"]
    assert changed_meanings(old, old) == []


def test_a_new_field_and_a_wider_number_change_no_meaning() -> None:
    old = {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}
    new = {
        "type": "record",
        "name": "R",
        "fields": [{"name": "a", "type": "long"}, {"name": "b", "type": {"type": "long", "logicalType": "timestamp-micros"}}],
    }
    assert changed_meanings(old, new) == []


def test_a_version_that_was_registered_past_the_deployment_is_named() -> None:
    foreign = changed("total_amount", scale=4, precision=14)

    def registry(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/versions"):
            return httpx.Response(200, json=[1, 2])
        text = TILLS.text if request.url.path.endswith("/1") else foreign.text
        return httpx.Response(200, json={"id": 9, "schema": text})

    with httpx.Client(base_url="http://registry", transport=httpx.MockTransport(registry)) as client:
        (told,) = schemas.foreign_versions(client, TILLS)
    assert told.startswith("pos.transactions.v1-value version 2 (id 9): total_amount was decimal, precision 14, scale 4")
