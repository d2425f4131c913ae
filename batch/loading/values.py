"""Convert one value of a field from text to the contract's type, exactly, or refuse it with a reason.

Nothing is guessed. No reason quotes a value: reasons are kept longer than personal data may be, and any value may be in the wrong column.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from string import ascii_letters, digits
from typing import Any, NamedTuple

from batch.loading.standards import STANDARDS, NotStandardError
from tillstream.core.avro_types import FieldType, field_type

#: Longest text in characters, unless the contract gives maxLength. Each text is in memory several times while a file is checked.
MOST_CHARACTERS = 1_000
#: Longest identifier in characters, as in the contracts of the topics. A Postgres index entry holds at most 2,700 bytes.
MOST_OF_IDENTIFIER = 64
#: Dates outside are placeholders for "no date" or typing errors. The nanoseconds of pandas end in 2262.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
#: Epochs of common systems. A value on such a day means that there was no date. A contract may list further placeholders (noDate), which
#: become null.
_EPOCHS = frozenset({date(1900, 1, 1), date(1904, 1, 1), date(1970, 1, 1), date(1980, 1, 1)})
_BITS = {"int": 32, "long": 64}

#: Characters that cannot be seen at the ends of a value: blanks of any width, and marks of zero width.
_INVISIBLE = " \t\r\n\f\v\u00a0\u00ad\u1680\u180e\u3000\ufeff" + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2065), *range(0x2066, 0x206A)))
)
#: A value with these at both ends, as nearly all have, needs no trimming.
_VISIBLE = frozenset(ascii_letters + digits)
#: Formula that stops a spreadsheet from reading a text as a number.
_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
#: Number format of a spreadsheet or program for an identifier: digits were lost or added.
_SPREADSHEET = re.compile(r"[+-]?(?:\d+[.,]\d*[eE][+-]?\d+|\d+[eE][+-]\d+|\d+[.,]0+|\d{1,3}(?:,\d{3})+)", re.ASCII)
#: Words of programs for "no value". In free text some of them are words and names.
_NO_VALUE = frozenset({"\\N", "<NA>", "<null>", "(null)", "[NULL]", "NaN", "NaT", "undefined"})
_NO_VALUE_IN_A_CODE = _NO_VALUE | {"NULL", "null", "Null", "None", "nan", "nil", "N/A", "n/a"}
#: Quotation marks around a name, from another dialect of CSV.
_QUOTES = frozenset("\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a")
#: Text of a spreadsheet for a cell without value, or a cell that is too narrow.
_ERROR_VALUE = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#{2,})", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_INTEGER = re.compile(r"[+-]?\d{1,30}(?:\.0{1,10})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_DATE_FORMATS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII),
    re.compile(r"(?P<year>\d{4})/(?P<month>\d\d)/(?P<day>\d\d)", re.ASCII),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", re.ASCII),
    re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3}) (?P<year>\d{4})", re.ASCII),
)
_MONTHS = {
    name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?", re.ASCII)
_MILLISECONDS = re.compile(r"\d{13}", re.ASCII)


class Converted(NamedTuple):
    """A value in its contract's type, and the names of the rules that changed it."""

    value: Any
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """The part of a contract's field that applies to a single value."""

    name: str
    type: FieldType
    standard: str | None
    #: Whether the value is an identifier, in which every digit and the case matter.
    identifies: bool
    #: In characters.
    max_length: int
    no_date: frozenset[str]
    earliest: date = EARLIEST


def field_of(spec: dict[str, Any], key: list[str]) -> Field:
    """Return the field that a contract describes by `spec`. `key` has the names of the contract's key."""
    value_type = field_type(spec["type"])
    is_key = spec["name"].endswith("_id") or spec["name"] in key
    identifies = value_type.kind == "string" and is_key and "standard" not in spec and "allowed" not in spec
    return Field(
        spec["name"],
        value_type,
        spec.get("standard"),
        identifies,
        int(spec.get("maxLength", MOST_OF_IDENTIFIER if identifies else MOST_CHARACTERS)),
        frozenset(spec.get("noDate", ())),
        date.fromisoformat(spec["earliest"]) if "earliest" in spec else EARLIEST,
    )


def convert(text: str, field: Field) -> Converted:
    """Convert a value to its contract's type and standard. An empty value is null.

    Raises:
        NotStandardError: it cannot be converted; the message is the reason and quotes nothing.
    """
    if len(text) > max(field.max_length, MOST_CHARACTERS):
        raise NotStandardError(f"longer than {field.max_length:,} characters")
    value, rules = _unwrapped(text, field)
    if not value:
        return Converted(None, rules)
    if len(value) > field.max_length:
        raise NotStandardError(f"longer than {field.max_length:,} characters")
    if value[0] == "#" and _ERROR_VALUE.fullmatch(value):
        raise NotStandardError("a spreadsheet's error value")
    if not value.isascii() and field.type.kind == "string" and ("\N{REPLACEMENT CHARACTER}" in value or _misread(value)):
        raise NotStandardError("a program on the way has read it in another encoding than it was written in")
    if field.type.kind == "string" and value in (_NO_VALUE if field.standard == "text" else _NO_VALUE_IN_A_CODE):
        raise NotStandardError("a program's word for no value; leave the value empty instead")
    if field.standard in STANDARDS:
        rule, to_standard = STANDARDS[field.standard]
        standard = to_standard(value)
        if standard != text:
            # The standard trims too, so one rule is enough.
            rules = (*(name for name in rules if name != TRIMMED), rule)
        value = standard
    typed, type_rules = TYPES[field.type.kind](value, field)
    return Converted(typed, rules + type_rules)


TRIMMED, UNWRAPPED = "trimmed", "unwrapped from a spreadsheet's formula"
NO_DATE, TO_UTC, TO_ISO = "no date", "time to UTC", "day to ISO 8601"
PLAIN_NUMBER, PLAIN_TRUTH, WHOLE_MICROSECONDS = "number written plainly", "true or false in small letters", "time to microseconds"


def _unwrapped(text: str, field: Field) -> tuple[str, tuple[str, ...]]:
    """Return the value without the blanks, the formula or the apostrophe that a tool added, and the names of the rules that removed them."""
    if text[:1] in _VISIBLE and text[-1:] in _VISIBLE:
        return text, ()
    # No regular expression: to find blanks at the end, it would try every stretch of blanks within the text.
    value = text.strip(_INVISIBLE)
    rules = (TRIMMED,) if value != text else ()
    if value[:1] == '"' and text[0] != '"':
        raise NotStandardError("a quotation mark after blanks: they make it a part of the value")
    if formula := _FORMULA.fullmatch(value):
        return formula[1].replace('""', '"').strip(_INVISIBLE), (*rules, UNWRAPPED)
    if field.identifies and value[:1] == "'" and value[-1] not in _QUOTES:
        return value[1:].strip(_INVISIBLE), (*rules, UNWRAPPED)
    return value, rules


_Typed = tuple[Any, tuple[str, ...]]


def _string(value: str, field: Field) -> _Typed:
    if (field.identifies or field.name.endswith("_code")) and _SPREADSHEET.fullmatch(value):
        raise NotStandardError(
            "a number with an exponent, a fraction or thousands separators: a spreadsheet or a program has changed its digits"
        )
    if field.identifies:
        if value[0] == "=":
            raise NotStandardError("a spreadsheet's formula")
        if value[0] in _QUOTES:
            raise NotStandardError("in quotation marks")
        if not value.isprintable():
            raise NotStandardError("it has characters that cannot be seen")
    elif _CONTROL.search(value):
        raise NotStandardError("it has control characters")
    return value, ()


def _misread(value: str) -> bool:
    """Return whether UTF-8 bytes were read as Windows-1252, as in JosÃ©."""
    try:
        value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _integer(value: str, field: Field) -> _Typed:
    if not _INTEGER.fullmatch(value):
        raise NotStandardError("not a whole number in plain digits")
    number = int(value.partition(".")[0])
    if not -(1 << _BITS[field.type.kind] - 1) <= number < 1 << _BITS[field.type.kind] - 1:
        raise NotStandardError(f"a number too large for {_BITS[field.type.kind]} bits")
    return number, () if str(number) == value else (PLAIN_NUMBER,)


def _decimal(value: str, field: Field) -> _Typed:
    """Convert a decimal directly from the text, never through a float."""
    if not _DECIMAL.fullmatch(value):
        raise NotStandardError("not a number in plain digits with a point")
    whole, _, fraction = value.partition(".")
    if fraction[field.type.scale :].strip("0"):
        raise NotStandardError(f"finer than the {field.type.scale} digits behind the point that the contract has")
    if len(whole.lstrip("+-0")) > field.type.precision - field.type.scale:
        raise NotStandardError(f"more than the {field.type.precision} digits that the contract has")
    number = Decimal(value).quantize(Decimal(1).scaleb(-field.type.scale))
    number = abs(number) if number == 0 else number
    return number, () if str(number) == value else (PLAIN_NUMBER,)


def _boolean(value: str, _: Field) -> _Typed:
    if (truth := {"true": True, "false": False}.get(value.lower())) is None:
        raise NotStandardError("neither true nor false")
    return truth, () if value == value.lower() else (PLAIN_TRUTH,)


def _date(value: str, field: Field) -> _Typed:
    """Convert a date in one of four formats. Any other format may be another day in another country."""
    parts = next((match for date_format in _DATE_FORMATS if (match := date_format.fullmatch(value))), None)
    if not parts:
        raise NotStandardError("not a day written as YYYY-MM-DD, YYYY/MM/DD, YYYYMMDD or DD Mon YYYY")
    month = parts["month"] if parts["month"].isdigit() else str(_MONTHS.get(parts["month"].lower(), 0))
    if f"{parts['year']}-{month:0>2}-{parts['day']:0>2}" in field.no_date:
        return None, (NO_DATE,)
    try:
        day = date(int(parts["year"]), int(month), int(parts["day"]))
    except ValueError as error:
        raise NotStandardError("not a date of the calendar") from error
    return _plausible(day, field), () if str(day) == value else (TO_ISO,)


def _timestamp(value: str, field: Field) -> _Typed:
    """Convert a time to UTC. Milliseconds since 1970 are accepted; a time without a zone is UTC."""
    if _MILLISECONDS.fullmatch(value):
        moment = datetime.fromtimestamp(int(value) // 1000, tz=UTC).replace(microsecond=int(value) % 1000 * 1000)
        _plausible(moment.date(), field)
        return moment, (TO_UTC,)
    parts = _TIMESTAMP.fullmatch(value)
    if not parts:
        raise NotStandardError("not a time written as YYYY-MM-DDThh:mm:ss±hh:mm, nor milliseconds since 1970")
    day, minute, second, fraction, zone = parts.groups(default="")
    if day in field.no_date:
        return None, (NO_DATE,)
    is_canonical = zone == "+00:00" and value[10] == "T" and not fraction and second
    try:
        moment = datetime.fromisoformat(
            value if is_canonical else f"{day}T{minute}:{second or '00'}.{fraction[:6]:0<6}{zone or 'Z'}".upper()
        ).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotStandardError("no time of the calendar and the clock") from error
    _plausible(moment.date(), field)
    if is_canonical:
        return moment, ()
    rules = (WHOLE_MICROSECONDS,) if fraction[6:].strip("0") else ()
    return moment, rules if moment.isoformat() == value else (*rules, TO_UTC)


def _plausible(day: date, field: Field) -> date:
    if not field.earliest <= day <= LATEST:
        raise NotStandardError(
            f"not between the years {field.earliest:%Y} and {LATEST:%Y}, and not a placeholder of the contract for no date"
        )
    if day in _EPOCHS:
        raise NotStandardError("the day from which systems count, and not a placeholder of the contract for no date")
    return day


TYPES: dict[str, Callable[[str, Field], _Typed]] = {
    "string": _string,
    "int": _integer,
    "long": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "timestamp": _timestamp,
}
