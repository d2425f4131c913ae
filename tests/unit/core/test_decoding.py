"""The Python check of a record against its contract gives the same result as the jobs' check of a message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fuzz.avro.messages import basket, encoded, feedback, line
from tillstream.core.avro_decoding import decode, is_permitted
from tillstream.core.avro_encoding import micros, money
from tillstream.core.contracts import contracts

BASKETS, TEXTS = "pos.transactions.v1", "voice.feedback.v1"


def is_record_permitted(topic: str, record: dict[str, Any]) -> bool:
    read = decode(topic, b"\0\0\0\0\1" + encoded(contracts()[topic].document, record))
    assert read is not None
    return is_permitted(topic, read)


def ahead(seconds: int) -> int:
    return micros(datetime.now(tz=UTC) + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("topic", "record"),
    [
        (BASKETS, basket()),
        (BASKETS, basket(store_id="s" * 64, event_time=ahead(240))),
        (BASKETS, basket(event_time=ahead(-399 * 86_400), source_time=946_684_800_000_000)),
        (BASKETS, basket(lines=[line(net_amount=money(-100_000_00), quantity=1_000_000)] * 3)),
        (TEXTS, feedback(rating=None, text="")),
    ],
)
def test_what_is_within_every_limit_is_permitted(topic: str, record: dict[str, Any]) -> None:
    assert is_record_permitted(topic, record)


@pytest.mark.parametrize(
    ("topic", "record"),
    [
        (BASKETS, basket(store_id="s" * 65)),
        (BASKETS, basket(store_id="")),
        (BASKETS, basket(currency="XXX")),
        (BASKETS, basket(event_time=ahead(-401 * 86_400))),
        (BASKETS, basket(event_time=946_684_799_999_999)),
        (BASKETS, basket(lines=[line(), line(line_no=0)])),
        (BASKETS, basket(lines=[line(net_amount=money(100_000_01))])),
        (BASKETS, basket(lines=[line()] * 10_001)),
        (TEXTS, feedback(rating=6)),
        (TEXTS, feedback(text="a" * 1_048_577)),
    ],
)
def test_what_is_beyond_a_limit_is_not(topic: str, record: dict[str, Any]) -> None:
    assert not is_record_permitted(topic, record)


def test_what_is_further_ahead_of_the_clock_than_its_limit_is_not_permitted() -> None:
    assert not is_record_permitted(BASKETS, basket(event_time=ahead(305)))
