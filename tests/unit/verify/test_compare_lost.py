"""Messages that the broker has lost are told apart from errors of the platform."""

from collections import Counter

import pytest

from tests.support.evidence import ID, TOPIC, evidence, sent, what
from tillstream.verify.compare import compare
from tillstream.verify.evidence import Evidence, LandedEvent

OTHER = "22222222-2222-4222-8222-222222222222"


def after_a_cut(**changes: object) -> Evidence:
    """Return evidence of a power cut: two events were acknowledged at offsets 0 and 1, the log ends at 1, and the second event is nowhere."""
    return evidence(**{"sent": [sent(), sent(event_id=OTHER, offset=1)], "log_ends": {(TOPIC, 0): 1}} | changes)


def test_an_acknowledged_message_behind_the_logs_end_is_lost_and_nothing_is_wrong() -> None:
    verdict = compare(after_a_cut())
    assert (verdict.problems, verdict.wrong_minutes) == ([], {})
    (loss,) = verdict.losses
    assert str(loss) == (
        f"lost by the broker: {TOPIC}[0], offsets 1 to 1: 1 acknowledged messages are missing, 1 of them without another copy, "
        "0 of these are in the lake; the log ends at 1"
    )


def test_a_lost_message_that_was_read_before_is_in_the_lake_and_was_committed() -> None:
    whole = after_a_cut()
    whole.lake[OTHER] = LandedEvent(TOPIC, 5, 2, 2, 499)
    verdict = compare(whole)
    assert (verdict.problems, verdict.wrong_minutes) == ([], {})
    assert (verdict.losses[0].events, verdict.losses[0].landed) == (1, 1)


def test_a_lost_message_of_which_another_copy_is_there_is_no_lost_event() -> None:
    whole = evidence(sent=[sent(), sent("duplicate", offset=1)], log_ends={(TOPIC, 0): 1})
    verdict = compare(whole)
    assert verdict.problems == []
    assert (verdict.losses[0].messages, verdict.losses[0].events) == (1, 0)


def test_an_offset_that_another_event_has_now_was_lost() -> None:
    whole = after_a_cut(log_ends={(TOPIC, 0): 2})
    whole.kafka[TOPIC, 0, 1] = "33333333-3333-4333-8333-333333333333"
    whole.lake["33333333-3333-4333-8333-333333333333"] = LandedEvent(TOPIC, 5, 1, 1, 100)
    verdict = compare(whole)
    assert verdict.problems == []
    assert [(loss.first, loss.last, loss.messages) for loss in verdict.losses] == [(1, 1, 1)]


def test_a_new_event_at_a_lost_ones_offset_that_the_job_has_skipped_is_wrong() -> None:
    whole = after_a_cut(log_ends={(TOPIC, 0): 2})
    whole.kafka[TOPIC, 0, 1] = "33333333-3333-4333-8333-333333333333"
    verdict = compare(whole)
    assert what(verdict) == ["in Kafka, but neither in the lake nor in the dead letters"]
    assert len(verdict.losses) == 1


def test_the_dead_letter_of_a_lost_message_does_not_hide_the_event_that_has_its_offset_now() -> None:
    place = (TOPIC, 0, 1)
    whole = evidence(
        sent=[sent(), sent("junk", "bad", 1), sent(event_id=OTHER, offset=1)],
        dead=Counter([place]),
        dead_kinds={place: "UNFRAMED"},
        dead_topic={place},
        log_ends={(TOPIC, 0): 2},
    )
    whole.kafka[place] = OTHER
    whole.lake[OTHER] = LandedEvent(TOPIC, 5, 2, 2, 499)
    verdict = compare(whole)
    assert verdict.problems == []
    assert verdict.losses[0].messages == 1


def test_of_two_destroyed_messages_at_one_offset_one_is_lost() -> None:
    place = (TOPIC, 0, 1)
    junk = [sent("junk", "a", 1), sent("junk", "b", 1)]
    whole = evidence(sent=[sent(), *junk], dead=Counter([place]), dead_kinds={place: "UNFRAMED"}, dead_topic={place})
    whole.kafka[place] = None
    verdict = compare(whole)
    assert (verdict.problems, [loss.messages for loss in verdict.losses]) == ([], [1])


def test_a_job_that_has_read_further_than_the_log_goes_tells_of_a_loss_that_no_ledger_knows() -> None:
    verdict = compare(evidence(log_ends={(TOPIC, 0): 1}, read_up_to={("sales", (TOPIC, 0)): 5, ("voice", (TOPIC, 0)): 1}))
    (loss,) = verdict.losses
    assert (loss.first, loss.last, loss.messages) == (1, 4, 0)
    assert str(loss).endswith("the log ends at 1; the sales job had read up to 5")


@pytest.mark.parametrize("offset", [None, 0])
def test_what_is_in_doubt_or_has_expired_is_not_lost(offset: int | None) -> None:
    whole = evidence(
        sent=[sent(event_id=ID, offset=offset)], kafka={}, low={(TOPIC, 0): 1}, lake={ID: LandedEvent(TOPIC, 5, 2, 2, 499, kept=False)}
    )
    verdict = compare(whole)
    assert (verdict.problems, verdict.losses) == ([], [])


def test_a_strangers_dead_letter_among_what_is_lost_was_committed() -> None:
    """Check with aborted messages at the offsets that the disk has lost, as they are after a power cut."""
    between = (TOPIC, 0, 2)
    entries = [sent(), sent(event_id=OTHER, offset=1), sent(event_id="last", offset=3)]
    whole = evidence(
        sent=entries, dead=Counter([between]), dead_kinds={between: "UNFRAMED"}, dead_topic={between}, log_ends={(TOPIC, 0): 9}
    )
    verdict = compare(whole)
    assert verdict.problems == []
    assert [(loss.first, loss.last, loss.messages) for loss in verdict.losses] == [(1, 3, 2)]
