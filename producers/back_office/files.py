"""Write the rows of a dump as a real system sends them: a gzip file of CSV or JSON Lines, with a manifest."""

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
    """A file and its manifest for the landing bucket."""

    path: str
    body: bytes
    manifest: bytes
    rows: int

    @property
    def manifest_path(self) -> str:
        """Path of the manifest. Its arrival says that the file is complete."""
        return manifest_path(self.path)


def manifest_path(path: str) -> str:
    """Return the path of a file's manifest."""
    return path.split(".", 1)[0] + ".manifest.json"


def file_path(contract: DumpContract, day: date, number: int) -> str:
    """Return the path of a file, as `loyalty/members/2026-11-21/members-2026-11-21-1.csv.gz`. The number counts the files of the day."""
    system, what = contract.area, contract.what
    return f"{system}/{what}/{day}/{what}-{day}-{number}.{contract.format}.gz"


def write(contract: DumpContract, day: date, number: int, rows: list[Row], fault: str | None, now: datetime) -> DumpFile:
    """Return the file with its manifest; `fault` is the fault of the whole file, if any."""
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
    """Return the rows as JSON Lines. JSON has no delimiter: for the wrong one, semicolons replace the commas between members."""
    separators = (", ", ": ") if delimiter == "," else ("; ", ": ")
    return "".join(
        json.dumps(
            {name: value if isinstance(value := row.get(name), (int, bool, type(None))) else _text(value) for name in names},
            separators=separators,
        )
        + "\n"
        for row in rows
    )
