"""Run the inventory job's Java code for one store and product. Reads cases as JSON, prints the row of each movement. Runs in the Flink image."""

import json
import struct
import sys
from typing import Any

from py4j.java_gateway import get_field, set_field
from pyflink.java_gateway import get_gateway

JVM = get_gateway().jvm
TOLD = (
    "stock_units", "level", "previous_level", "alert_no", "products_change", "units_change", "of_department", "department_products_change",
    "department_units_change", "department_low_change", "department_out_change", "units_a_day",
)  # fmt: skip


def movement(kind: str, at: int, units: int, department: str | None = None, lead_time_days: int | None = None, ident: str = "a") -> Any:
    """Return a movement as a row of movements.sql. `at` is in seconds since 1970."""
    row = JVM.org.apache.flink.types.Row.withNames()
    fields = {
        "kind": kind,
        "movement_id": ident,
        "business_day": 1,
        "units": units,
        "department": department,
        "lead_time_days": lead_time_days,
    }
    for name, value in fields.items():
        row.setField(name, value)
    row.setField("at", JVM.java.time.Instant.ofEpochSecond(at))
    return row


def books(kept: dict[str, Any]) -> Any:
    """Return the state of version 0 of the job: its fields, and deliveries packed without a header, each (id, day, seconds, units)."""
    found = getattr(JVM.tillstream.inventory, "Stock$Books")()
    for name, value in kept.items():
        packed = name == "deliveries"
        set_field(
            found,
            name,
            b"".join(struct.pack(">qqqi", ident, day, at * 1_000_000, units) for ident, day, at, units in value) if packed else value,
        )
    return found


def run(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that the job makes from the movements of a case."""
    stock, held = JVM.tillstream.inventory.Stock(), books(case.get("kept", {}))
    rows = JVM.java.util.ArrayList()
    stock.setCollector(JVM.org.apache.flink.api.common.functions.util.ListCollector(rows))
    for told in case["movements"]:
        stock.eval(held, movement(*told))
    return [{name: get_field(row, name) for name in TOLD} for row in rows]


print(json.dumps([run(case) for case in json.load(sys.stdin)], default=str))
