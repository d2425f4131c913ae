"""Personal data found in a text, and its replacement by placeholders."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """A range of a text with personal data: start, end (exclusive) and kind, as in PHONE."""

    start: int
    end: int
    kind: str


def replaced(text: str, findings: list[Finding]) -> tuple[str, dict[str, int]]:
    """Replace each finding by its kind, as in `<PHONE>`. Return the text and the number of placeholders by kind.

    Overlapping findings become one placeholder, with the kind of the longest.
    """
    merged: list[Finding] = []
    for finding in sorted(findings):
        if merged and finding.start < merged[-1].end:
            last = merged.pop()
            longest = max((last, finding), key=lambda f: f.end - f.start)
            merged.append(Finding(last.start, max(last.end, finding.end), longest.kind))
        else:
            merged.append(finding)
    counts: dict[str, int] = {}
    parts, at = [], 0
    for finding in merged:
        parts += [text[at : finding.start], f"<{finding.kind}>"]
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
        at = finding.end
    return "".join([*parts, text[at:]]), counts
