"""An event that is lost, counted twice or changed is found and named."""

import sys
from collections import Counter
from dataclasses import replace

import pytest

from tests.support.evidence import ID, TOPIC, evidence, sent, what
from tillstream.core.topology import PHOTOS
from tillstream.verify.collect import LINES_A_QUERY, event_id_of, slices
from tillstream.verify.compare import compare
from tillstream.verify.evidence import LandedEvent
from tillstream.verify.photos import locate_photo


def test_all_in_its_place_is_no_problem() -> None:
    verdict = compare(evidence())
    assert verdict.problems == []
    assert verdict.wrong_minutes == {}
    assert verdict.totals[TOPIC].lake == 1


def test_a_missing_event_is_named() -> None:
    verdict = compare(evidence(lake={}))
    assert verdict.problems[0].name == ID
    assert "missing in the lake" in verdict.problems[0].what
    assert verdict.wrong_minutes == {(TOPIC, 5): (1, 0)}


def test_an_event_counted_twice_is_named() -> None:
    verdict = compare(evidence(lake={ID: LandedEvent(TOPIC, 5, 4, 2, 998)}))
    assert what(verdict) == ["counted twice: 4 rows of 2 lines"]


def test_half_an_event_is_found() -> None:
    assert what(compare(evidence(lake={ID: LandedEvent(TOPIC, 5, 1, 1, 200)}))) == ["1 lines in the lake, 2 sent"]


def test_a_cent_too_much_is_found() -> None:
    assert what(compare(evidence(lake={ID: LandedEvent(TOPIC, 5, 2, 2, 500)}))) == ["5.00 in the lake, 4.99 sent"]


def test_an_event_in_another_minute_is_found() -> None:
    assert compare(evidence(lake={ID: LandedEvent(TOPIC, 6, 2, 2, 499)})).wrong_minutes == {(TOPIC, 5): (1, 0), (TOPIC, 6): (0, 1)}


def test_a_message_in_doubt_may_be_there_or_not() -> None:
    assert compare(evidence(sent=[sent(offset=None)], kafka={}, lake={})).problems == []
    assert compare(evidence(sent=[sent(offset=None)])).problems == []


def test_a_message_in_doubt_that_is_in_kafka_must_be_in_the_lake() -> None:
    assert what(compare(evidence(sent=[sent(offset=None)], lake={}))) == ["missing in the lake"]


def test_a_duplicate_is_two_copies_and_one_event() -> None:
    both = evidence(sent=[sent(), sent("duplicate", offset=1)], kafka={(TOPIC, 0, 0): ID, (TOPIC, 0, 1): ID})
    assert compare(both).problems == []
    both.kafka[TOPIC, 0, 2] = ID
    assert what(compare(both)) == ["in Kafka 3 times, sent 2"]


def test_what_kafka_no_longer_keeps_is_not_missed_there() -> None:
    assert compare(evidence(kafka={}, low={(TOPIC, 0): 1})).problems == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("future", "IMPOSSIBLE_VALUE"), ("junk", "UNFRAMED"), ("truncated", "UNDECODABLE"), ("wrong_schema", "UNKNOWN_SCHEMA")],
)
def test_a_bad_message_is_in_the_dead_letters_with_its_reason(fault: str, kind: str) -> None:
    place = (TOPIC, 0, 9)
    whole = evidence(sent=[sent(), sent(fault, "bad", 9)], dead=Counter([place]), dead_kinds={place: kind}, dead_topic={place})
    whole.kafka[place] = None
    assert compare(whole).problems == []


def test_a_bad_message_that_is_nowhere_is_named_by_its_place() -> None:
    whole = evidence(sent=[sent(), sent("junk", "bad", 9)])
    whole.kafka[TOPIC, 0, 9] = None
    (problem,) = compare(whole).problems
    assert (problem.what, problem.name) == ("junk: not in the dead letters", f"{TOPIC}[0]@9")


def test_a_bad_message_with_another_reason_is_found() -> None:
    place = (TOPIC, 0, 9)
    whole = evidence(sent=[sent(), sent("future", "bad", 9)], dead=Counter([place]), dead_kinds={place: "UNDECODABLE"}, dead_topic={place})
    whole.kafka[place] = "bad"
    assert what(compare(whole)) == ["future: set aside as UNDECODABLE"]


def test_a_dead_letter_twice_in_the_lake_is_found() -> None:
    place = (TOPIC, 0, 9)
    whole = evidence(sent=[sent(), sent("junk", "bad", 9)], dead=Counter({place: 2}), dead_kinds={place: "UNFRAMED"}, dead_topic={place})
    whole.kafka[place] = None
    assert what(compare(whole)) == ["2 times in the dead letters"]


def test_a_good_event_set_aside_is_found() -> None:
    place = (TOPIC, 0, 0)
    whole = evidence(lake={}, dead=Counter([place]), dead_kinds={place: "UNDECODABLE"}, dead_topic={place})
    assert "good, but set aside as UNDECODABLE" in what(compare(whole))


def test_a_strangers_message_must_be_somewhere_too() -> None:
    whole = evidence()
    whole.kafka[TOPIC, 0, 1] = "22222222-2222-4222-8222-222222222222"
    assert what(compare(whole)) == ["in Kafka, but neither in the lake nor in the dead letters"]


def test_the_event_id_is_read_from_the_bytes() -> None:
    framed = b"\x00\x00\x00\x00\x08" + bytes([72]) + ID.encode()
    assert event_id_of(framed + b"rest") == ID
    assert event_id_of(framed[:30]) is None
    assert event_id_of(b"\x01" + framed[1:]) is None
    assert event_id_of(b"") is None


@pytest.mark.parametrize("rows", [0, 1, LINES_A_QUERY, LINES_A_QUERY + 1, 40 * LINES_A_QUERY])
def test_the_slices_of_the_lake_are_together_all_of_it_and_none_twice(rows: int) -> None:
    conditions = slices(rows)
    assert len(conditions) == max(1, -(-rows // LINES_A_QUERY))
    for event_id in ("00000000-0000", "7fff", "80000000-0000", "ffffffff-ffff", "", "zzz"):
        held = [c for c in conditions if eval(c.replace("AND", "and").replace("true", "True"), {"event_id": event_id})]  # noqa: S307 - our own
        assert len(held) == 1


@pytest.mark.parametrize("kind", ["UNKNOWN_LANGUAGE", "UNDECODABLE"])
def test_a_text_whose_language_is_a_guess_may_be_set_aside_with_all_its_copies(kind: str) -> None:
    voice = "voice.feedback.v1"
    aside = evidence(
        sent=[sent(topic=voice), sent("duplicate", offset=1, topic=voice)],
        kafka={(voice, 0, 0): ID, (voice, 0, 1): ID},
        low={(voice, 0): 0},
        lake={},
        dead=Counter({(voice, 0, 0): 1}),
        dead_kinds={(voice, 0, 0): kind},
        dead_topic={(voice, 0, 0)},
    )
    assert ("good, but set aside as UNDECODABLE" in what(compare(aside))) == (kind == "UNDECODABLE")
    assert bool(what(compare(aside))) == (kind == "UNDECODABLE")


@pytest.mark.parametrize(
    ("minute", "kind", "known", "place"),
    [
        (1000, "good", True, (1, 7)),
        (999, "good", False, None),
        (990, "good", False, (0, sys.maxsize)),
        (10, "good", False, (0, -1)),
        (10, "half", False, None),
    ],
    ids=["announced", "on its way", "not announced", "no longer kept", "bad and no longer kept"],
)
def test_a_photo_is_where_its_bucket_announced_it(minute: int, kind: str, known: bool, place: tuple[int, int] | None) -> None:
    taken = replace(sent(kind, topic=PHOTOS), minute=minute, partition=0, offset=-1)
    found = locate_photo(taken, {ID: (PHOTOS, 1, 7)} if known else {}, asked=1000)
    assert (found and (found.partition, found.offset)) == place
