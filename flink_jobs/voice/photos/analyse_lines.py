"""Analyse photos line by line: `tillstream jobs analyse-photos`.

Each line of standard input is a photo in base64. Standard output gets a JSON object for each, with the safe copy in base64.
"""

import base64
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from typing import Any

import typer

from flink_jobs.voice.photos.threads import THREADS


def analyse_lines() -> None:
    """Analyse all of standard input. `seconds` is CPU time; `began` and `ended` are clock times. The models are loaded before the first photo."""
    with ThreadPoolExecutor(THREADS, initializer=_prepare) as threads:
        for answer in threads.map(_answer, sys.stdin):
            typer.echo(answer)


def _prepare() -> None:
    import numpy as np

    from flink_jobs.voice.photos.looking import analyse_photo
    from flink_jobs.voice.photos.picture import jpeg

    analyse_photo(jpeg(np.full((200, 200, 3), 255, np.uint8)))


def _answer(line: str) -> str:
    from flink_jobs.voice.photos.looking import analyse_photo

    began, cpu = time.time(), time.thread_time()
    analysis = asdict(analyse_photo(base64.b64decode(line)))
    analysis.pop("thumbnail")
    analysis |= {"seconds": round(time.thread_time() - cpu, 3), "began": began, "ended": time.time()}
    analysis["safe_copy"] = base64.b64encode(analysis["safe_copy"] or b"").decode()
    return json.dumps(analysis, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
