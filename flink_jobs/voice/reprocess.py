"""Analyse texts and calls again, for `make reread`: `tillstream jobs reprocess`.

Each line of standard input is a JSON object with kind, event_id, day and the safe text. Standard output gets the new analysis of each.
"""

import json
import sys
import warnings
from typing import TYPE_CHECKING, Any

import typer

from flink_jobs.voice.analyse_lines import batched

if TYPE_CHECKING:
    from flink_jobs.voice.text.analysis import TextAnalysis


def reprocess_lines() -> None:
    """Analyse all of standard input. A text that is set aside this time has only `set_aside`, the reason."""
    warnings.filterwarnings("ignore", message=".*was trained with spaCy")
    from flink_jobs.voice.calls.analysis import analyse_calls, turns_of
    from flink_jobs.voice.functions import lower_priority
    from flink_jobs.voice.text.analysis import analyse_texts
    from flink_jobs.voice.text.entity_linking import ReferenceCatalogue
    from tillstream.core.settings import JobSettings

    lower_priority()
    catalogue = ReferenceCatalogue(JobSettings())
    for batch in batched(json.loads(line) for line in sys.stdin if line.strip()):
        texts, calls = ([one for one in batch if one["kind"] == kind] for kind in ("TEXT", "CALL"))
        read = analyse_texts([text["text"] for text in texts], catalogue.current())
        heard = analyse_calls([json.dumps(turns_of(call["text"])) for call in calls], catalogue.current())
        for given, one in zip([*texts, *calls], [*read, *heard], strict=True):
            typer.echo(json.dumps(_reading(given, one)))


def _reading(given: dict[str, str], one: "TextAnalysis") -> dict[str, Any]:
    from flink_jobs.voice.calls.analysis import CallAnalysis
    from flink_jobs.voice.text.analysis import as_json, model_version
    from flink_jobs.voice.text.embedding import sketch

    reading = {
        "event_id": given["event_id"],
        "day": given["day"],
        "kind": given["kind"],
        "model": model_version(),
        "set_aside": one.set_aside,
    }
    if not one.embedding:
        return reading
    call = one if isinstance(one, CallAnalysis) else None
    return reading | {
        "sentiment": one.sentiment,
        "topics": one.topics,
        "aspects": as_json(one.aspects),
        "intent": one.intent,
        "urgency": one.urgency,
        "products_named": one.products_named,
        "embedding": one.embedding.hex(),
        "sketch": sketch(one.embedding),
        "course": call.course if call else None,
        "resolved": call.resolved if call else None,
    }
