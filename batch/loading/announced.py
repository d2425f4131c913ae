"""List the files that are announced in the landing bucket.

A file is announced by its manifest. An announcement whose path alone makes a run impossible is listed as misplaced.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from minio import Minio

from batch.partitions import why_no_partition
from tillstream.core.buckets import LANDING
from tillstream.core.clients.minio import STORE_AWAY
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.errors import RetryableError

MANIFEST = ".manifest.json"
#: A manifest has about 300 bytes. A larger one is not fetched, because it would be parsed in the loader's memory.
MANIFEST_AT_MOST = 65_536
#: Dump name in lake.quality.files for a path that belongs to no contract.
UNKNOWN_DUMP = "unknown"


@dataclass(frozen=True)
class Announced:
    """A file whose manifest has arrived, so the file itself is complete."""

    manifest_path: str
    dump: str
    business_date: date
    sent_at: datetime
    #: ETag of the manifest. It changes with the content of the file.
    etag: str

    @property
    def contract(self) -> DumpContract:
        """The contract of the dump."""
        return dump_contracts()[self.dump]

    @property
    def path(self) -> str:
        """Path of the file in the bucket."""
        return _path(self.manifest_path, self.dump)


@dataclass(frozen=True)
class Misplaced:
    """An announcement for which no run can be requested. It is refused once and its file is not read."""

    path: str
    etag: str
    dump: str
    #: None if the folder name is not a date.
    business_date: date | None
    reason: str


class Landing(NamedTuple):
    """The announced files and the misplaced announcements of the bucket."""

    files: list[Announced]
    misplaced: list[Misplaced]


def landing_bucket(s3: Minio, today: date) -> Landing:
    """Return every announcement: the files in the order they were sent, and the misplaced ones.

    Raises:
        RetryableError: the bucket cannot be listed.
    """
    files, misplaced = [], []
    try:
        for item in s3.list_objects(LANDING, recursive=True):
            if not str(item.object_name).endswith(MANIFEST):
                continue
            announcement = place(item.object_name, str(item.etag), item.last_modified, item.size or 0, today)
            if isinstance(announcement, Misplaced):
                misplaced.append(announcement)
            else:
                files.append(announcement)
    except STORE_AWAY as error:
        raise RetryableError(f"the landing bucket cannot be listed: {error}") from error
    return Landing(sorted(files, key=lambda a: (a.sent_at, a.manifest_path)), misplaced)


def announced_files(s3: Minio, today: date) -> list[Announced]:
    """Return the announced files without the misplaced announcements."""
    return landing_bucket(s3, today).files


def place(manifest_path: str, etag: str, sent_at: datetime, size: int, today: date) -> Announced | Misplaced:
    """Return the announcement at a path, or a `Misplaced` with the reason why no run can be requested for it.

    The path has the form `<system>/<dump>/<business date>/<name>.manifest.json`. The business date comes from the folder, so that a file
    with a broken manifest has one too.
    """
    parts = manifest_path.split("/")
    if len(parts) != 4 or (dump := f"{parts[0]}.{parts[1]}.v1") not in dump_contracts():
        reason = "unknown_dump: its path is not that of a dump, <system>/<dump>/<business date>/<file>"
        return Misplaced(manifest_path, etag, UNKNOWN_DUMP, _day(parts[2]) if len(parts) == 4 else None, reason)
    path, day = _path(manifest_path, dump), _day(parts[2])
    if day is None:
        return Misplaced(path, etag, dump, None, f"business_date: its folder {parts[2]!r:.60} is not a date; write it as {today}")
    if why := why_no_partition(day, today):
        return Misplaced(path, etag, dump, day, f"business_date: {why}")
    if size > MANIFEST_AT_MOST:
        return Misplaced(path, etag, dump, day, f"manifest: it has {size:,} bytes, at most {MANIFEST_AT_MOST:,} may be")
    return Announced(manifest_path, dump, day, sent_at, etag)


def _path(manifest_path: str, dump: str) -> str:
    return f"{manifest_path.removesuffix(MANIFEST)}.{dump_contracts()[dump].format}.gz"


def _day(folder: str) -> date | None:
    """Parse a folder name such as 2026-11-21; return None for anything else.

    Python also parses 20261121 and 2026-W47-6. They are rejected, because one day would have three folders.
    """
    try:
        day = date.fromisoformat(folder)
    except ValueError:
        return None
    return day if str(day) == folder else None
