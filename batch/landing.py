"""Files in the landing bucket: read whole, or refused with the reason."""

import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from dataclasses import dataclass
from typing import Any

import pandas as pd
from minio import Minio
from minio.error import S3Error
from urllib3.exceptions import HTTPError

from batch.announced import BUCKET, Announced
from batch.blame import about_one_object
from tillstream.contracts import DumpContract
from tillstream.errors import FileRefusedError, RetryableError

#: The number of each row's line in the file, the header being line 1 of a CSV.
LINE = "_line"
#: Texts lie in Arrow's buffers: as Python's strings the texts of a million rows did not fit the service's memory.
TEXT = pd.StringDtype("pyarrow")


@dataclass(frozen=True)
class Landed:
    """A file that was read: its rows as text, with the number of each row's line."""

    announced: Announced
    sha256: str
    rows: pd.DataFrame
    extra_columns: list[str]


def read(s3: Minio, announced: Announced) -> Landed:
    """Reads a file.

    Raises:
        FileRefusedError: it is not what its manifest or its contract says; the rule and the reason are in it.
        RetryableError: the bucket cannot be reached.
    """
    manifest = _manifest(_get(s3, announced.manifest_path, "the manifest"), announced)
    body = _get(s3, announced.path, "the file")
    digest = hashlib.sha256(body).hexdigest()
    try:
        text = gzip.decompress(body)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileRefusedError("half_file", f"it cannot be unpacked ({error}): only part of it has come", digest) from error
    if digest != manifest["sha256"]:
        raise FileRefusedError("checksum", f"its SHA-256 is {digest}, the manifest says {manifest['sha256']}", digest)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileRefusedError("encoding", f"it is not UTF-8: {error}", digest) from error
    rows, extra = (_csv if announced.contract.format == "csv" else _jsonl)(text, announced.contract, digest)
    if len(rows) != manifest["rows"]:
        raise FileRefusedError("row_count", f"it has {len(rows):,} rows, the manifest says {manifest['rows']:,}", digest)
    return Landed(announced, digest, rows, extra)


def _get(s3: Minio, path: str, what: str) -> bytes:
    try:
        answer = s3.get_object(BUCKET, path)
        try:
            return bytes(answer.read())
        finally:
            answer.close()
            answer.release_conn()
    except S3Error as error:
        if error.code == "NoSuchKey":
            raise FileRefusedError("missing_file", f"{what} {path} is not in the bucket", "") from error
        if about_one_object(error):
            raise FileRefusedError("unreadable_object", f"the object store does not give {what}: {error.code}", "") from error
        raise RetryableError(f"{path} cannot be read: {error}") from error
    except HTTPError as error:
        raise RetryableError(f"{path} cannot be read: {error}") from error


_SHA256 = re.compile("[0-9a-f]{64}")


def _manifest(body: bytes, announced: Announced) -> dict[str, Any]:
    """The manifest, each of its members of the type that it should be.

    Raises:
        FileRefusedError: it is no JSON, JSON of another shape, or another file's.
    """
    try:
        manifest = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FileRefusedError("manifest", f"its manifest is no JSON ({type(error).__name__})", "") from error
    if not isinstance(manifest, dict):
        raise FileRefusedError("manifest", "its manifest is no JSON object", "")
    rows, digest = manifest.get("rows"), manifest.get("sha256")
    wrong = [name for name in ("dump", "business_date") if not isinstance(manifest.get(name), str)]
    wrong += ["rows"] if type(rows) is not int or rows < 0 else []
    wrong += ["sha256"] if not isinstance(digest, str) or not _SHA256.fullmatch(digest.lower()) else []
    if wrong:
        raise FileRefusedError("manifest", f"its manifest has no {', '.join(wrong)}, or none of the right type", "")
    for name, is_for in (
        ("dump", announced.dump),
        ("business_date", str(announced.business_date)),
        ("file", announced.path.rsplit("/", 1)[1]),
    ):
        if manifest.get(name, is_for) != is_for:
            raise FileRefusedError("manifest", f"its manifest is for another {name}: {manifest[name]!r:.100}", "")
    return manifest | {"sha256": str(digest).lower()}


def _columns(names: list[str], contract: DumpContract, digest: str) -> list[str]:
    """The columns that the contract does not know.

    Raises:
        FileRefusedError: one that it does know is missing.
    """
    wanted = [field["name"] for field in contract.fields]
    if missing := [name for name in wanted if name not in names]:
        raise FileRefusedError("missing_column", f"it has no column {', '.join(missing)}; its columns are {', '.join(names)[:300]}", digest)
    return [name for name in names if name not in wanted]


def _csv(text: bytes, contract: DumpContract, digest: str) -> tuple[pd.DataFrame, list[str]]:
    header = next(csv.reader(io.StringIO(text[: text.find(b"\n") + 1 or len(text)].decode("utf-8"))), [])
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise FileRefusedError("delimiter", f"its columns are not separated by commas: {header[0][:200]}", digest)
    extra = _columns(header, contract, digest)
    try:
        rows = pd.read_csv(io.BytesIO(text), dtype=TEXT, keep_default_na=False, na_values=[""], on_bad_lines="error")
    except (pd.errors.ParserError, ValueError) as error:
        raise FileRefusedError("unreadable", f"its lines cannot be read: {error}", digest) from error
    rows[LINE] = range(2, len(rows) + 2)
    return rows.drop(columns=extra), extra


def _jsonl(text: bytes, contract: DumpContract, digest: str) -> tuple[pd.DataFrame, list[str]]:
    names = [field["name"] for field in contract.fields]
    columns: dict[str, list[Any]] = {name: [] for name in names}
    extra: set[str] = set()
    for number, line in enumerate(io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"), 1):
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("it is no object")
        except ValueError as error:
            raise FileRefusedError("unreadable", f"line {number} is not a JSON object: {error}", digest) from error
        extra.update(_columns(list(record), contract, digest))
        for name, column in columns.items():
            column.append(None if record[name] is None else str(record[name]))
    rows = pd.DataFrame({name: pd.array(column, dtype=TEXT) for name, column in columns.items()})
    rows.insert(0, LINE, range(1, len(rows) + 1))
    return rows, sorted(extra)
