"""Writes a dump's rows as the file a real system would send: CSV or JSON Lines, gzip, with a manifest beside it."""

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tillstream.core.contracts import DumpContract

Row = dict[str, Any]


@dataclass(frozen=True)
class DumpFile:
    """A file and its manifest, as they are put into the landing bucket."""

    path: str
    body: bytes
    manifest: bytes
    rows: int

    @property
    def manifest_path(self) -> str:
        """The manifest's own place: its coming says that the file is whole."""
        return manifest_path(self.path)


def manifest_path(path: str) -> str:
    """Where the manifest of a file is."""
    return path.split(".", 1)[0] + ".manifest.json"


def file_path(contract: DumpContract, day: date, number: int) -> str:
    """`loyalty/members/2026-11-21/members-2026-11-21-1.csv.gz`; the number counts what was sent for the day."""
    system, what = contract.area, contract.what
    return f"{system}/{what}/{day}/{what}-{day}-{number}.{contract.format}.gz"


def write(contract: DumpContract, day: date, number: int, rows: list[Row], fault: str | None, now: datetime) -> DumpFile:
    """The file with its manifest; `fault` is what is wrong with it as a whole."""
    names = [field["name"] for field in contract.fields]
    if fault == "missing_column":
        names = names[:-1]
    if fault == "extra_column":
        names = [*names, "internal_note"]
    encoding = "utf-16" if fault == "wrong_encoding" else "utf-8"
    writer: Callable[..., str] = _csv if contract.format == "csv" else _jsonl
    text = writer(names, rows, ";" if fault == "wrong_delimiter" else ",")
    body = gzip.compress(text.encode(encoding), mtime=0)
    digest = hashlib.sha256(b"another file" if fault == "wrong_checksum" else body).hexdigest()
    path = file_path(contract, day, number)
    manifest = {
        "dump": contract.name,
        "business_date": str(day),
        "file": path.rsplit("/", 1)[1],
        "rows": len(rows),
        "sha256": digest,
        "sent_at": now.isoformat(),
    }
    if fault == "half_file":
        body = body[: len(body) // 2]
    return DumpFile(path, body, json.dumps(manifest, indent=2).encode(), len(rows))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _csv(names: list[str], rows: list[Row], delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_text(row.get(name)) for name in names] for row in rows)
    return out.getvalue()


def _jsonl(names: list[str], rows: list[Row], delimiter: str) -> str:
    """JSON Lines has no delimiter: the wrong one puts a semicolon where each comma between members should be."""
    separators = (", ", ": ") if delimiter == "," else ("; ", ": ")
    return "".join(
        json.dumps(
            {name: value if isinstance(value := row.get(name), (int, bool, type(None))) else _text(value) for name in names},
            separators=separators,
        )
        + "\n"
        for row in rows
    )
