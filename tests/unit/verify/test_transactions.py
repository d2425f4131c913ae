"""Kafka's answer about open transactions is parsed byte by byte."""

import struct

import pytest

from tillstream.core.errors import RetryableError
from tillstream.verify.transactions import OpenTransaction, open_transactions, parse_response


def producer(number: int, start: int) -> bytes:
    return struct.pack(">qiiqiq", number, 0, 0, 0, 0, start) + b"\0"


def answer(*producers: bytes, error: int = 0) -> bytes:
    """Return Kafka's answer for partition 3 of the topic `t`."""
    partition = struct.pack(">ihB", 3, error, 0) + bytes([len(producers) + 1]) + b"".join(producers) + b"\0"
    topic = b"\x02t\x02" + partition + b"\0"
    return struct.pack(">iBi", 1, 0, 0) + b"\x02" + topic + b"\0"


def test_a_producer_with_a_start_has_an_open_transaction_and_one_without_has_none() -> None:
    assert list(parse_response(answer(producer(7, 41), producer(8, -1)))) == [OpenTransaction("t", 3, 41, 7)]
    assert list(parse_response(answer())) == []
    assert str(OpenTransaction("t", 3, 1041, 7)) == "t[3]: a transaction of producer 7 is open from offset 1,041 on"


def test_what_the_broker_does_not_tell_is_an_error() -> None:
    with pytest.raises(RetryableError, match="error 3"):
        list(parse_response(answer(error=3)))
    with pytest.raises(RetryableError, match="does not say"):
        open_transactions("127.0.0.1:1", [("t", 3)])


def test_of_no_partition_nobody_is_asked() -> None:
    assert open_transactions("nowhere:1", []) == []
