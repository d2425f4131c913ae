"""Files in the landing bucket: read whole, or refused with the reason."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from minio import Minio
from minio.error import S3Error

from batch.loading.announced import BUCKET, Announced
from batch.loading.blame import about_one_object
from batch.loading.csv_rows import read_csv
from batch.loading.json_rows import read_jsonl
from batch.loading.records import Breakage, Broken
from batch.loading.unpacking import unpack
from tillstream.core.clients.minio import STORE_AWAY, is_available
from tillstream.core.errors import FileRefusedError, InDoubtError, RetryableError

#: A file that is larger is not unpacked: it is held beside its text. A million rows of the widest dump are 40 MB.
MOST_PACKED = 256 << 20
#: Ours have 250 bytes.
MOST_OF_MANIFEST = 64 << 10


@dataclass(frozen=True)
class Landed:
    """A file that was read: its rows as text, with the number of each row's line, those that are broken, and what was changed in it as a whole."""

    announced: Announced
    sha256: str
    rows: pd.DataFrame
    extra_columns: list[str]
    broken: list[Broken] = field(default_factory=list)
    noted: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows the file has."""
        return len(self.rows) + len(self.broken)


def read(s3: Minio, announced: Announced) -> Landed:
    """Reads a file.

    Raises:
        FileRefusedError: it is not what its manifest or its contract says; the rule and the reason are in it.
        RetryableError: the bucket cannot be reached.
    """
    manifest = _manifest(_get(s3, announced.manifest_path, "the manifest", MOST_OF_MANIFEST), announced)
    body = _get(s3, announced.path, "the file", MOST_PACKED)
    digest = hashlib.sha256(body).hexdigest()
    text, noted = unpack(body, digest)
    if digest != manifest["sha256"]:
        raise FileRefusedError("checksum", "its SHA-256 is not the one that the manifest says", digest)
    contract, said = announced.contract, manifest["rows"]
    read_rows = read_csv if contract.format == "csv" else read_jsonl
    found = read_rows(text, contract, digest, Breakage(contract, said, digest))
    landed = Landed(announced, digest, found.rows, found.extra_columns, found.broken, noted | found.noted)
    if landed.count != said:
        first = f"; {len(found.broken):,} cannot be read, the first in line {found.broken[0].line:,}" if found.broken else ""
        raise FileRefusedError("row_count", f"it has {landed.count:,} rows, the manifest says {said:,}{first}", digest)
    return landed


def _get(s3: Minio, path: str, what: str, most: int) -> bytes:
    try:
        answer = s3.get_object(BUCKET, path)
        try:
            # As it lies there. Where it was sent as "Content-Encoding: gzip" urllib3 would unpack it, without bounds, and fail as if the store were away.
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
    """Whether the store is away, or gives only this object not: its bytes are damaged on the disk, say, which no waiting mends."""
    told = f"the object store does not give {what}: {type(error).__name__} {error.code if isinstance(error, S3Error) else ''}".rstrip()
    return InDoubtError(told) if is_available(s3, BUCKET) else RetryableError(told)


_SHA256 = re.compile("[0-9a-f]{64}")


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object, none of them twice: another reader may take the other one."""
    if len(found := dict(members)) != len(members):
        raise ValueError("a member twice")
    return found


def _manifest(body: bytes, announced: Announced) -> dict[str, Any]:
    """The manifest, each of its members of the type that it should be.

    Raises:
        FileRefusedError: it is no JSON, JSON of another shape, or another file's.
    """
    try:
        manifest = json.loads(body, object_pairs_hook=_once)
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
            raise FileRefusedError("manifest", f"its manifest is for another {name}", "")
    return manifest | {"sha256": str(digest).lower()}
