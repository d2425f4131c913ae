"""The job's UDF for texts and calls. A Python process beside the TaskManager calls it with batches of rows."""

import io
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import pandas as pd
from minio import Minio
from pyflink.table.udf import udf

from flink_jobs.common.row_types import row_type
from flink_jobs.voice.text.bounds import each_alone, without_values
from flink_jobs.voice.text.entity_linking import Catalogue, ReferenceCatalogue
from tillstream.core.analysis_fields import TEXT_FIELDS
from tillstream.core.buckets import ORIGINALS
from tillstream.core.settings import JobSettings

T = TypeVar("T")
Reader = Callable[[list[str], Catalogue], Sequence[T]]
NICE = 10
RESULT = row_type(TEXT_FIELDS)


def lower_priority() -> None:
    """Lower the priority of this process below the sales job's, and make it the first that the kernel kills if memory runs out. Call once a process."""
    # Linux keeps priorities per thread; a new thread inherits that of its creator.
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, int(thread.name), NICE)
            # A batch thread that wakes up does not preempt others.
            os.sched_setscheduler(int(thread.name), os.SCHED_BATCH, os.sched_param(0))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def originals_store() -> Minio:
    """Return a client of the object store as the job's user, who may write originals and copies and read photos."""
    settings = JobSettings()
    return Minio(
        settings.s3_endpoint,
        access_key=settings.originals_user,
        secret_key=settings.originals_password.get_secret_value(),
        secure=False,
    )


@lru_cache
def _prepared() -> tuple[Minio, ReferenceCatalogue]:
    lower_priority()
    return originals_store(), ReferenceCatalogue(JobSettings())


def _with_catalogue(reader: Reader[T], catalogue: Catalogue) -> Callable[[list[str]], Sequence[T]]:
    return lambda texts: reader(texts, catalogue)


@udf(result_type=RESULT, func_type="pandas")
def understand(
    kind: pd.Series, said: pd.Series, decode_error: pd.Series, raw: pd.Series, topic: pd.Series, partition: pd.Series, offset: pd.Series
) -> pd.DataFrame:
    """Return a row of RESULT for each message. If a message is set aside, its row has only `set_aside`, the reason.

    `said` is a TEXT, or the JSON of a CALL's turns. The original of a message that is set aside is written to the restricted bucket under its
    place in Kafka. If that fails, or if the catalogue could never be read, the job tries again from its last checkpoint.
    """
    from flink_jobs.voice.calls.analysis import analyse_calls
    from flink_jobs.voice.results import row
    from flink_jobs.voice.text.analysis import TextAnalysis, analyse_texts

    store, catalogue = _prepared()
    readers: dict[str, Reader[TextAnalysis]] = {"TEXT": analyse_texts, "CALL": analyse_calls}
    analyses: dict[int, TextAnalysis] = {
        i: TextAnalysis(set_aside=without_values(str(reason))) for i, reason in enumerate(decode_error) if not pd.isna(reason)
    }
    for name, reader in readers.items():
        indices = [i for i in range(len(said)) if i not in analyses and kind.iloc[i] == name]
        texts = [said.iloc[i] or "" for i in indices]
        analyses |= zip(indices, each_alone(_with_catalogue(reader, catalogue.current()), TextAnalysis, texts), strict=True)
    rows = []
    for i in range(len(said)):
        analysis = analyses[i]
        if analysis.set_aside:
            original = (said.iloc[i] or "").encode(errors="surrogatepass") if pd.isna(decode_error.iloc[i]) else bytes(raw.iloc[i] or b"")
            place = f"{topic.iloc[i]}/{partition.iloc[i]}/{offset.iloc[i]}"
            store.put_object(ORIGINALS, place, io.BytesIO(original), len(original))
        rows.append(row(analysis))
    return pd.DataFrame(rows, columns=[field.name for field in TEXT_FIELDS])
