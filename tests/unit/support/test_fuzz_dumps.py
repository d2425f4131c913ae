"""A short run of the fuzzer of dumps: no file breaks a promise, and the fuzzer notices a promise that is broken on purpose."""

import random
import re
import shutil
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch.loading import values
from tests.fuzz import dumps
from tests.fuzz.dumps.files import make
from tests.fuzz.dumps.promise import broken_promises, checked_by, tolerance
from tests.support.dump_rows import known
from tillstream.core.contracts import dump_contracts

CORPUS = Path(dumps.__file__).parent.parent / "corpus" / "dumps"
KEYS = known()
pytestmark = pytest.mark.filterwarnings("ignore")  # warnings of libraries that Great Expectations uses


def test_what_the_corpus_keeps_becomes_what_it_became(tmp_path: Path) -> None:
    outcome = dumps.run(0, shutil.copytree(CORPUS, tmp_path / "corpus"), 1)
    assert outcome.inputs >= 20
    assert outcome.findings == []


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.sampled_from(sorted(dump_contracts())))
def test_no_file_breaks_a_promise(seed: int, dump: str) -> None:
    draw = random.Random(seed)  # noqa: S311 - a simulation
    contract = dump_contracts()[dump]
    with tolerance(contract, draw.choice([1.0, contract.tolerance])), checked_by(model=True), warnings.catch_warnings():
        assert broken_promises(make(contract, draw), KEYS, Path("unused"))[1] == []


@pytest.mark.parametrize(
    ("pattern", "broken"),
    [
        ("_SPREADSHEET", "never"),  # an identifier whose digits a spreadsheet has cut off is loaded
        ("_DECIMAL", "[^I]*"),  # an amount of money that is not a plain number raises an exception
    ],
)
def test_the_fuzzer_sees_a_promise_that_is_broken(pattern: str, broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, pattern, re.compile(broken))
    draw = random.Random(3)  # noqa: S311 - a simulation
    contract = dump_contracts()["inventory.restocks.v1"]
    with tolerance(contract, 1.0), checked_by(model=True):
        assert any(broken_promises(make(contract, draw), KEYS, Path("unused"))[1] for _ in range(60))
