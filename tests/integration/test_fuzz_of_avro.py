"""Run the fuzzer of Avro messages for some seconds, with the same cases each time. `make fuzz DOOR=avro` runs it for long."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz.avro import Door, broken
from tests.fuzz.avro.cases import Case, case
from tests.fuzz.avro.decoder import Decoded, Decoder, framed
from tests.fuzz.avro.messages import basket, encoded, feedback, line
from tests.fuzz.avro.oracle import BrokenPromiseError, check
from tests.fuzz.outcome import corpus_files
from tests.support.compose_platform import ROOT
from tillstream.core.avro_encoding import money
from tillstream.core.contracts import contracts

TILLS, TEXTS = contracts()["pos.transactions.v1"], contracts()["voice.feedback.v1"]


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with Decoder() as decoder:
        yield Door(decoder)


def test_no_case_of_the_corpus_breaks_the_promise(door: Door) -> None:
    cases = sorted((Case.of_json(path.read_bytes()) for path in corpus_files(ROOT / "tests/fuzz/corpus/avro")), key=lambda made: made.topic)
    assert len(cases) > 50
    assert broken(door, cases) == []


def test_no_case_that_is_made_up_breaks_the_promise(door: Door) -> None:
    draw = Random(20261127)  # noqa: S311 - the same each time
    cases = sorted((case(draw) for _ in range(1000)), key=lambda made: made.topic)
    assert broken(door, cases) == []


#: Without a deadline: an example may take a second on a busy machine. The oracle checks the processor time in the JVM.
BOUNDED = settings(
    max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@BOUNDED
@given(cents=st.integers(-(10**15), 10**15), quantity=st.integers(-(2**63), 2**63 - 1), store=st.text(max_size=80))
@example(cents=100_000_000, quantity=1_000_000, store="s" * 64)
@example(cents=100_000_001, quantity=1_000_001, store="s" * 65)
def test_a_basket_of_any_values_is_read_exactly_or_set_aside(door: Door, cents: int, quantity: int, store: str) -> None:
    record = basket(total_amount=money(cents), store_id=store, lines=[line(quantity=quantity)])
    one = Case(TILLS.topic, "hypothesis", {"schema": TILLS.text}, framed(1, encoded(TILLS.document, record)))
    decoded = door.decoded(one)
    check(one, decoded)
    fits = abs(cents) <= 10**8 and abs(quantity) <= 10**6 and 1 <= len(store) <= 64 and "\0" not in store
    assert (decoded.row is not None) == fits


@BOUNDED
@given(text=st.text(max_size=300))
def test_any_text_is_read_to_the_letter(door: Door, text: str) -> None:
    one = Case(TEXTS.topic, "hypothesis", {"schema": TEXTS.text}, framed(1, encoded(TEXTS.document, feedback(text=text))))
    decoded = door.decoded(one)
    check(one, decoded)
    assert decoded.row == ({**feedback(), "text": text} if "\0" not in text else None)


def test_the_oracle_sees_a_row_that_differs() -> None:
    one = Case(TILLS.topic, "x", {"schema": TILLS.text}, framed(1, encoded(TILLS.document, basket())))
    row = {**basket(), "total_amount": "1234.00", "lines": []}
    with pytest.raises(BrokenPromiseError, match=r"total_amount is '1234\.00'"):
        check(one, Decoded(row=row))
    for wrong in (
        Decoded(thrown="java.lang.ClassCastException"),
        Decoded(retried="x"),
        Decoded(reason="ODD: x", raw=one.message),
        Decoded(),
    ):
        with pytest.raises(BrokenPromiseError):
            check(one, wrong)
