"""An analysis becomes a row or a reading by the names of its fields. No models are needed."""

import json
import sys
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from tillstream.core.analysis_fields import READ_AGAIN, TEXT_FIELDS


@dataclass
class Text:
    """Stand-in for the analysis of a text."""

    set_aside: str | None = None
    sentiment: float | None = 0.5
    topics: list[str] = field(default_factory=lambda: ["STAFF"])
    aspects: dict[str, float] = field(default_factory=lambda: {"STAFF": 0.5})
    redactions: dict[str, int] = field(default_factory=dict)
    embedding: bytes | None = b"\x00\xff"
    fingerprints: tuple[str, str] | None = ("a", "b")


@dataclass
class Call(Text):
    """Stand-in for the analysis of a call."""

    course: list[float] = field(default_factory=lambda: [-0.5, 0.25])
    resolved: bool = True


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> Any:
    analysis: Any = ModuleType("analysis")
    analysis.TextAnalysis, analysis.as_json, analysis.model_version = Text, json.dumps, lambda: "voice-1+x"
    embedding: Any = ModuleType("embedding")
    embedding.sketch = lambda packed: [len(packed)]
    monkeypatch.setitem(sys.modules, "flink_jobs.voice.text.analysis", analysis)
    monkeypatch.setitem(sys.modules, "flink_jobs.voice.text.embedding", embedding)
    monkeypatch.delitem(sys.modules, "flink_jobs.voice.results", raising=False)
    return import_module("flink_jobs.voice.results")


def test_a_row_has_each_field_in_its_place(results: Any) -> None:
    row = dict(zip((one.name for one in TEXT_FIELDS), results.row(Call()), strict=True))
    assert row["aspects"] == '{"STAFF": 0.5}'
    assert (row["fingerprint_a"], row["fingerprint_b"], row["sketch"], row["model"]) == ("a", "b", [2], "voice-1+x")
    assert (row["course"], row["resolved"], row["talk_share"]) == ([-0.5, 0.25], True, None)


def test_a_text_has_no_course_and_no_end(results: Any) -> None:
    row = dict(zip((one.name for one in TEXT_FIELDS), results.row(Text()), strict=True))
    assert (row["course"], row["resolved"]) == ([], None)
    reading = results.reading(Text())
    assert (reading["course"], reading["resolved"]) == (None, None)


def test_a_message_that_was_set_aside_has_its_reason_alone(results: Any) -> None:
    nothing = Text(set_aside="TOO_LONG", sentiment=None, topics=[], aspects={}, embedding=None, fingerprints=None)
    row = dict(zip((one.name for one in TEXT_FIELDS), results.row(nothing), strict=True))
    assert {name: value for name, value in row.items() if value not in (None, [], "{}")} == {"set_aside": "TOO_LONG", "model": "voice-1+x"}


def test_a_reading_can_be_written_as_json(results: Any) -> None:
    reading = results.reading(Call())
    assert list(reading) == [one.name for one in READ_AGAIN]
    assert json.loads(json.dumps(reading))["embedding"] == "00ff"
