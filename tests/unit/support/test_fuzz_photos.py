"""A short run of the fuzzer of photos: it finds the faults that it must find."""

from pathlib import Path

import pytest

from tests.fuzz import photos
from tests.fuzz.photos import ROOT, run

SEED = 17


def test_no_file_that_is_made_up_breaks_the_promise(tmp_path: Path) -> None:
    kept = tmp_path / "photos"
    kept.mkdir()
    for path in (ROOT / "tests/fuzz/corpus/photos").glob("*.bin"):
        (kept / path.name).write_bytes(path.read_bytes())
    outcome = run(8, kept, SEED)
    assert outcome.findings == []
    assert outcome.inputs > 100


def test_the_fuzzer_sees_a_reader_that_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(data: bytes) -> object:
        raise ZeroDivisionError(len(data))

    monkeypatch.setattr(photos, "opened", careless)
    outcome = run(0.3, tmp_path, SEED)
    assert any("ZeroDivisionError" in finding for finding in outcome.findings)
    assert outcome.kept
