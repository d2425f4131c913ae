"""Make valid rows and files of every dump from its contract, for the unit tests and the fuzzer."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from urllib3 import HTTPResponse

from batch.loading.announced import Announced
from batch.loading.landing import Landed, read
from tillstream.core.contracts import DumpContract, dump_contracts

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
    """Return the keys of the rows that `good` makes, for each dump."""
    return {name: {row[contract.key[0]] for row in good(contract)} for name, contract in dump_contracts().items()}


def good(contract: DumpContract, count: int = 40) -> Iterator[dict[str, Any]]:
    """Yield rows that break no rule and have a value in every field."""
    for i in range(1, count + 1):
        row = {spec["name"]: _good(spec, i) for spec in contract.fields}
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
    """Return the text of a value in a file."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def lines(contract: DumpContract, rows: list[dict[str, Any]]) -> str:
    """Return the text of a standard file with these rows."""
    names = [spec["name"] for spec in contract.fields]
    out = io.StringIO()
    if contract.format == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([text(row[name]) or "" for name in names] for row in rows)
    else:
        for row in rows:
            values = {name: row[name] if isinstance(row[name], (int, bool)) else text(row[name]) for name in names}
            out.write(json.dumps(values, ensure_ascii=False) + "\n")
    return out.getvalue()


def read_file(contract: DumpContract, body: bytes, rows: int, headers: dict[str, str] | None = None) -> Landed:
    """Return the file as landing reads it. Its manifest is correct, and the object store returns it with these headers."""
    path = f"{contract.area}/{contract.what}/{DAY}/{contract.what}-{DAY}-1"
    announced = Announced(f"{path}.manifest.json", contract.name, DAY, NOON, "etag")
    manifest = {
        "dump": contract.name,
        "business_date": str(DAY),
        "file": announced.path.rsplit("/", 1)[1],
        "rows": rows,
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    bucket: Any = Bucket({announced.path: body, announced.manifest_path: json.dumps(manifest).encode()}, headers or {})
    return read(bucket, announced)


@dataclass
class Bucket:
    """Stand-in for the object store, with the methods that reading needs."""

    objects: dict[str, bytes]
    #: The headers with which the store returns each object.
    headers: dict[str, str] = field(default_factory=dict)

    def get_object(self, _: str, path: str) -> Any:
        """Return the object as a response of urllib3."""
        return HTTPResponse(io.BytesIO(self.objects[path]), self.headers, preload_content=False)
