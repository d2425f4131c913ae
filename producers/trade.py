"""Make sales, web orders, returns and voids from baskets: records of the contract, with the figures for the ledger."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from producers.publisher import Outgoing
from producers.source_dataset import Basket, Line, SourceDataset
from tillstream.core.avro_encoding import Encoder, micros, money
from tillstream.core.ledger import Entry

_NAMESPACE = uuid.UUID("6a1f2d0e-75a3-4f0b-9a4e-7469c6c73726")


@dataclass(frozen=True, slots=True)
class Event:
    """A record with its number of lines, its amount in cents and its time."""

    record: dict[str, Any]
    lines: int
    cents: int
    event_time: datetime

    @property
    def minute(self) -> int:
        """Minutes since the epoch."""
        return int(self.event_time.timestamp()) // 60

    def outgoing(self, encoder: Encoder, kind: str = "good") -> Outgoing:
        """Return the message with its ledger entry."""
        entry = Entry(kind, encoder.topic, self.record["event_id"], self.record["run_id"], self.minute, self.lines, self.cents)
        return Outgoing(entry, str(self.record.get("store_id") or self.record.get("session_id")).encode(), encoder.encode(self.record))


def event_id(*parts: object) -> str:
    """Return the same UUID for the same parts, so that an event that is sent again after a crash is the same event."""
    return str(uuid.uuid5(_NAMESPACE, ":".join(map(str, parts))))


def lines_of(lines: tuple[Line, ...], sign: int = 1) -> list[dict[str, Any]]:
    """Return lines as in the contract. With sign -1 they are taken back."""
    return [
        {
            "line_no": number,
            "product_id": str(line.product_id),
            "quantity": sign * line.quantity,
            "net_amount": money(sign * line.net_cents),
            "retail_discount": money(sign * line.retail_discount_cents),
            "coupon_discount": money(sign * line.coupon_discount_cents),
            "coupon_match_discount": money(sign * line.coupon_match_cents),
        }
        for number, line in enumerate(lines, 1)
    ]


def bought(basket: Basket, lines: tuple[Line, ...], run_id: str, ident: str, event_time: datetime, **how: str | None) -> Event:
    """Return the sale of some of a basket's lines, at a till or on the web.

    Args:
        basket: the basket of the source.
        lines: the sold lines.
        run_id: id of the producer's run.
        ident: event id.
        event_time: time of the sale.
        how: transaction_id, customer_id, payment_method, coupon_id, and the fields that only tills or only the web shop have.
    """
    cents = sum(line.net_cents for line in lines)
    record = {
        "event_id": ident,
        "run_id": run_id,
        "transaction_type": "SALE",
        "original_event_id": None,
        "store_id": str(basket.store_id),
        "event_time": micros(event_time),
        "source_time": micros(basket.source_time),
        "currency": "USD",
        "total_amount": money(cents),
        "lines": lines_of(lines),
        **how,
    }
    return Event(record, len(lines), cents, event_time)


def sale(dataset: SourceDataset, basket: Basket, run_id: str, ident: str, event_time: datetime) -> Event:
    """Return a till's sale of a whole basket."""
    how = {
        "transaction_id": str(basket.basket_id),
        "terminal_id": dataset.terminal(basket.basket_id, basket.store_id),
        "customer_id": dataset.pseudonym(basket.household_id),
        "payment_method": dataset.payment(basket.basket_id),
        "coupon_id": dataset.coupon(basket),
    }
    return bought(basket, basket.lines, run_id, ident, event_time, **how)


def order(basket: Basket, lines: tuple[Line, ...], run_id: str, ident: str, event_time: datetime, **visit: str | None) -> Event:
    """Return a web order of some of a basket's lines.

    Args:
        basket: the basket of the source.
        lines: the ordered lines.
        run_id: id of the producer's run.
        ident: event id.
        event_time: time of the payment.
        visit: transaction_id, session_id, customer_id and payment_method.
    """
    return bought(basket, lines, run_id, ident, event_time, coupon_id=None, **visit)


def taken_back(original: Event, kind: str, lines: tuple[Line, ...], ident: str, event_time: datetime) -> Event:
    """Return a RETURN of some lines, or a VOID of all lines, of an earlier sale."""
    cents = -sum(line.net_cents for line in lines)
    record = {
        **original.record,
        "event_id": ident,
        "transaction_type": kind,
        "original_event_id": original.record["event_id"],
        "event_time": micros(event_time),
        "total_amount": money(cents),
        "lines": lines_of(lines, -1),
    }
    return Event(record, len(lines), cents, event_time)
