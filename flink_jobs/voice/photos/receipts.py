"""Read from the rows of a receipt which sale it belongs to."""

import re
from dataclasses import astuple, dataclass
from datetime import date

#: Characters that OCR confuses.
_O, _I = "[O0Q]", "[I1L]"
_STORE = re.compile(rf"\bST{_O}RE\W*(\d{{1,5}})\b|\bT{_I}ENDA\W*(\d{{1,5}})\b")
_RECEIPT = re.compile(rf"\b(?:RECE{_I}PT|T{_I}CKET)\W*([W\d][\d ]{{7,16}})")
_DATE = re.compile(r"(?<!\d)(20\d\d)\D?([01]\d)\D?([0-3]\d)(?!\d{3})")
_TOTAL = re.compile(rf"(?<!SUB)(?<!SUB )\bT{_O}TA[LI1]\b\D*(.*)$")
_AMOUNT = re.compile(r"(\d{1,5})\s*[.,]\s*(\d\d)(?!\d)")
_CARD = re.compile(r"\b(?:CARD|TARJETA)\b(.*)$")
_FOUR = re.compile(r"(?<!\d)(\d{4})(?!\d)")


@dataclass(frozen=True)
class Receipt:
    """The fields of a receipt; None where a field could not be read."""

    store_id: str | None = None
    transaction_id: str | None = None
    bought_on: date | None = None
    total_cents: int | None = None
    last_four: str | None = None

    @property
    def is_one(self) -> bool:
        """Whether it is a receipt: at least two fields could be read. A hand may cover the others."""
        return sum(field is not None for field in astuple(self)) >= 2


def receipt(rows: list[str]) -> Receipt:
    """Find the fields by their labels. A total or card number may be on the row after its label; the last total is the one that was paid."""
    store = number = four = None
    day: date | None = None
    total: int | None = None
    for row, after in zip(rows, [*rows[1:], ""], strict=False):
        line, following = row.upper(), after.upper()
        if match := _STORE.search(line):
            store = store or match[1] or match[2]
        if match := _RECEIPT.search(line):
            number = number or match[1].replace(" ", "")
        elif day is None and (match := _DATE.search(line)):
            day = _day(match)
        if match := _TOTAL.search(line):
            total = _cents(match[1]) or _cents(following) or total
        if (match := _CARD.search(line)) and four is None:
            digits = _FOUR.search(match[1]) or _FOUR.search(following)
            four = digits[1] if digits else None
    return Receipt(store, number, day, total, four)


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _cents(text: str) -> int | None:
    amount = _AMOUNT.search(text)
    return int(amount[1]) * 100 + int(amount[2]) if amount else None
