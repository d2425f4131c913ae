"""Good rows of every dump, made from its contract, and the file that they come in: for the unit tests and the fuzzer."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from batch.landing import LINE, Announced, Landed
from tillstream.contracts import DumpContract, dump_contracts

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
PATTERNS = {"^S[0-9]{3}$": "S{:03d}", "^M[0-9]{7}$": "M{:07d}"}
STANDARD = {
    "phone": "+1214555{:04d}",
    "email": "ana{}@example.com",
    "country": "US",
    "currency": "USD",
    "department": "DAIRY",
    "text": "text {}",
}


def known() -> dict[str, set[str]]:
    """The keys of each dump, as `good` makes them."""
    return {name: {row[contract.key[0]] for row in good(contract)} for name, contract in dump_contracts().items()}


def good(contract: DumpContract, count: int = 40) -> Iterator[dict[str, Any]]:
    """Rows that break no rule, with a value in every field."""
    for i in range(1, count + 1):
        row = {field["name"]: _good(field, i) for field in contract.fields}
        if contract.name == "loyalty.points.v1" and row["kind"] == "SPEND":
            row["points"] = -row["points"]
        yield row


def _good(spec: dict[str, Any], i: int) -> Any:
    avro = next(t for t in spec["type"] if t != "null") if isinstance(spec["type"], list) else spec["type"]
    if "references" in spec:
        other = dump_contracts()[spec["references"]]
        return _good(next(f for f in other.fields if f["name"] == other.key[0]), 1 + i % 30)
    if "allowed" in spec:
        return spec["allowed"][i % len(spec["allowed"])]
    if "pattern" in spec:
        return PATTERNS[spec["pattern"]].format(i)
    number = max(spec.get("minimum", 1), 1) + i % 20
    values = {
        "string": STANDARD.get(spec.get("standard", ""), f"{spec['name'].replace('_', '-')}-{i:05d}").format(i),
        "int": number,
        "long": number,
        "decimal": f"{i}.25",
        "boolean": i % 2 == 0,
        "date": DAY,
        "timestamp-micros": NOON - timedelta(seconds=i),
    }
    return values[avro["logicalType"] if isinstance(avro, dict) else avro]


def text(value: Any) -> str | None:
    """A value as a file has it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def landed(contract: DumpContract, rows: list[dict[str, Any]]) -> Landed:
    """The rows as landing gives them."""
    names = [field["name"] for field in contract.fields]
    frame = pd.DataFrame([[text(row[name]) for name in names] for row in rows], columns=names, dtype=pd.StringDtype("pyarrow"))
    frame[LINE] = range(1, len(rows) + 1)
    return Landed(Announced("a.manifest.json", contract.name, DAY, datetime.now(tz=UTC), "etag"), "0", frame, [])
