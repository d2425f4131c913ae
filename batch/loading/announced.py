"""What was announced in the landing bucket: files that can be asked for, and those of which the place alone says that they cannot."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from minio import Minio

from batch.partitions import why_no_partition
from tillstream.core.clients.minio import STORE_AWAY
from tillstream.core.contracts import DumpContract, dump_contracts
from tillstream.core.errors import RetryableError

BUCKET = "landing"
MANIFEST = ".manifest.json"
#: A manifest has 300 bytes. A larger one is not even fetched: it would be parsed in the memory of the process that loads.
MANIFEST_AT_MOST = 65_536
#: What lake.quality.files names as the dump where no contract has that name. The path has the rest.
UNKNOWN_DUMP = "unknown"


@dataclass(frozen=True)
class Announced:
    """A file whose manifest has come, so that it is whole."""

    manifest_path: str
    dump: str
    business_date: date
    sent_at: datetime
    #: Changes with the content: the manifest's own ETag.
    etag: str

    @property
    def contract(self) -> DumpContract:
        """The dump's contract."""
        return dump_contracts()[self.dump]

    @property
    def path(self) -> str:
        """Where the file itself is."""
        return _path(self.manifest_path, self.dump)


@dataclass(frozen=True)
class Misplaced:
    """An announcement that no run can be asked for. It is refused once, and its file is not read."""

    path: str
    etag: str
    dump: str
    #: None where the folder is no day.
    business_date: date | None
    reason: str


class Landing(NamedTuple):
    """What is in the bucket."""

    files: list[Announced]
    misplaced: list[Misplaced]


def landing_bucket(s3: Minio, today: date) -> Landing:
    """Every announcement: the files in the order they were sent, and what is misplaced.

    Raises:
        RetryableError: the bucket cannot be listed.
    """
    files, misplaced = [], []
    try:
        for found in s3.list_objects(BUCKET, recursive=True):
            if not str(found.object_name).endswith(MANIFEST):
                continue
            placed = place(found.object_name, str(found.etag), found.last_modified, found.size or 0, today)
            if isinstance(placed, Misplaced):
                misplaced.append(placed)
            else:
                files.append(placed)
    except STORE_AWAY as error:
        raise RetryableError(f"the landing bucket cannot be listed: {error}") from error
    return Landing(sorted(files, key=lambda a: (a.sent_at, a.manifest_path)), misplaced)


def announced_files(s3: Minio, today: date) -> list[Announced]:
    """The files alone."""
    return landing_bucket(s3, today).files


def place(manifest_path: str, etag: str, sent_at: datetime, size: int, today: date) -> Announced | Misplaced:
    """The announcement by its path, `<system>/<dump>/<business date>/<name>.manifest.json`, or why it can have no run.

    The business date is the folder's, so that a file with a broken manifest has one too.
    """
    parts = manifest_path.split("/")
    if len(parts) != 4 or (dump := f"{parts[0]}.{parts[1]}.v1") not in dump_contracts():
        told = "unknown_dump: its folders are not those of a dump, <system>/<dump>/<business date>/"
        return Misplaced(manifest_path, etag, UNKNOWN_DUMP, _day(parts[2]) if len(parts) == 4 else None, told)
    path, day = _path(manifest_path, dump), _day(parts[2])
    if day is None:
        return Misplaced(path, etag, dump, None, f"business_date: its folder {parts[2]!r:.60} is no day such as {today}")
    if why := why_no_partition(day, today):
        return Misplaced(path, etag, dump, day, f"business_date: {why}")
    if size > MANIFEST_AT_MOST:
        return Misplaced(path, etag, dump, day, f"manifest: it has {size:,} bytes, at most {MANIFEST_AT_MOST:,} may be")
    return Announced(manifest_path, dump, day, sent_at, etag)


def _path(manifest_path: str, dump: str) -> str:
    return f"{manifest_path.removesuffix(MANIFEST)}.{dump_contracts()[dump].format}.gz"


def _day(folder: str) -> date | None:
    """The day, where it is written as in 2026-11-21. Python would take 20261121 and 2026-W47-6 too, and a day would have three folders."""
    try:
        day = date.fromisoformat(folder)
    except ValueError:
        return None
    return day if str(day) == folder else None
