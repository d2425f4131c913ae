"""Find what a job can start from: its checkpoints and savepoints in MinIO, and the note of its last submission."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from minio import Minio
from minio.error import S3Error

from tillstream.core.buckets import CHECKPOINTS
from tillstream.core.clients.minio import STORE_AWAY
from tillstream.core.errors import RetryableError
from tillstream.core.settings import JobSettings

#: Flink names a savepoint's folder by this many digits of the job's id.
_OF_ID = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A completed checkpoint or savepoint: its path, and when it was completed."""

    path: str
    written: datetime

    @property
    def of_any_state(self) -> bool:
        """Whether any state backend can read it. A savepoint is portable; a checkpoint can be read only by the backend that wrote it."""
        return self.path.startswith(f"s3://{CHECKPOINTS}/savepoints/")


@dataclass(frozen=True, slots=True)
class Note:
    """The note of a submission, kept in MinIO in case Flink forgets the job.

    Attributes:
        job_id: the id that the job runs under.
        restored_from: the path that the job was started from. It starts from there again if it never completed a checkpoint of its own.
        began_ms: when the job last started without state, in milliseconds since 1970; 0 if that was before notes had this field.
        state: the state backend, heap or rocksdb.
    """

    job_id: str
    restored_from: str = ""
    began_ms: int = 0
    state: str = "heap"


def newest(checkpoints: Iterable[Point], savepoints: Iterable[Point]) -> Point | None:
    """Return the point that was completed last, or None. The savepoint of a stopped job is newer than all of its checkpoints."""
    return max((*checkpoints, *savepoints), key=lambda point: point.written, default=None)


def _away(error: Exception) -> RetryableError:
    return RetryableError(f"the object store does not answer: {error}")


class RestorePoints:
    """The bucket of checkpoints. Every method raises RetryableError if the object store does not answer."""

    def __init__(self, settings: JobSettings) -> None:
        self._s3 = Minio(
            settings.s3_endpoint, access_key=settings.s3_user, secret_key=settings.s3_password.get_secret_value(), secure=False
        )

    def note(self, job: str) -> Note | None:
        """Return the note of a job's last submission, or None if it was never submitted."""
        try:
            note: dict[str, Any] = json.loads(self._s3.get_object(CHECKPOINTS, f"submitted/{job}.json").read())
        except STORE_AWAY as error:
            if isinstance(error, S3Error) and error.code == "NoSuchKey":
                return None
            raise _away(error) from error
        return Note(note["job_id"], note.get("restored_from", ""), note.get("began_ms", 0), note.get("state", "heap"))

    def keep(self, job: str, name: str, note: Note) -> None:
        """Write the note, unless the same note is already there."""
        if self.note(job) == note:
            return
        text = json.dumps(asdict(note) | {"name": name}).encode()
        try:
            self._s3.put_object(CHECKPOINTS, f"submitted/{job}.json", BytesIO(text), len(text))
        except STORE_AWAY as error:
            raise _away(error) from error

    def of(self, job_id: str) -> Point | None:
        """Return the newest checkpoint or savepoint of the run with this id.

        Savepoints count because Flink deletes the checkpoints of a stopped job: if its next start fails, the savepoint is all that is left.
        """
        return newest(self._complete(f"checkpoints/{job_id}/chk-"), self._complete(f"savepoints/savepoint-{job_id[:_OF_ID]}-"))

    def at(self, path: str) -> Point | None:
        """Return the checkpoint or savepoint at this path, or None if it has been deleted."""
        return next(iter(self._complete(path.removeprefix(f"s3://{CHECKPOINTS}/") + "/")), None)

    def last(self, job: str) -> Point | None:
        """Return what a stopped job starts from: the newest point of its last run, else the point which that run was started from."""
        note = self.note(job)
        if note is None:
            return None
        return self.of(note.job_id) or (self.at(note.restored_from) if note.restored_from else None)

    def _complete(self, prefix: str) -> list[Point]:
        """Return the completed checkpoints or savepoints whose paths begin with the prefix."""
        try:
            objects = list(self._s3.list_objects(CHECKPOINTS, prefix=prefix, recursive=True))
        except STORE_AWAY as error:
            raise _away(error) from error
        return [
            Point(f"s3://{CHECKPOINTS}/{o.object_name.removesuffix('/_metadata')}", o.last_modified)
            for o in objects
            if o.object_name.endswith("/_metadata")
        ]
