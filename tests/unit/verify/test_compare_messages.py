"""Verify compares messages: uncommitted ones, amounts with another scale, other writers, and the reasons to set aside a good text."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.support.evidence import ID, TOPIC, evidence, sent, what
from tillstream.verify.collect import note_message
from tillstream.verify.compare import compare
from tillstream.verify.evidence import Evidence, LandedEvent
from tillstream.verify.excused import ALWAYS_ALLOWED
from tillstream.verify.messages import MessageFacts, Writers

STRANGER = "22222222-2222-4222-8222-222222222222"
VOICE = "voice.feedback.v1"
#: A basket of 4.99 in its message and in the lake.
FACTS = MessageFacts(ID, 5, 2, 499, (3, 50, 0, 0), 499)
LANDED = LandedEvent(TOPIC, 5, 2, 2, 499, (3, 50, 0, 0))


def noted(*messages: MessageFacts, landed: LandedEvent = LANDED, **changes: object) -> Evidence:
    """Return evidence of one event with these copies of its message. The lake was read before the messages."""
    entries = [sent("duplicate" if offset else "good", offset=offset) for offset in range(len(messages))]
    whole = evidence(**{"sent": entries, "kafka": {}, "lake": {ID: landed}} | changes)
    for offset, facts in enumerate(messages):
        whole.note((TOPIC, 0, offset), facts)
    return whole


def test_an_aborted_basket_in_the_lake_is_named() -> None:
    whole = evidence()
    whole.lake[STRANGER] = LandedEvent(TOPIC, 5, 1, 1, 77777)
    (problem,) = compare(whole).problems
    assert (problem.what, problem.name) == ("in the lake, but was never committed in its topic", STRANGER)


def test_an_aborted_message_in_the_dead_letters_is_named() -> None:
    place = (TOPIC, 0, 7)
    whole = evidence(dead=Counter([place]), dead_kinds={place: "UNFRAMED"}, dead_topic={place})
    assert what(compare(whole)) == ["in the dead letters, but was never committed in its topic"]


def test_what_came_into_the_lake_while_it_was_read_is_justified_by_what_was_committed_since() -> None:
    whole = evidence()
    whole.lake[STRANGER] = LandedEvent(TOPIC, 5, 1, 1, 100)
    value = b"\0\0\0\0\1" + bytes([72]) + STRANGER.encode() + b"rest"
    note_message(whole, (TOPIC, 0, 1), value, Writers({}.get), is_later=True)
    assert compare(whole).problems == []


def test_what_kafka_no_longer_keeps_is_counted_and_not_called_aborted() -> None:
    whole = evidence(low={(TOPIC, 0): 0})
    whole.lake[STRANGER] = LandedEvent(TOPIC, 5, 1, 1, 100, kept=False)
    verdict = compare(whole)
    assert verdict.problems == []
    assert verdict.totals[TOPIC].older == 1


def test_an_amount_read_with_another_scale_is_named() -> None:
    assert compare(noted(FACTS)).problems == []
    hundredfold = replace(LANDED, cents=49900)
    assert what(compare(noted(FACTS, landed=hundredfold))) == ["499.00 in the lake, 4.99 sent"]
    # The basket of another writer is in no ledger. Its message is the evidence.
    whole = noted(FACTS, landed=hundredfold, sent=[])
    assert what(compare(whole)) == ["in no ledger: 499.00 in the lake, its message says 4.99"]


@pytest.mark.parametrize(
    ("landed", "problem"),
    [
        (
            replace(LANDED, others=(3, 5000, 0, 0)),
            "quantity and discounts (3, 5000, 0, 0) in the lake, its message says (3.0, 50.0, 0.0, 0.0)",
        ),
        (replace(LANDED, minute=6), "in minute 6 of the lake, its message says 5"),
    ],
    ids=["discount", "minute"],
)
def test_discounts_and_minutes_are_those_of_the_message(landed: LandedEvent, problem: str) -> None:
    assert problem in what(compare(noted(FACTS, landed=landed)))


def test_of_several_copies_the_lake_has_one() -> None:
    other = replace(FACTS, others=(3, 60, 0, 0))
    assert compare(noted(FACTS, other)).problems == []
    assert len(compare(noted(other, other)).problems) == 1


def test_a_basket_whose_own_total_is_another_is_counted() -> None:
    assert compare(noted(replace(FACTS, total=500))).totals_off == {TOPIC: 1}
    place = (TOPIC, 0, 0)
    aside = noted(replace(FACTS, total=500), dead=Counter([place]), dead_kinds={place: "IMPOSSIBLE_VALUE"}, dead_topic={place})
    assert compare(aside).totals_off == {}, "one that is set aside is not in the lake"


def test_a_basket_whose_lines_have_one_number_is_no_basket_counted_twice() -> None:
    assert compare(noted(FACTS, landed=replace(LANDED, distinct=1))).problems == []


def test_strangers_are_counted_named_and_compared() -> None:
    whole = evidence()
    whole.lake[STRANGER] = LandedEvent(VOICE, 5, 1, 1, 0)
    whole.note((VOICE, 0, 0), MessageFacts(STRANGER, 5))
    verdict = compare(whole)
    assert (verdict.problems, verdict.totals[VOICE].strangers) == ([], [STRANGER])
    whole.lake[STRANGER] = LandedEvent(VOICE, 5, 2, 1, 0)
    assert what(compare(whole)) == ["in no ledger: 2 times in the lake"]


def test_a_tombstone_is_a_dead_letter() -> None:
    place = (TOPIC, 0, 1)
    whole = evidence()
    note_message(whole, place, b"", Writers({}.get), is_later=False)
    assert what(compare(whole)) == ["in Kafka, but neither in the lake nor in the dead letters"]
    whole.dead, whole.dead_kinds, whole.dead_topic = Counter([place]), {place: "TOMBSTONE"}, {place}
    verdict = compare(whole)
    assert (verdict.problems, verdict.totals[TOPIC].foreign) == ([], 1)


def test_a_message_in_the_lake_that_its_writers_schema_does_not_give_is_named() -> None:
    whole = evidence()
    value = b"\0\0\0\0\1" + bytes([72]) + ID.encode()
    note_message(whole, (TOPIC, 0, 0), value, Writers({"/schemas/ids/1": {"schema": '"string"'}}.get), is_later=False)
    assert what(compare(whole)) == ["in the lake, but its message cannot be decoded by its writer's schema"]


def test_a_message_whose_schema_was_deleted_since_is_in_the_lake_once_and_is_counted() -> None:
    value = b"\0\0\0\0\1" + bytes([72]) + ID.encode()
    whole = evidence()
    note_message(whole, (TOPIC, 0, 0), value, Writers({}.get), is_later=False)
    verdict = compare(whole)
    assert (verdict.problems, verdict.schema_lost) == ([], {TOPIC: 1})
    # An event that is not in the lake was lost, whatever schema it had.
    del whole.lake[ID]
    assert what(compare(whole)) == ["missing in the lake"]


@pytest.mark.parametrize("kind", ["UNKNOWN_LANGUAGE", "UNTRANSLATED"])
def test_a_language_that_is_lost_does_not_pass_as_texts_that_may_be_set_aside(kind: str) -> None:
    def texts(language: str, count: int, aside: int) -> Evidence:
        places = [(VOICE, 0, offset) for offset in range(count)]
        names = [f"{language}-{offset}" for offset in range(count)]
        return Evidence(
            sent=[sent(event_id=name, offset=offset, topic=VOICE) for offset, name in enumerate(names)],
            kafka=dict(zip(places, names, strict=True)),
            low={(VOICE, 0): 0},
            lake={name: LandedEvent(VOICE, 5, 1, 1, 0) for name in names[aside:]},
            dead=Counter(places[:aside]),
            dead_kinds=dict.fromkeys(places[:aside], kind),
            dead_topic=set(places[:aside]),
            languages=dict.fromkeys(names, language),
        )

    few = compare(texts("es", 100, ALWAYS_ALLOWED))
    assert few.problems == []
    assert [(found.language, found.sent, len(found.events)) for found in few.excused] == [("es", 100, ALWAYS_ALLOWED)]
    (problem,) = compare(texts("es", 100, 40)).problems
    assert (problem.what, problem.name) == (f"40 of 100 good texts set aside (40 {kind}), at most 5 allowed", "es")


def test_what_was_set_aside_is_not_read_by_its_writers_schema() -> None:
    # A recursive schema overflows fastavro's stack, and an array of nulls its memory. The decoder sets both messages aside.
    asked: list[str] = []
    whole, place = (
        evidence(dead=Counter([(TOPIC, 0, 1)]), dead_kinds={(TOPIC, 0, 1): "UNDECODABLE"}, dead_topic={(TOPIC, 0, 1)}),
        (TOPIC, 0, 1),
    )
    value = b"\0\0\0\0\x09" + bytes([72]) + STRANGER.encode() + b"\2" * 5000
    note_message(whole, place, value, Writers(asked.append), is_later=False)
    assert asked == []
    assert whole.kafka[place] == STRANGER
    assert what(compare(whole)) == []
    note_message(whole, (TOPIC, 0, 2), value, Writers(asked.append), is_later=False)
    assert asked == ["/schemas/ids/9"]
