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
        texts, calls = ([contact for contact in batch if contact["kind"] == kind] for kind in ("TEXT", "CALL"))
        of_texts = analyse_texts([text["text"] for text in texts], catalogue.current())
        of_calls = analyse_calls([json.dumps(turns_of(call["text"])) for call in calls], catalogue.current())
        for contact, analysis in zip([*texts, *calls], [*of_texts, *of_calls], strict=True):
            typer.echo(json.dumps(_reading(contact, analysis)))


def _reading(given: dict[str, str], analysis: "TextAnalysis") -> dict[str, Any]:
    from flink_jobs.voice.results import reading
    from flink_jobs.voice.text.analysis import model_version

    told = {name: given[name] for name in ("event_id", "day", "kind")} | {"model": model_version(), "set_aside": analysis.set_aside}
    return told | reading(analysis) if analysis.embedding else told
