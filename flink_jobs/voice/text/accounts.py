"""Find IBANs and the numbers of identity papers in a plain text, by their form."""

import re
from collections.abc import Iterator
from functools import lru_cache

from flink_jobs.voice.text.finding import Finding

#: The length of an IBAN by country (ISO 13616).
_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28,
    "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15,
    "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25,
    "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip
_GAP = r"[\W_]{0,5}+"
#: Where an IBAN may begin.
_BEGINS = re.compile(rf"(?<![^\W_])[A-Z]{_GAP}[A-Z]{_GAP}\d{_GAP}\d", re.IGNORECASE)
_SIGN = r"[ ./_-]{0,3}"
#: An IBAN with wrong check digits counts too, if it is written in an IBAN's groups.
_UNCHECKED = (
    re.compile(rf"\b[A-Z]{{2}}\d{{2}}(?:{_SIGN}[A-Z0-9]{{4}}){{2,7}}(?:{_SIGN}[A-Z0-9]{{1,3}})?\b"),
    # In small letters: a group without a digit could be a word, so only the bank's group may have none.
    re.compile(
        rf"\b[A-Z]{{2}}\d{{2}}{_SIGN}[A-Z0-9]{{4}}(?:{_SIGN}(?=[A-Z]{{0,3}}\d)[A-Z0-9]{{4}}){{1,6}}(?:{_SIGN}(?=[A-Z]{{0,2}}\d)[A-Z0-9]{{1,3}})?\b",
        re.IGNORECASE,
    ),
)
#: Identity numbers of Spain and Mexico, and Britain's national insurance number.
_PAPERS = (
    re.compile(r"(?<![\w.,])\d{1,2}[.\s-]?\d{3}[.\s-]?\d{3}[\s.-]{0,3}[A-HJ-NP-TV-Z](?![\w'])"),
    re.compile(r"(?<!\w)\d{8}[\s.-]?[A-HJ-NP-TV-Z](?!\w)", re.IGNORECASE),
    re.compile(r"(?<!\w)[XYZ][\s.-]{0,3}\d{1}[.\s]?\d{3}[.\s]?\d{3}[\s.-]{0,3}[A-Z](?!\w)", re.IGNORECASE),
    re.compile(r"(?<!\w)[A-Z]{4}\d{6}(?:[HM][A-Z]{5}[A-Z0-9]\d|[A-Z0-9]{3})(?!\w)", re.IGNORECASE),
    re.compile(r"(?<!\w)[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?!\w)", re.IGNORECASE),
)  # fmt: skip


def accounts(text: str) -> Iterator[Finding]:
    """Yield the IBANs and the numbers of identity papers."""
    for begin in _BEGINS.finditer(text):
        if (end := _checked_iban(text, begin)) is not None:
            yield Finding(begin.start(), end, "IBAN")
    for pattern in _UNCHECKED:
        yield from (Finding(*match.span(), "IBAN") for match in pattern.finditer(text))
    for pattern in _PAPERS:
        yield from (Finding(*match.span(), "ID") for match in pattern.finditer(text))


@lru_cache
def _of_length(length: int) -> re.Pattern[str]:
    """Return a pattern of this many letters and digits, with any signs between them."""
    return re.compile(rf"(?:[A-Z0-9]{_GAP}){{{length - 1}}}[A-Z0-9](?![^\W_])", re.IGNORECASE)


def _checked_iban(text: str, begin: re.Match[str]) -> int | None:
    """Return the end of the IBAN that begins here, or None if its length or its check digits (ISO 7064, mod 97-10) are wrong."""
    country, start = "".join(filter(str.isalpha, begin[0])).upper(), begin.start()
    if country not in _LENGTHS or not (match := _of_length(_LENGTHS[country]).match(text, start)):
        return None
    iban = "".join(filter(str.isalnum, match[0])).upper()
    # With IGNORECASE, [A-Z] also matches Turkish's dotted capital I.
    if not iban.isascii():
        return None
    return match.end() if int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1 else None
