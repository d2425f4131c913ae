"""Put faults into a dump: untidy or wrong rows, and broken files. All functions depend only on their arguments and a random generator."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

Row = dict[str, Any]

#: Faults of a whole file. A repeated file, a late file and an extra column are accepted; the others are refused.
FILE_FAULTS = (
    "missing_column", "extra_column", "wrong_delimiter", "wrong_encoding", "half_file", "wrong_checksum", "repeated_file", "late_file",
)  # fmt: skip
REFUSED_FILE_FAULTS = {"missing_column", "wrong_delimiter", "wrong_encoding", "half_file", "wrong_checksum"}
#: Faults of a row, by field. Each must end in the quarantine.
IMPOSSIBLE: dict[str, Any] = {
    "quantity": -3,
    "ordered_quantity": 0,
    "lead_time_days": 900,
    "points": 2_000_000_000,
    "points_spent": -1,
    "tier": "PLATINUM",
    "campaign_type": "Type Q",
    "brand": "Nobody's",
    "region": "Atlantis",
    "country": "Erewhon",
}
ORPHAN: dict[str, Any] = {"member_id": "M9999999", "store_id": "99999", "product_id": "1", "supplier_id": "S999", "campaign_id": "0"}
BAD_CONTACT = {"email": "nobody@@nowhere", "phone": "12"}
_EAST = timezone(timedelta(hours=-5))


@dataclass
class Spoilt:
    """The rows with faults, and the list of faults: (fault, row number from 1, column or an empty text)."""

    rows: list[Row]
    faults: list[tuple[str, int, str]] = field(default_factory=list)


def spoil_rows(rows: list[Row], references: set[str], rate: float, draw: random.Random) -> Spoilt:
    """Give about `rate` of the rows a fault each. A duplicate is added after the row that it repeats."""
    spoilt = Spoilt([])
    for row in rows:
        spoilt.rows.append(row)
        if draw.random() >= rate:
            continue
        kinds: list[tuple[str, str, Any]] = [("duplicate_key", "", None)]
        kinds += [("impossible_value", name, value) for name, value in IMPOSSIBLE.items() if name in row]
        kinds += [("orphan", name, ORPHAN[name]) for name in sorted(references) if row.get(name)]
        kinds += [("bad_contact", name, value) for name, value in BAD_CONTACT.items() if name in row]
        fault, name, value = kinds[draw.randrange(len(kinds))]
        if fault == "duplicate_key":
            spoilt.rows.append(dict(row))
        else:
            spoilt.rows[-1] = {**row, name: value}
        spoilt.faults.append((fault, len(spoilt.rows), name))
    return spoilt


def _untidy_phone(value: str, draw: random.Random) -> str:
    digits = value.removeprefix("+1")
    return draw.choice([f"({digits[:3]}) {digits[3:6]}-{digits[6:]}", f"{digits[:3]}.{digits[3:6]}.{digits[6:]}", f" 001 {digits}", value])


def _untidy_date(value: date, draw: random.Random) -> str:
    return draw.choice([f"{value:%Y/%m/%d}", f"{value:%d %b %Y}", f"{value:%Y%m%d}", value.isoformat()])


def _untidy_moment(value: datetime, draw: random.Random) -> str:
    return draw.choice(
        [value.astimezone(_EAST).isoformat(), str(int(value.timestamp() * 1000)), f"{value:%Y-%m-%d %H:%M:%S.%f}", value.isoformat()]
    )


UNTIDY: dict[str, Callable[[Any, random.Random], str]] = {
    "phone": _untidy_phone,
    "email": lambda value, draw: draw.choice([value.upper(), f" {value}", value.title()]),
    "country": lambda _, draw: draw.choice(["USA", "United States", "us", " US "]),
    "currency": lambda _, draw: draw.choice(["usd", " USD", "US Dollar"]),
    "date": _untidy_date,
    "timestamp": _untidy_moment,
    "text": lambda value, draw: draw.choice([f"  {value}", f"{value} \u200b", value.replace(" ", "\u00a0")]),
    "department": lambda value, draw: draw.choice([value.title(), value.lower(), f" {value}"]),
    "upper": lambda value, draw: draw.choice([value.lower(), value.title()]),
}


def untidy(rows: list[Row], standards: dict[str, str], rate: float, draw: random.Random) -> None:
    """Write about `rate` of the rows as people and old systems do. Standardisation corrects every value without loss."""
    for row in rows:
        if draw.random() < rate:
            for name, kind in standards.items():
                value = row[name]
                # A fault must stay as it is.
                if value is not None and value != IMPOSSIBLE.get(name) and value != BAD_CONTACT.get(name) and draw.random() < 0.5:
                    row[name] = UNTIDY[kind](value, draw)


def file_fault(rate: float, draw: random.Random) -> str | None:
    """Return the fault of the whole file, or None."""
    return draw.choice(FILE_FAULTS) if draw.random() < rate else None
