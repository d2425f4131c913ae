"""Each way in which a file may not have become what it should is found."""

from dataclasses import replace

import pytest

from tillstream.verify.dumps import DoneFile, SentFile, compare_dumps

SENT = SentFile("a.csv.gz", "loyalty.points.v1", 10, None, frozenset({4}))
DONE = DoneFile("LOADED", "", 10, 9, 1, frozenset({4}), 9)


def problems(sent: SentFile, done: DoneFile | None) -> list[str]:
    return compare_dumps([sent], {sent.path: done} if done else {})[sent.dump].problems


def test_a_file_whose_rows_are_all_loaded_or_quarantined_holds() -> None:
    assert problems(SENT, DONE) == []


@pytest.mark.parametrize(
    "done",
    [
        None,
        replace(DONE, rows_in=9, rows_loaded=8),
        replace(DONE, rows_loaded=8),
        replace(DONE, lines=frozenset()),
        replace(DONE, lines=frozenset({5})),
        replace(DONE, in_table=8),
        replace(DONE, status="REFUSED", reason="checksum: another"),
        replace(DONE, status="REPEATED"),
    ],
)
def test_anything_else_is_a_problem(done: DoneFile | None) -> None:
    assert problems(SENT, done)


def test_a_broken_file_must_be_refused_by_its_own_rule() -> None:
    broken = replace(SENT, fault="half_file")
    refused = DoneFile("REFUSED", "half_file: only part of it has come", 0, 0, 0, frozenset(), None)
    assert problems(broken, refused) == []
    assert problems(broken, replace(refused, reason="checksum: another"))
    assert problems(broken, DONE)


def test_a_file_with_too_many_bad_rows_may_be_refused_whole() -> None:
    assert problems(SENT, DoneFile("REFUSED", "tolerance: 10.0% of its rows are bad, 2.0% may be", 10, 0, 0, frozenset(), 0)) == []
