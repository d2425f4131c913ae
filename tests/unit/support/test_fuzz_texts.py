"""A short run of the fuzzer of texts with the rules alone, and a check that it notices data that is not hidden."""

import random

from flink_jobs.voice.text.finding import Finding, replaced
from flink_jobs.voice.text.forms import forms
from flink_jobs.voice.text.names import cased
from flink_jobs.voice.text.normalisation import plain
from tests.fuzz.outcome import corpus_files
from tests.fuzz.texts import broken
from tests.fuzz.texts.planting import Planted, leaked, planted
from tests.support.compose_platform import ROOT

#: Number of texts. Each takes a millisecond.
TRIED = 1_500


def kept(text: str) -> str:
    """Return the text as the rules leave it. They find each planted name by the words before it."""
    looked = plain(text)
    return replaced(text, [Finding(*looked.back(f.start, f.end), f.kind) for f in forms(looked.text, cased(looked.text))])[0]


def test_nothing_that_is_planted_is_left_by_the_rules() -> None:
    draw = random.Random("rules")  # noqa: S311 - the same each time
    tried = [planted(draw) for _ in range(TRIED)]
    assert [(secret, one.text) for one in tried if (secret := leaked(one, kept(one.text)))] == []


def test_what_the_fuzzer_has_found_holds_now() -> None:
    found = [Planted.from_bytes(path.read_bytes()) for path in corpus_files(ROOT / "tests/fuzz/corpus/texts")]
    assert found
    assert [(secret, one.text) for one in found if (secret := leaked(one, kept(one.text)))] == []


def test_what_is_planted_is_seen_in_the_text_as_it_was_typed() -> None:
    draw = random.Random("typed")  # noqa: S311 - the same each time
    tried = [planted(draw) for _ in range(200)]
    # Codes such as "&#64;" and words for characters are not noticed.
    assert sum(leaked(one, one.text) is not None for one in tried) > 150


def test_each_broken_promise_is_told() -> None:
    given = Planted("call 612345678 now", (("PHONE_ES", "612345678"),))
    kept_clear = {"set_aside": None, "text": "call 612-345-678 now", "text_en": "call <PHONE> now"}
    assert [wrong[:8] for wrong in broken(given, kept_clear, None)] == ["text has"]
    failed = {"set_aside": "FAILED: ValueError", "text": None, "text_en": None}
    assert list(broken(given, failed, None)) == ["FAILED: ValueError"]
    alone = {"set_aside": None, "text": "call <PHONE> now", "text_en": None, "seconds": 9.0}
    together = {"set_aside": None, "text": "call <PHONE>now", "text_en": None}
    assert [wrong[:8] for wrong in broken(given, together, alone)] == ["it took ", "alone it"]
