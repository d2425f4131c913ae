"""Files of the stock system become messages with stock movements for the inventory job."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from batch.loading.movements import OF_DUMP, of_counts, of_restocks
from batch.loading.values import field_of
from tillstream.core.contracts import contracts, dump_contracts
from tillstream.core.topology import MOVEMENTS

AT = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
MICROS = int(AT.timestamp()) * 1_000_000
ORDER = {"order_id": "261120-31-S001", "line_no": 2, "store_id": "31", "product_id": "995242", "ordered_at": AT}


def test_a_count_is_named_by_what_was_counted_and_when() -> None:
    rows = pd.DataFrame([{"store_id": "31", "product_id": "995242", "counted_at": AT, "quantity": 12}])
    (movement,) = of_counts(rows)
    assert movement == {
        "movement_id": f"31/995242/{AT.isoformat()}",
        "store_id": "31",
        "product_id": "995242",
        "kind": "COUNT",
        "units": 12,
        "occurred_at": MICROS,
    }


def test_only_what_came_is_a_movement_and_a_cancelled_order_takes_it_back() -> None:
    rows = pd.DataFrame(
        [
            ORDER | {"status": "ORDERED", "delivered_quantity": None, "delivered_at": None},
            ORDER | {"line_no": 3, "status": "DELIVERED", "delivered_quantity": 30, "delivered_at": AT},
            ORDER | {"line_no": 4, "status": "CANCELLED", "delivered_quantity": None, "delivered_at": None},
        ]
    )
    movements = [(m["movement_id"], m["units"], m["occurred_at"]) for m in of_restocks(rows)]
    assert movements == [("261120-31-S001/3", 30, MICROS), ("261120-31-S001/4", 0, MICROS)]


@pytest.mark.parametrize("dump", OF_DUMP)
def test_a_row_that_is_loaded_makes_a_movement_that_its_topic_takes(dump: str) -> None:
    """Check that both accept the same rows. Otherwise the lake would have a row that the inventory job refuses, and the two would differ for ever."""
    limits = {spec["name"]: spec for spec in contracts()[MOVEMENTS].fields}
    began = datetime.fromtimestamp(limits["occurred_at"]["minimum"] / 1e6, tz=UTC).date()
    contract = dump_contracts()[dump]
    specs = {spec["name"]: spec for spec in contract.fields}
    for name, spec in specs.items():
        field = field_of(spec, contract.key)
        if name in limits:
            assert field.max_length <= limits[name]["maxLength"]
        if name in {"quantity", "delivered_quantity"}:
            assert limits["units"]["minimum"] <= spec["minimum"] <= spec["maximum"] <= limits["units"]["maximum"]
        if field.type.kind == "timestamp":
            assert field.earliest >= began >= date(2000, 1, 1)
            assert spec["notAfterBusinessDate"]
    longest = sum(field_of(specs[name], contract.key).max_length if specs[name]["type"] == "string" else 32 for name in contract.key)
    assert longest + len(contract.key) - 1 <= limits["movement_id"]["maxLength"]
