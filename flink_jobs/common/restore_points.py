"""What a job may start from: the checkpoints and savepoints in MinIO, and the note of its last submission."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from minio import Minio
from minio.error import S3Error

from tillstream.core.settings import JobSettings

BUCKET = "flink"
#: A savepoint's folder is named by the first digits of its job's id.
_OF_ID = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A checkpoint or savepoint that was written to its end: its path, and when."""

    path: str
    written: datetime

    @property
    def of_any_state(self) -> bool:
        """Whether it fits wherever state is to lie. Of savepoints that is so; a checkpoint is read by the kind that wrote it."""
        return self.path.startswith(f"s3://{BUCKET}/savepoints/")


@dataclass(frozen=True, slots=True)
class Note:
    """What is kept of a submission, for the day on which nothing else knows it.

    Attributes:
        job_id: the id that the job runs under.
        began_ms: when it last began without state, in milliseconds since 1970; 0 where that was before this was noted.
        state: where its state lies, heap or rocksdb.
        restored_from: what it was started from; from there it starts again where it never came to a checkpoint of its own.
    """

    job_id: str
    restored_from: str = ""
    began_ms: int = 0
    state: str = "heap"


def newest(checkpoints: Iterable[Point], savepoints: Iterable[Point]) -> Point | None:
    """What was written last, for it holds most. A stopped job's savepoint is newer than any of its checkpoints."""
    return max((*checkpoints, *savepoints), key=lambda point: point.written, default=None)


class RestorePoints:
    """The bucket of checkpoints."""

    def __init__(self, settings: JobSettings) -> None:
        endpoint = settings.s3_endpoint.removeprefix("http://")
        self._s3 = Minio(endpoint, access_key=settings.s3_user, secret_key=settings.s3_password.get_secret_value(), secure=False)

    def note(self, job: str) -> Note | None:
        """The note of a job's last submission; None where it was never submitted."""
        try:
            told: dict[str, Any] = json.loads(self._s3.get_object(BUCKET, f"submitted/{job}.json").read())
        except S3Error as error:
            if error.code == "NoSuchKey":
                return None
            raise
        return Note(told["job_id"], told.get("restored_from", ""), told.get("began_ms", 0), told.get("state", "heap"))

    def keep(self, job: str, name: str, note: Note) -> None:
        """Writes the note, where it is not so already."""
        if self.note(job) == note:
            return
        text = json.dumps(asdict(note) | {"name": name}).encode()
        self._s3.put_object(BUCKET, f"submitted/{job}.json", BytesIO(text), len(text))

    def of(self, job_id: str) -> Point | None:
        """The newest checkpoint or savepoint of the run of that id.

        Flink deletes the checkpoints of a job that was stopped: without its savepoint the start after one that failed would be afresh.
        """
        return newest(self._complete(f"checkpoints/{job_id}/chk-"), self._complete(f"savepoints/savepoint-{job_id[:_OF_ID]}-"))

    def at(self, path: str) -> Point | None:
        """The checkpoint or savepoint of that path, where it is still there."""
        return next(iter(self._complete(path.removeprefix(f"s3://{BUCKET}/") + "/")), None)

    def last(self, job: str) -> Point | None:
        """What the job starts from that does not run: the newest of its last run, or what that run was started from."""
        note = self.note(job)
        if note is None:
            return None
        return self.of(note.job_id) or (self.at(note.restored_from) if note.restored_from else None)

    def _complete(self, prefix: str) -> list[Point]:
        """The checkpoints or savepoints whose paths begin so and that were written to their end."""
        objects = self._s3.list_objects(BUCKET, prefix=prefix, recursive=True)
        return [
            Point(f"s3://{BUCKET}/{o.object_name.removesuffix('/_metadata')}", o.last_modified)
            for o in objects
            if o.object_name.endswith("/_metadata")
        ]
