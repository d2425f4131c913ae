"""Turn a contract's limits into a condition of Spark SQL."""

from typing import Any


def condition(fields: list[dict[str, Any]], record: str = "") -> str:
    """Return the condition that each field of a record is within its limits. `record` is the prefix of the field names, as `l.`."""
    return " AND ".join(part for field in fields for part in _of(field, f"{record}`{field['name']}`"))


def _of(field: dict[str, Any], name: str) -> list[str]:
    kind = field["type"]
    nullable = isinstance(kind, list)
    form = next(branch for branch in kind if branch != "null") if nullable else kind
    parts = list(_parts(field, form, name))
    return [f"({name} IS NULL OR {part})" for part in parts] if nullable else parts


def _parts(field: dict[str, Any], form: Any, name: str) -> list[str]:
    if form == "string":
        allowed = ", ".join(f"'{value}'" for value in field.get("allowed", []))
        bounds = [f"LENGTH({name}) >= {field['minLength']}"] if field.get("minLength") else []
        bounds += [f"LENGTH({name}) <= {field['maxLength']}"] if "maxLength" in field and not allowed else []
        return bounds + ([f"{name} IN ({allowed})"] if allowed else [])
    if isinstance(form, dict) and form["type"] == "array":
        return [
            f"SIZE({name}) BETWEEN {field['minItems']} AND {field['maxItems']}",
            f"FORALL({name}, l -> {condition(form['items']['fields'], 'l.')})",
        ]
    if isinstance(form, dict) and form.get("logicalType") == "timestamp-micros":
        return _of_time(field, name)
    return [f"{name} BETWEEN {field['minimum']} AND {field['maximum']}"] if "minimum" in field else []


def _of_time(field: dict[str, Any], name: str) -> list[str]:
    parts = [f"{name} BETWEEN TIMESTAMP_MICROS({field['minimum']}) AND TIMESTAMP_MICROS({field['maximum']})"]
    if "maxAheadSeconds" in field:
        parts.append(f"{name} <= CURRENT_TIMESTAMP + INTERVAL '{field['maxAheadSeconds']}' SECOND")
    if "maxBehindSeconds" in field:
        parts.append(f"{name} >= CURRENT_TIMESTAMP - INTERVAL '{field['maxBehindSeconds']}' SECOND")
    return parts
