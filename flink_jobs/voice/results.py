"""Select the results that are kept of the analysis of a text or call, by the names of the fields."""

from typing import Any

from flink_jobs.voice.text.analysis import TextAnalysis, as_json, model_version
from flink_jobs.voice.text.embedding import sketch
from tillstream.core.analysis_fields import READ_AGAIN, TEXT_FIELDS


def result(analysis: TextAnalysis) -> dict[str, Any]:
    """Return the fields by name. A text has no call-only fields."""
    first, second = analysis.fingerprints or (None, None)
    return vars(analysis) | {
        "aspects": as_json(analysis.aspects),
        "redactions": as_json(analysis.redactions),
        "sketch": sketch(analysis.embedding) if analysis.embedding else [],
        "fingerprint_a": first,
        "fingerprint_b": second,
        "model": model_version(),
    }


def row(analysis: TextAnalysis) -> tuple[Any, ...]:
    """Return the row of TEXT_FIELDS."""
    kept = result(analysis)
    return tuple(kept.get(field.name, [] if field.type.items else None) for field in TEXT_FIELDS)


def reading(analysis: TextAnalysis) -> dict[str, Any]:
    """Return the fields of a repeated analysis as JSON values: bytes as hex, null for a field that texts do not have."""
    kept = result(analysis)
    return {field.name: _in_json(kept.get(field.name)) for field in READ_AGAIN}


def _in_json(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value
