"""A record of a hot topic is written to Redis or skipped. No record stops the job."""

import json

import httpx
import pytest

from flink_jobs.hot_store.records import HotRecords
from tests.fuzz.avro.decoder import framed
from tests.fuzz.avro.messages import encoded
from tillstream.core.contracts import contracts

HOT = contracts()["hot.sales_by_minute.v1"]
KEY = json.dumps({"minute": "2026-06-01T10:00:00Z", "channel": "STORE"}).encode()
MINUTE = 1_780_308_000_000_000
GOOD = framed(
    1, encoded(HOT.document, {"minute": MINUTE, "channel": "STORE", "baskets": 2, "lines": 3, "units": 4, "net_amount": b"\x04\xd2"})
)

NAME = f"{HOT.document['namespace']}.{HOT.document['name']}"


def with_field(kind: object) -> str:
    """Return the contract with one more field at its beginning."""
    return json.dumps({**HOT.document, "fields": [{"name": "more", "type": kind}, *HOT.document["fields"]]})


def registry(status: int = 200) -> httpx.Client:
    """Return a client of a registry with seven ids.

    1 is the contract, 2 another contract, 3 a JSON Schema, 4 and 5 are broken, and 6 and 7 are recursive without an end.
    """
    texts = {
        "1": HOT.text,
        "2": contracts()["hot.stock.v1"].text,
        "3": '{"type":"object"}',
        "4": '{"type":"rec',
        "5": '"string"',
        "6": with_field(["null", NAME]),
        "7": with_field({"type": "array", "items": "null"}),
    }

    def answer(request: httpx.Request) -> httpx.Response:
        ident = request.url.path.split("/")[-1]
        return httpx.Response(status, json={"schema": texts[ident]}) if ident in texts else httpx.Response(404, json={"error_code": 40403})

    return httpx.Client(base_url="http://registry", transport=httpx.MockTransport(answer))


def test_a_record_becomes_a_write() -> None:
    with registry() as client:
        write = HotRecords(client, contracts()).write(HOT.topic, KEY, GOOD)
    assert write
    assert write.version == 3
    assert write.fields
    assert write.fields["net_amount"] == "12.34"


STRANGE = {
    "no key": (b"", GOOD),
    "a key that is no JSON": (b"\xff\0", GOOD),
    "a key of another shape": (b"[]", GOOD),
    "a key without its fields": (b"{}", GOOD),
    "a minute that is none": (b'{"minute":"soon","channel":"STORE"}', GOOD),
    "a key nested without end": (b"[" * 100_000, GOOD),
    "an empty value": (KEY, b""),
    "junk": (KEY, b"junk from a stranger"),
    "junk behind a header": (KEY, framed(1, b"\xff" * 40)),
    "cut short": (KEY, GOOD[:-3]),
    "an unknown schema": (KEY, framed(9, GOOD[5:])),
    "another contract's": (KEY, framed(2, GOOD[5:])),
    "a JSON Schema": (KEY, framed(3, GOOD[5:])),
    "a broken schema": (KEY, framed(4, GOOD[5:])),
    "a schema that is no record": (KEY, framed(5, GOOD[5:])),
    # Decoding one of these two would end the process.
    "a record that holds itself": (KEY, framed(6, b"\2" * 100_000)),
    "a million million nulls": (KEY, framed(7, b"\x80\x80\x80\x80\x80\x40\0" + GOOD[5:])),
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_record_that_is_none_is_passed_over_and_the_next_one_is_written(what: str, caplog: pytest.LogCaptureFixture) -> None:
    key, value = STRANGE[what]
    with registry() as client:
        records = HotRecords(client, contracts())
        assert records.write(HOT.topic, key, value) is None
        assert records.write(HOT.topic, KEY, GOOD)
    said = caplog.text
    assert caplog.records[0].topic == "hot.sales_by_minute.v1"  # type: ignore[attr-defined]
    assert "hot.sales_by_minute.v1: skipped a record that does not match its contract" in said
    assert "stranger" not in said


@pytest.mark.parametrize(
    ("status", "body"),
    [(404, b"<html>no such page</html>"), (404, b"{}"), (400, b"[]"), (404, b'{"error_code":"none"}'), (200, b"<html>"), (200, b""), (200, b"\xff"), (200, b"[]")],
)  # fmt: skip
def test_what_is_no_word_of_the_registry_says_nothing_of_a_record(status: int, body: bytes) -> None:
    answers = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    with httpx.Client(base_url="http://registry", transport=answers) as client, pytest.raises(httpx.HTTPError):
        HotRecords(client, contracts()).write(HOT.topic, KEY, GOOD)


@pytest.mark.parametrize("status", [500, 503, 429, 401])
def test_a_registry_that_is_ill_is_asked_again(status: int) -> None:
    with registry(status) as client, pytest.raises(httpx.HTTPError):
        HotRecords(client, contracts()).write(HOT.topic, KEY, GOOD)
