"""Make evidence of events for the unit tests of `tillstream.verify`."""

from tillstream.core.ledger import Sent
from tillstream.verify.evidence import Evidence, LandedEvent
from tillstream.verify.verdict import Verdict

TOPIC = "pos.transactions.v1"
ID = "11111111-1111-4111-8111-111111111111"


def sent(kind: str = "good", event_id: str = ID, offset: int | None = 0, topic: str = TOPIC) -> Sent:
    return Sent(kind, topic, event_id, "live", 5, 2, 499, None if offset is None else 0, offset)


def evidence(**changes: object) -> Evidence:
    """Return evidence of one event that was sent once and landed once, with changed fields."""
    whole = Evidence(sent=[sent()], kafka={(TOPIC, 0, 0): ID}, low={(TOPIC, 0): 0}, lake={ID: LandedEvent(TOPIC, 5, 2, 2, 499)})
    for name, value in changes.items():
        setattr(whole, name, value)
    return whole


def what(verdict: Verdict) -> list[str]:
    return [problem.what for problem in verdict.problems]
