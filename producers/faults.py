"""Inject faults at set rates and record each in the ledger, so that `make verify` can prove that they are found."""

import random
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from producers.publisher import Outgoing
from producers.trade import Event
from tillstream.core.avro_encoding import Encoder, micros, money
from tillstream.core.settings import FaultSettings

LATEST = timedelta(hours=72)
BIGGEST_JUNK = 1_000_000
#: Seconds for which an event is held back, so that it is sent after later events.
HOLD_SECONDS = (2.0, 20.0)


class FaultInjector:
    """An injector of faults: it turns an event into the messages that are sent.

    Late, out-of-order and duplicate events stay good: each must be in the lake once. Faults that destroy a message are extra messages with ids
    of their own beside the good one, so that no trade is lost.
    """

    def __init__(self, settings: FaultSettings, foreign: Encoder, seed: int) -> None:
        self._settings = settings
        self._foreign = foreign
        self._random = random.Random(seed)  # noqa: S311 - a simulation, repeatable by its seed
        self._held: list[tuple[float, Outgoing]] = []

    def messages(self, event: Event, encoder: Encoder, now: float, *, movable: bool = True) -> list[Outgoing]:
        """Return the messages of an event. An event that is held back is returned by `due` later.

        Args:
            event: the event.
            encoder: encoder of its topic.
            now: seconds since the epoch.
            movable: whether its time may be changed; False for an event that is sent again after a kill, because it is the same event.
        """
        chance = self._random.random
        rates = self._settings
        out: list[Outgoing] = []
        kind = "good"
        if chance() < rates.late and movable:
            kind = "late"
            event = self._moved(event, -timedelta(seconds=self._random.uniform(300, LATEST.total_seconds())))
        good = event.outgoing(encoder, kind)
        if kind == "good" and chance() < rates.out_of_order:
            held = replace(good, entry=replace(good.entry, kind="out_of_order"))
            self._held.append((now + self._random.uniform(*HOLD_SECONDS), held))
        else:
            out.append(good)
        if chance() < rates.duplicate:
            out.append(replace(good, entry=replace(good.entry, kind="duplicate")))
        out.extend(self._destroyed(event, encoder, now))
        return out

    def due(self, now: float) -> list[Outgoing]:
        """Return the held-back messages whose time has come. `now` is in seconds since the epoch."""
        ready = [out for when, out in self._held if when <= now]
        self._held = [(when, out) for when, out in self._held if when > now]
        return ready

    def _destroyed(self, event: Event, encoder: Encoder, now: float) -> list[Outgoing]:
        rates = self._settings
        messages = []
        for kind, rate in (
            ("future", rates.future),
            ("wrong_schema", rates.wrong_schema),
            ("truncated", rates.truncated),
            ("junk", rates.junk),
            ("impossible", rates.impossible),
        ):
            if self._random.random() < rate:
                messages.append(self.bad_message(kind, event, encoder, now))
        return messages

    def bad_message(self, kind: str, event: Event, encoder: Encoder, now: float) -> Outgoing:
        """Return a message with one kind of fault, made from an event. It has an id of its own and counts no trade in the ledger."""
        copy = replace(event, record={**event.record, "event_id": str(uuid.UUID(int=self._random.getrandbits(128)))}, lines=0, cents=0)
        if kind == "future":
            # Counted from now, not from the event's time: a late event moved by an hour would still be late.
            ahead = datetime.fromtimestamp(now, tz=UTC) + timedelta(seconds=self._random.uniform(3600, 30 * 86_400))
            return self._moved(copy, ahead - copy.event_time).outgoing(encoder, kind)
        if kind == "impossible":
            return self._impossible(copy).outgoing(encoder, kind)
        good = copy.outgoing(encoder, kind)
        if kind == "wrong_schema":
            # Half of them have an unknown schema id, the others the id of another contract.
            header = (
                self._foreign.header
                if self._random.random() < 0.5
                else b"\0" + (2**31 - 1 - self._random.randrange(1000)).to_bytes(4, "big")
            )
            return replace(good, value=header + good.value[5:])
        if kind == "truncated":
            return replace(good, value=good.value[: self._random.randrange(1, len(good.value))])
        # Junk of any size up to 1 MB, each order of magnitude as likely. Some of it begins like a good message.
        size = int(10 ** self._random.uniform(0, 6))
        start = encoder.header if self._random.random() < 0.3 else b""
        return replace(good, value=(start + self._random.randbytes(size))[:BIGGEST_JUNK])

    def _moved(self, event: Event, by: timedelta) -> Event:
        moved = event.event_time + by
        return replace(event, record={**event.record, "event_time": micros(moved)}, event_time=moved)

    def _impossible(self, event: Event) -> Event:
        """Return valid Avro with a value that breaks one of its contract's limits."""
        record: dict[str, Any] = dict(event.record)
        if "channel" in record:
            record.update({"channel": "TELEPATHY"} if self._random.random() < 0.5 else {"rating": 11})
            return replace(event, record=record)
        if "turns" in record:
            record.update({"queue": "TELEPATHY"} if self._random.random() < 0.5 else {"transfers": -1})
            return replace(event, record=record)
        if "lines" not in record:
            record["event_type" if self._random.random() < 0.5 else "device"] = "TELEPATHY"
            return replace(event, record=record)
        line: dict[str, Any] = dict(record["lines"][0])
        match self._random.randrange(6):
            case 0:
                line["quantity"] = -(10**9)
            case 1:
                line["net_amount"] = money(99_999_999_99)
            case 2:
                line["line_no"] = 0
            case 3:
                record["currency"] = "XXX"
            case 4:
                record["store_id"] = ""
            case _:
                record["event_time"] = -62_135_596_800_000_000
        record["lines"] = [line, *record["lines"][1:]]
        return replace(event, record=record)
