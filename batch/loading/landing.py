"""Read a file of the landing bucket as a whole, or refuse it with a reason."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from minio import Minio
from minio.error import S3Error

from batch.loading.announced import Announced
from batch.loading.csv_rows import read_csv
from batch.loading.failures import about_one_object
from batch.loading.json_rows import read_jsonl
from batch.loading.records import Breakage, Broken
from batch.loading.unpacking import unpack
from tillstream.core.buckets import LANDING
from tillstream.core.clients.minio import STORE_AWAY, is_available
from tillstream.core.errors import FileRefusedError, InDoubtError, RetryableError

#: Largest file that is unpacked, in bytes; file and text are in memory together. A million rows of the widest dump take 40 MB.
MOST_PACKED = 256 << 20
#: Largest manifest that is read, in bytes. Ours have 250.
MOST_OF_MANIFEST = 64 << 10


@dataclass(frozen=True)
class Landed:
    """A file that was read.

    Attributes:
        announced: its announcement.
        sha256: digest of the compressed file.
        rows: its rows as text, with their line numbers.
        extra_columns: columns that the contract does not have.
        broken: rows that cannot be read.
        noted: changes made to the file as a whole, with how often.
    """

    announced: Announced
    sha256: str
    rows: pd.DataFrame
    extra_columns: list[str]
    broken: list[Broken] = field(default_factory=list)
    noted: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Number of rows in the file, broken ones included."""
        return len(self.rows) + len(self.broken)


def read(s3: Minio, announced: Announced) -> Landed:
    """Read a file from the bucket.

    Raises:
        FileRefusedError: the file does not match its manifest or its contract; the error has the rule and the reason.
        RetryableError: the bucket cannot be reached.
        InDoubtError: the store works, but does not return this object.
    """
    manifest = _manifest(_get(s3, announced.manifest_path, "the manifest", MOST_OF_MANIFEST), announced)
    body = _get(s3, announced.path, "the file", MOST_PACKED)
    digest = hashlib.sha256(body).hexdigest()
    text, noted = unpack(body, digest)
    if digest != manifest["sha256"]:
        raise FileRefusedError("checksum", "its SHA-256 is not the one in its manifest", digest)
    contract, expected = announced.contract, manifest["rows"]
    read_rows = read_csv if contract.format == "csv" else read_jsonl
    records = read_rows(text, contract, digest, Breakage(contract, expected, digest))
    landed = Landed(announced, digest, records.rows, records.extra_columns, records.broken, noted | records.noted)
    if landed.count != expected:
        first = f"; {len(records.broken):,} cannot be read, the first in line {records.broken[0].line:,}" if records.broken else ""
        raise FileRefusedError("row_count", f"it has {landed.count:,} rows, the manifest says {expected:,}{first}", digest)
    return landed


def _get(s3: Minio, path: str, what: str, most: int) -> bytes:
    try:
        answer = s3.get_object(LANDING, path)
        try:
            # The bytes as stored. If the object has "Content-Encoding: gzip", urllib3 would unpack it without a bound, and an error would
            # look as if the store were away.
            body = bytes(answer.read(most + 1, decode_content=False))
        finally:
            answer.close()
            answer.release_conn()
    except S3Error as error:
        if error.code == "NoSuchKey":
            raise FileRefusedError("missing_file", f"{what} {path} is not in the bucket", "") from error
        if about_one_object(error):
            raise FileRefusedError("unreadable_object", f"the object store does not give {what}: {error.code}", "") from error
        raise _not_given(s3, what, error) from error
    except STORE_AWAY as error:
        raise _not_given(s3, what, error) from error
    if len(body) > most:
        raise FileRefusedError("too_large", f"{what} is larger than {most:,} bytes", "")
    return body


def _not_given(s3: Minio, what: str, error: Exception) -> Exception:
    """Return the error to raise when the store does not return an object.

    If the store works, only this object fails: its bytes may be damaged on the disk, and waiting does not help.
    """
    message = f"the object store does not give {what}: {type(error).__name__} {error.code if isinstance(error, S3Error) else ''}".rstrip()
    return InDoubtError(message) if is_available(s3, LANDING) else RetryableError(message)


_SHA256 = re.compile("[0-9a-f]{64}")


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of a manifest's object.

    Raises:
        FileRefusedError: a member is there twice. Another reader may take the other value.
    """
    if len(unique := dict(members)) != len(members):
        raise FileRefusedError("manifest", "its manifest has a member twice", "")
    return unique


def _manifest(body: bytes, announced: Announced) -> dict[str, Any]:
    """Return the manifest with members of the right types.

    Raises:
        FileRefusedError: it is not JSON, has another shape, or belongs to another file.
    """
    try:
        manifest = json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FileRefusedError("manifest", f"its manifest is not JSON ({type(error).__name__})", "") from error
    if not isinstance(manifest, dict):
        raise FileRefusedError("manifest", "its manifest is not a JSON object", "")
    rows, digest = manifest.get("rows"), manifest.get("sha256")
    wrong = [name for name in ("dump", "business_date") if not isinstance(manifest.get(name), str)]
    wrong += ["rows"] if type(rows) is not int or rows < 0 else []
    wrong += ["sha256"] if not isinstance(digest, str) or not _SHA256.fullmatch(digest.lower()) else []
    if wrong:
        raise FileRefusedError("manifest", f"its manifest has no valid {', '.join(wrong)}", "")
    for name, expected in (
        ("dump", announced.dump),
        ("business_date", str(announced.business_date)),
        ("file", announced.path.rsplit("/", 1)[1]),
    ):
        if manifest.get(name, expected) != expected:
            raise FileRefusedError("manifest", f"its manifest is for another {name}", "")
    return manifest | {"sha256": str(digest).lower()}
