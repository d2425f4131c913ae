"""Ways to write a value of a dump, each with its meaning: the value, null, or a value that must be set aside."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from batch.loading.values import field_of
from tests.support.dump_rows import text
from tillstream.core.contracts import DumpContract

#: A value that must never be loaded.
BAD = object()
#: A word in every text that may be personal. Reasons are searched for it.
SECRET = "Zqxjw"  # noqa: S105 - no password
_TOO_LONG = "x" * 1_001


@dataclass(frozen=True)
class Cell:
    """A value as it is written, and its meaning. If `raw`, it is written to JSON as a bare token."""

    written: str | None
    meant: Any
    raw: bool = False


def cell(spec: dict[str, Any], value: Any, contract: DumpContract, draw: random.Random) -> Cell:
    """Return a good value, written in one of several ways, or sometimes a bad value in its place."""
    field = field_of(spec, contract.key)
    optional = isinstance(spec["type"], list)
    if draw.random() < 0.02:
        return Cell(draw.choice([None, "", " ", "\u00a0"]), None if optional else BAD)
    if "allowed" in spec:
        ways = (*_WORD, *STANDARD["upper"]) if spec.get("standard") == "upper" else _WORD
    elif spec.get("standard") in STANDARD:
        ways = STANDARD[spec["standard"]]
    elif field.type.kind == "string":
        ways = _IDENTIFIER if field.identifies else _WORD
    else:
        ways = TYPED[field.type.kind]
    way = draw.choice(ways)
    made = way(value, draw)
    if made.raw and made.meant is BAD and contract.format == "csv":
        return plain(spec, value)  # in a CSV, a bare token is a text like any other
    if made.meant is None and not (optional and field.no_date):
        return Cell(made.written, BAD, made.raw)
    return made


def plain(spec: dict[str, Any], value: Any) -> Cell:
    """Return the value in its standard form."""
    raw = spec["type"] in ("int", "long", "boolean") and value is not None
    avro = spec["type"]
    meant = Decimal(value) if isinstance(avro, dict) and avro.get("logicalType") == "decimal" else value
    return Cell(text(value), meant, raw)


Way = Callable[[Any, random.Random], Cell]


def _same(form: str) -> Way:
    """Return another way to write the same value."""
    return lambda value, _: Cell(form.format(text(value)), value)


def _bad(*written: str, raw: bool = False) -> Way:
    return lambda _, draw: Cell(draw.choice(written), BAD, raw)


_BLANKS = (_same(" {}"), _same("{}\t"), _same("\u3000{}\u00a0"), _same("\ufeff{}"), _same("{}\u200b"), _same("\u2066{}\u2069"))
_JSON_KINDS = _bad("[1]", '{"a": 1}', "[]", "NaN", "-Infinity", '["Zqxjw"]', raw=True)
_IDENTIFIER: tuple[Way, ...] = (
    _same("{}"), _same("{}"), *_BLANKS, _same('="{}"'), _same(' ="{}" '), _same("'{}"), _same("' {}"),
    _bad("NULL", "None", "nan", "\\N", "N/A", "'12345'", '"12345"', "\u201c12345\u201d", "''12345", '=T("12345")', "=12345", ' "12345"', "12\ufffd5", "p" * 65, "\u674e" * 900),
    _bad("4.01E+12", "4,01E+12", "1.0e5", "12.0", "7E-05", '="4.01E+12"', f"{SECRET}\x00", f"{SECRET}\u200b{SECRET}", f"{SECRET}\n1", _TOO_LONG),
    _bad("4.01E+12", "17.0", "1e5", "1E5", raw=True), _bad("true", "false", raw=True), _JSON_KINDS,
)  # fmt: skip
#: Ways to write a word from a list of allowed words, such as a status.
_WORD: tuple[Way, ...] = (
    _same("{}"), _same("{}"), *_BLANKS, _same('="{}"'), _bad(SECRET, "\x1b[31m", _TOO_LONG, "NONE\x00"), _bad("true", "0.5", raw=True), _JSON_KINDS,
)  # fmt: skip


def _text(value: Any, draw: random.Random) -> Cell:
    """Return a random free text. Its meaning is the text without the blanks around it."""
    words = [
        draw.choice([SECRET, "O'Neil", 'say "so"', "a,b;c|d", "Müller", "李", "👩‍👩‍👧", "=1+1", "NULL", "null", "1.5E+3", "0012", "true"])
        for _ in range(3)
    ]
    blank = draw.choice([" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2028", "\u200b ", "\r"])
    ends = draw.choice(["", " ", "\u00a0", "\n"])
    del value
    return Cell(ends + blank.join(words) + ends, " ".join(words))


def _amount(value: Any, draw: random.Random) -> Cell:
    form = draw.choice(["{}", "{}00", "+{}", "00{}", " {} "])
    return Cell(form.format(value), Decimal(value), form[:2] == "{}" and draw.random() < 0.5)


def _token(form: str) -> Way:
    return lambda value, _: Cell(form.format(text(value)), value, raw=True)


def _day(form: str) -> Way:
    return lambda value, _: Cell(value.strftime(form), value)


def _zone(minutes: int) -> Way:
    return lambda value, _: Cell(value.astimezone(timezone(timedelta(minutes=minutes))).isoformat(), value)


def _milliseconds(value: datetime, draw: random.Random) -> Cell:
    return Cell(str(int(value.timestamp() * 1000)), value, raw=draw.random() < 0.5)


def _canonical(*pairs: tuple[str, str | None]) -> tuple[Way, ...]:
    """Return ways that each write a value of their own, or null."""
    return tuple((lambda _, __, w=w, m=m: Cell(w, BAD if m is None else m)) for w, m in pairs)


STANDARD: dict[str, tuple[Way, ...]] = {
    "text": (_text, _text, _text, _same("{}"), _bad("\\N", "(null)", "<NA>", ' "so"', "\ufeff\"so\"", "bell\x07", "nul\x00", "\x85\x9f\x80", _TOO_LONG), _bad("true", raw=True), _JSON_KINDS),
    "email": _canonical(
        (" Ana@Example.COM", "ana@example.com"), ("o'neil@example.com", "o'neil@example.com"), (f"{SECRET}@@x", None), (f"{SECRET}@", None),
        ("a@b", None), ("x" * 300 + "@example.com", None), ("a@localhost", None), ("a b@example.com", None),
    ),
    "phone": _canonical(
        ("(214) 555-0123", "+12145550123"), ("00 44 20 7946 0958", "+442079460958"), ("+1 214 555 0123", "+12145550123"), ("12", None), (SECRET, None),
        ("1" * 900, None), (f"{SECRET} 214-555-0123", None), ("214-555-0123 x45", None), ("214-555-0123 #45", None), ("555-0123", None), ("1-800-FLOWERS", None),
    ),
    "country": _canonical(("USA", "US"), (" united states ", "US"), ("deu", "DE"), (f"{SECRET}ia", None), ("", None), ("U", None)),
    "currency": _canonical(("usd", "USD"), (" US Dollar", "USD"), ("$", None), (SECRET, None)),
    "department": (lambda v, _: Cell(v.lower(), v), lambda v, _: Cell(f" {v.title()} ", v), _same('="{}"'), _bad("a\x01b")),
    "upper": (lambda v, _: Cell(v.lower(), v), _same(" {}"), _bad(SECRET)),
}  # fmt: skip
_WHOLE: tuple[Way, ...] = (
    _same("{}"), _token("{}"), _same(" {}"), _same("{}.0"), _token("{}.000"), *_BLANKS,
    _bad("1e3", "1,000", "1 000", "\uff14", "\u0664", "NaN", "Infinity", "0x1", "--1", "9" * 30, "9" * 900, "2147483648", SECRET, "true", "1.5", "½", _TOO_LONG),
    _bad("1e3", "1E400", "-1.5", "99999999999999999999", "true", raw=True), _JSON_KINDS,
)  # fmt: skip
TYPED: dict[str, tuple[Way, ...]] = {
    "int": _WHOLE,
    "long": _WHOLE,
    "decimal": (
        _amount, _amount, _amount,
        _bad("0.125", "0.1250", "Infinity", "-inf", "nan", "1,25", "$1.25", "1.25 EUR", "(1.25)", "1e1", "\uff11.5", "1 000.00", "-0.001", "99999999999.00"),
        _bad("1e1", "0.125", "1E400", "-5.00", "10000.01", "9999999.99", raw=True), _bad("-5.00", "10000.01", "9999999.99"), _JSON_KINDS,
    ),
    "boolean": (_same("{}"), _token("{}"), lambda v, _: Cell(str(v), v), lambda v, _: Cell(f" {str(v).upper()}", v), _bad("1", "0", "yes", "ja", SECRET), _bad("1", raw=True), _JSON_KINDS),
    "date": (
        _day("%Y-%m-%d"), _day("%Y/%m/%d"), _day("%Y%m%d"), _day("%d %b %Y"), _day(" %Y-%m-%d "), _day('="%Y-%m-%d"'),
        _bad("03-04-2026", "13-04-2026", "May", "12", "Friday", "46000", "2026-W14-5", "03/04/2026", "2026-02-30", "26-01-01", "9999-12-31", "0001-01-01", "1700-01-01",
             "2026-11-20T00:00:00", "20261320", "\uff12026-01-01", SECRET), _JSON_KINDS,
    ),
    "timestamp": (
        _same("{}"), _zone(-300), _zone(345), _zone(840), _milliseconds, lambda v, _: Cell(v.strftime("%Y-%m-%d %H:%M:%S"), v), lambda v, _: Cell(v.strftime("%Y-%m-%dt%H:%M:%Sz"), v),
        lambda v, _: Cell(v.strftime("%Y-%m-%dT%H:%M:%S.000000000Z"), v),
        lambda _, draw: Cell(draw.choice(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00 00:00:00", "9999-12-31T23:59:59.9999999-12:00"]), None),
        _bad("2026-11-20", "yesterday", "2026-11-19T24:00:00Z", "2026-06-30T23:59:60Z", "1795219200", "1700-01-01T00:00:00Z", "2262-04-12T00:00:00Z", "2026-11-19T10:00:00 EST",
             "2026-11-19T10", "9" * 13, "2026-11-19T10:00:00+99:00", "2026-11-19T10:00:00+05:99", "2026-11-19T10:00:00+15:00", SECRET), _JSON_KINDS,
    ),
}  # fmt: skip
