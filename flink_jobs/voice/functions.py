"""The job's functions in Python, called with batches of rows by a process beside the TaskManager."""

import io
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pandas as pd
from minio import Minio
from pyflink.table import DataTypes
from pyflink.table.udf import udf

from flink_jobs.settings import JobSettings

NICE = 10
#: Where what was set aside lies as it came, for a few days and for few eyes.
ORIGINALS = "voice-originals"
RESULT = DataTypes.ROW(
    [
        DataTypes.FIELD("set_aside", DataTypes.STRING()),
        DataTypes.FIELD("language", DataTypes.STRING()),
        DataTypes.FIELD("text", DataTypes.STRING()),
        DataTypes.FIELD("text_en", DataTypes.STRING()),
        DataTypes.FIELD("sentiment", DataTypes.DOUBLE()),
        DataTypes.FIELD("topics", DataTypes.ARRAY(DataTypes.STRING())),
        DataTypes.FIELD("aspects", DataTypes.STRING()),
        DataTypes.FIELD("intent", DataTypes.STRING()),
        DataTypes.FIELD("urgency", DataTypes.DOUBLE()),
        DataTypes.FIELD("redactions", DataTypes.STRING()),
        DataTypes.FIELD("embedding", DataTypes.BYTES()),
        DataTypes.FIELD("model", DataTypes.STRING()),
    ]
)


@lru_cache
def _prepared() -> Minio:
    """Done once a process: it gives way to the sales, and is what the kernel ends first where memory runs out."""
    # Linux keeps it by thread; those that come later have it from the one that makes them.
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, int(thread.name), NICE)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    settings = JobSettings()
    return Minio(
        settings.s3_endpoint.removeprefix("http://"),
        access_key=settings.s3_user,
        secret_key=settings.s3_password.get_secret_value(),
        secure=False,
    )


@udf(result_type=RESULT, func_type="pandas")
def understand(
    text: pd.Series, decode_error: pd.Series, raw: pd.Series, topic: pd.Series, partition: pd.Series, offset: pd.Series
) -> pd.DataFrame:
    """A row of RESULT for each message: of one that could not be decoded only `set_aside`, which is its reason.

    The message of what is set aside is put into the restricted bucket under its place in Kafka. Where that fails the job tries again from
    its last checkpoint; nothing else stops for it.
    """
    from flink_jobs.voice.understanding import Understood, as_json, model_version, understood

    store = _prepared()
    good = [i for i in range(len(text)) if pd.isna(decode_error.iloc[i])]
    made = [Understood(set_aside=None if pd.isna(reason) else str(reason)) for reason in decode_error]
    for i, one in zip(good, understood([text.iloc[i] or "" for i in good]), strict=True):
        made[i] = one
    for i, one in enumerate(made):
        if one.set_aside:
            original = (text.iloc[i] or "").encode() if i in good else bytes(raw.iloc[i] or b"")
            place = f"{topic.iloc[i]}/{partition.iloc[i]}/{offset.iloc[i]}"
            store.put_object(ORIGINALS, place, io.BytesIO(original), len(original))
    rows = [
        (
            one.set_aside, one.language, one.text, one.text_en, one.sentiment, one.topics, as_json(one.aspects), one.intent, one.urgency,
            as_json(one.redactions), one.embedding, model_version(),
        )
        for one in made
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=RESULT.field_names())
