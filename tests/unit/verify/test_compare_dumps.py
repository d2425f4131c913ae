"""A file of a dump that was not loaded or refused as it should be is found."""

from dataclasses import replace

import pytest

from tillstream.core.contracts import dump_contracts
from tillstream.verify.dumps import DoneFile, SentFile, compare_dumps, planted

RULE = "points: range"
SENT = SentFile("a.csv.gz", "loyalty.points.v1", 10, None, frozenset({(4, RULE)}))
DONE = DoneFile("LOADED", "", 10, 9, 1, frozenset({(4, RULE)}), 9)


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
        replace(DONE, quarantined=frozenset()),
        replace(DONE, quarantined=frozenset({(5, RULE)})),
        replace(DONE, quarantined=frozenset({(4, "kind: allowed")})),
        replace(DONE, rows_loaded=8, rows_quarantined=2, in_table=8, quarantined=frozenset({(4, RULE), (5, RULE)})),
        replace(DONE, in_table=8),
        replace(DONE, status="REFUSED", reason="checksum: another"),
        replace(DONE, status="REPEATED"),
    ],
)
def test_anything_else_is_a_problem(done: DoneFile | None) -> None:
    assert problems(SENT, done)


def test_rows_that_were_set_aside_long_ago_are_not_looked_for_and_the_counts_are() -> None:
    gone = replace(DONE, quarantined=None)
    assert problems(SENT, gone) == []
    assert problems(SENT, replace(gone, rows_loaded=8))


def test_a_broken_file_must_be_refused_by_its_own_rule() -> None:
    broken = replace(SENT, fault="half_file")
    refused = DoneFile("REFUSED", "half_file: only part of it has come", 0, 0, 0, frozenset(), None)
    assert problems(broken, refused) == []
    assert problems(broken, replace(refused, reason="checksum: another"))
    assert problems(broken, DONE)


def test_a_file_with_too_many_bad_rows_may_be_refused_whole() -> None:
    assert problems(SENT, DoneFile("REFUSED", "tolerance: 10.0% of its rows are bad, 2.0% may be", 10, 0, 0, frozenset(), 0)) == []


def test_a_small_file_may_be_refused_for_a_row_that_refers_to_one_set_aside() -> None:
    whole = SentFile("b.jsonl.gz", "inventory.restocks.v1", 35, None, frozenset())
    refused = DoneFile(
        "REFUSED", "tolerance: 2.9% of its rows are bad, 2.0% may be; most often 'supplier_id: known', 1 times", 0, 0, 0, frozenset(), 0
    )
    suppliers = SentFile("a.csv.gz", "inventory.suppliers.v1", 10, None, frozenset({(4, "email: type and standard")}))
    done = {"b.jsonl.gz": refused, "a.csv.gz": replace(DONE, quarantined=suppliers.planted, in_table=None)}
    assert not compare_dumps([whole, suppliers], done)[whole.dump].problems
    assert compare_dumps([whole, replace(suppliers, planted=frozenset())], done)[whole.dump].problems
    other = replace(refused, reason=refused.reason.replace("supplier_id: known", "unit_cost: range"))
    assert compare_dumps([whole, suppliers], done | {"b.jsonl.gz": other})[whole.dump].problems


def test_a_fault_under_another_rules_name_is_a_problem_and_one_that_breaks_two_rules_is_none() -> None:
    assert problems(SENT, replace(DONE, quarantined=frozenset({(4, RULE), (4, "a reward takes points off")}))) == []
    (problem,) = problems(SENT, replace(DONE, quarantined=frozenset({(4, "kind: allowed")})))
    assert problem == "a.csv.gz: line 4 breaks 'points: range', but was quarantined under 'kind: allowed'"


def test_a_row_that_refers_to_one_set_aside_is_counted_as_a_consequence() -> None:
    done = replace(DONE, rows_loaded=8, rows_quarantined=2, in_table=8, quarantined=frozenset({(4, RULE), (7, "member_id: known")}))
    total = compare_dumps([SENT], {SENT.path: done})[SENT.dump]
    assert (total.problems, total.planted, total.consequences) == ([], 1, 1)


def test_each_planted_fault_has_its_own_rule_and_a_ledger_of_before_names_none() -> None:
    points, members = dump_contracts()["loyalty.points.v1"], dump_contracts()["loyalty.members.v1"]
    faults = '[["impossible_value", 1, "points"], ["orphan", 2, "member_id"], ["duplicate_key", 3, ""], ["orphan", 9]]'
    assert list(planted(points, faults)) == [(2, "points: range"), (3, "member_id: known"), (4, "entry_id: unique key"), (10, "")]
    faults = '[["bad_contact", 1, "email"], ["impossible_value", 2, "tier"], ["impossible_value", 3, "country"]]'
    assert [rule for _, rule in planted(members, faults)] == ["email: type and standard", "tier: allowed", "country: type and standard"]


def test_a_fault_without_a_rules_name_must_be_in_the_quarantine_all_the_same() -> None:
    before = replace(SENT, planted=frozenset({(4, "")}))
    assert problems(before, DONE) == []
    assert problems(before, replace(DONE, quarantined=frozenset({(5, "member_id: known")})))
