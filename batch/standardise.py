"""Brings values to their standards by the trade's own libraries, and to the types of the contract. What was changed is counted by rule."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import pandas as pd
import phonenumbers
import pycountry
from babel.numbers import get_currency_name, list_currencies
from dateutil import parser as dates
from email_validator import EmailNotValidError, validate_email

from tillstream.contracts import DumpContract
from tillstream.standard import text

#: Where a telephone number has no country of its own.
HOME_REGION = "US"
_DIGITS = re.compile(r"\d+")
#: Names that no library has.
_COUNTRIES = {"usa": "US", "u.s.a.": "US", "uk": "GB", "england": "GB"}


class NotStandardError(ValueError):
    """A value that cannot be brought to its standard; the reason says why, without the value where it is personal."""


@dataclass
class Standardised:
    """The rows with the contract's types; for each field, what is wrong with which line; and how many values each rule changed."""

    rows: pd.DataFrame
    wrong: dict[str, dict[int, str]] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


def phone(value: str) -> str:
    """E.164, by libphonenumber."""
    digits = text(value)
    try:
        # From abroad people dial 00, from here 011.
        number = phonenumbers.parse("+" + digits[2:].lstrip() if digits.startswith("00") else digits, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise NotStandardError("not a telephone number") from error
    if not phonenumbers.is_possible_number(number):
        raise NotStandardError("not a possible telephone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email(value: str) -> str:
    """The address as email-validator normalises it, in lower case; whether it can be delivered to is not asked."""
    try:
        return str(validate_email(text(value), check_deliverability=False, test_environment=True).normalized).lower()
    except EmailNotValidError as error:
        raise NotStandardError("not an e-mail address") from error


@lru_cache(maxsize=4096)
def country(value: str) -> str:
    """ISO 3166-1 alpha-2."""
    name = text(value)
    if known := _COUNTRIES.get(name.lower()):
        return known
    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError as error:
        raise NotStandardError(f"{name!r} is no country") from error


@lru_cache
def _currency_names() -> dict[str, str]:
    return {get_currency_name(code, locale="en").lower(): code for code in list_currencies("en")} | {
        code.lower(): code for code in list_currencies()
    }


def currency(value: str) -> str:
    """ISO 4217."""
    name = text(value)
    if code := _currency_names().get(name.lower()):
        return code
    raise NotStandardError(f"{name!r} is no currency")


def day(value: str) -> str:
    """An ISO date. A day written with a month's name, with slashes from the year down, or without any mark is understood; one that is ambiguous is not."""
    written = text(value)
    if re.match(r"\d{1,2}[/.]\d{1,2}[/.]", written):
        raise NotStandardError(f"{written!r} may be a day and a month or a month and a day")
    try:
        return str(dates.parse(written, default=datetime(1900, 1, 1)).date())  # noqa: DTZ001 - a day has no zone
    except (ValueError, OverflowError) as error:
        raise NotStandardError(f"{written!r} is no day") from error


def moment(value: str) -> str:
    """UTC, as ISO 8601; milliseconds since the epoch are understood; a time without a zone is UTC."""
    written = text(value)
    try:
        if _DIGITS.fullmatch(written) and len(written) == 13:
            found = datetime.fromtimestamp(int(written) / 1000, tz=UTC)
        else:
            found = datetime.fromisoformat(written)
    except (ValueError, OverflowError) as error:
        raise NotStandardError(f"{written!r} is no time") from error
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC).isoformat()


def department(value: str) -> str:
    """The house's own names of departments are in capitals."""
    return text(value).upper()


#: Rule by standard: its name in lake.quality.results, and what does it.
STANDARDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "text": ("trimmed Unicode", text),
    "phone": ("telephone to E.164", phone),
    "email": ("e-mail normalised", email),
    "country": ("country to ISO 3166-1", country),
    "currency": ("currency to ISO 4217", currency),
    "date": ("day to ISO 8601", day),
    "timestamp": ("time to UTC", moment),
    "department": ("department mapped", department),
    "upper": ("capitals", department),
}


def standardise(rows: pd.DataFrame, contract: DumpContract, line: str) -> Standardised:
    """Standardises and types every field. A value that fails stays away (null) and is named in `wrong`."""
    done = Standardised(pd.DataFrame({line: rows[line]}))
    for spec in contract.fields:
        name = spec["name"]
        column = rows[name]
        if kind := spec.get("standard"):
            rule, convert = STANDARDS[kind]
            column = _apply(column, convert, done, name, rows[line])
            done.changed[f"{name}: {rule}"] = int((column.notna() & (column != rows[name])).sum())
        done.rows[name] = _typed(column, _physical(spec["type"]), done, name, rows[line])
    return done


def _apply(column: pd.Series, convert: Callable[[str], str], done: Standardised, name: str, lines: pd.Series) -> pd.Series:
    """Each different value once: a column of a million values has few, or all. Most are as they should be already."""
    changed: dict[str, str | None] = {}
    reasons: dict[str, str] = {}
    for value in column.dropna().unique():
        try:
            converted: str | None = convert(value)
        except NotStandardError as error:
            converted, reasons[value] = None, str(error)
        if converted != value:
            changed[value] = converted
    if reasons:
        bad = column.isin(list(reasons))
        done.wrong.setdefault(name, {}).update({int(n): reasons[v] for n, v in zip(lines[bad], column[bad], strict=True)})
    if not changed:
        return column
    touched = column.isin(list(changed))
    return column.mask(touched, pd.Series([changed[value] for value in column[touched]], index=column.index[touched], dtype=column.dtype))


def _physical(avro: Any) -> str:
    """The Avro type in a word: string, int, long, boolean, date, timestamp or decimal."""
    if isinstance(avro, list):
        return _physical(next(t for t in avro if t != "null"))
    if isinstance(avro, dict):
        return {"date": "date", "timestamp-micros": "timestamp", "decimal": "decimal"}[avro["logicalType"]]
    return str(avro)


def _typed(column: pd.Series, kind: str, done: Standardised, name: str, lines: pd.Series) -> pd.Series:
    """The column in the contract's type; what cannot be is null, and wrong."""
    match kind:
        case "int" | "long" | "decimal":
            typed = pd.to_numeric(column, errors="coerce")
            if kind != "decimal":
                typed = typed.where(typed.isna() | (typed % 1 == 0)).astype("Int64")
        case "boolean":
            typed = column.map({"true": True, "false": False, "True": True, "False": False}).astype("boolean")
        case "date":
            typed = column.map(date.fromisoformat, na_action="ignore")
        case "timestamp":
            typed = pd.to_datetime(column, utc=True, format="ISO8601")
        case _:
            return column
    bad = column.notna() & typed.isna()
    if bad.any():
        done.wrong.setdefault(name, {}).update(dict.fromkeys(lines[bad].astype(int).tolist(), f"not of type {kind}"))
    # Exact money comes from the text, not from the float that proved it to be a number.
    return column.where(typed.notna()) if kind == "decimal" else typed
