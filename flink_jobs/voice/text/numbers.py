"""Find personal numbers in a plain text: cards, telephones and accounts, as digits in any groups or as number words.

Each regular expression reads a character a bounded number of times, so the time grows linearly with the length of the text.
"""

import re
from collections.abc import Iterator

from flink_jobs.voice.text.finding import Finding

#: Characters that may stand between the digits of one number; those of _APART may also separate two numbers.
_BETWEEN, _APART = r"\s()\[\]{}<>.+/\\_~*|'\"#=-", ",;:"
_RUN = re.compile(rf"\+?\(?\d(?:[{_APART}{_BETWEEN}]{{0,5}}+\d)*")
_PART = re.compile(rf"\+?\(?\d(?:[{_BETWEEN}]{{0,5}}+\d)*")
#: An extension belongs to the telephone before it.
_EXTENSION = re.compile(r"\s?,?\s?(?:x|ext|extn|extension|extensión|anexo)\s?\.?\s?:?\s?\d{1,6}\b", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d{2}[ ./-]?(?:0\d|1[0-2])[ ./-]?[0-3]\d|[0-3]?\d[ ./-][0-3]?\d[ ./-](?:19|20)\d{2}")
#: A date at the beginning or end of a part, with the blank that separates it from the rest.
_DATED = (re.compile(rf"(?:{_DATE.pattern})(?!\d)\s?"), re.compile(rf"(?:^|(?<=\s))(?:{_DATE.pattern})$"))
#: Several prices, or ratings out of five or ten, in a row.
_PRICES = re.compile(r"\d{1,4}\.\d{2}(?:\s\d{1,4}\.\d{2})+|\d{1,2}/(?:5|10)(?:\s\d{1,2}/(?:5|10))+")
#: Several years in a row. No card number begins with 19 or 20.
_YEARS = re.compile(rf"(?:19|20)\d\d(?:[{_APART}{_BETWEEN}]{{1,3}}+(?:19|20)\d\d){{2,}}(?!\d)")
#: Any sign but those of a price.
_MARK = r"(?:(?![$€£¥%])[\W_]){1,5}+"
#: Digits in a card's groups, with any signs between them and any check digit.
_CARD = re.compile(
    rf"(?<!\d)(?!(?:(?:19|20)\d\d{_MARK}){{3}}(?:19|20)\d\d(?!\d))\d{{4}}{_MARK}(?:\d{{4}}{_MARK}\d{{4}}{_MARK}\d{{1,7}}|\d{{6}}{_MARK}\d{{4,5}})(?!\d)"
)
#: The expiry date belongs to the card before it.
_EXPIRY = re.compile(
    r"[\s,;.(|/-]{0,3}(?:(?:and|y|exp(?:iry|ires|iration)?|valid(?: thru| until)?|good thru|cad(?:uca|ucidad)?|vence|vto|date|fecha|on|el|en)\b[\s.:]{0,2}){0,4}"
    r"(?:0?[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d{2}(?![\d/])",
    re.IGNORECASE,
)
#: The kind of a number that touches a letter or a sign.
UNSURE = "UNSURE"
_LEAST, _CARD_LEAST, _CARD_MOST = 7, 13, 19
#: Fewer number words are a count or a price.
_LEAST_SAID = 3
#: Up to eleven digits may be a price, a measure or a part of a code, depending on the characters around them; more digits may not.
_SHORT = 11
#: This many digits are no measure, even if a word follows without a blank ("612345678or").
_NO_MEASURE = 9
_BEFORE, _AFTER, _AFTER_MARK = re.compile(r"[\w.,$€£#]"), re.compile(r"[\w%€]"), re.compile(r"[.,]\d")
#: Labels of a telephone number that may touch it.
_CALLED = re.compile(r"\b(?:tel|tel[eé]fono|tlf|tfno|phone|ph|cell?|mobile|m[oó]vil|whatsapp|call|fax)$", re.IGNORECASE)
#: Letters that are typed in place of digits.
_LETTERS = str.maketrans("OoIl", "0011")
_LETTERED = re.compile(r"(?<!\w)[\dOoIl](?:[ .-]?[\dOoIl]){12,18}(?!\w)")
_LETTERED_GROUPS = re.compile(r"\w{4}(?:[ .-]\w{4}){3}")
_SPOKEN = {
    "zero": 1, "oh": 1, "one": 1, "two": 1, "three": 1, "four": 1, "five": 1, "six": 1, "seven": 1, "eight": 1, "nine": 1, "double": 1, "triple": 2,
    "cero": 1, "uno": 1, "una": 1, "dos": 1, "tres": 1, "cuatro": 1, "cinco": 1, "seis": 1, "siete": 1, "ocho": 1, "nueve": 1, "doble": 1,
    "diez": 2, "once": 2, "doce": 2, "trece": 2, "catorce": 2, "quince": 2, "veinte": 2, "treinta": 2, "cuarenta": 2, "cincuenta": 2,
    "sesenta": 2, "setenta": 2, "ochenta": 2, "noventa": 2, "twenty": 2, "thirty": 2, "forty": 2, "fifty": 2, "sixty": 2, "seventy": 2,
    "eighty": 2, "ninety": 2, "hundred": 1, "cien": 1, "ciento": 1, "doscientos": 1, "trescientos": 1, "cuatrocientos": 1, "quinientos": 1,
    "seiscientos": 1, "setecientos": 1, "ochocientos": 1, "novecientos": 1, "ten": 2, "eleven": 2, "twelve": 2, "thirteen": 2, "fourteen": 2,
    "fifteen": 2, "sixteen": 2, "seventeen": 2, "eighteen": 2, "nineteen": 2, "dieciséis": 2, "dieciseis": 2, "diecisiete": 2, "dieciocho": 2,
    "diecinueve": 2, "veintiuno": 2, "veintiuna": 2, "veintidós": 2, "veintidos": 2, "veintitrés": 2, "veintitres": 2, "veinticuatro": 2,
    "veinticinco": 2, "veintiséis": 2, "veintiseis": 2, "veintisiete": 2, "veintiocho": 2, "veintinueve": 2,
}  # fmt: skip
_SAID = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(_SPOKEN, key=len, reverse=True))}|\d{{1,4}})\b(?:[\s,.-]{{1,3}}+(?:(?:y|and)\s)?"
    rf"(?:{'|'.join(sorted(_SPOKEN, key=len, reverse=True))}|\d{{1,4}})\b)+",
    re.IGNORECASE,
)
_SAID_WORD = re.compile(r"[^\W\d_]+")


def numbers(text: str) -> Iterator[Finding]:
    """Yield the numbers of at least seven digits that are no dates.

    A number with a correct check digit is a CARD, one that touches a letter or a sign is UNSURE, and any other is a PHONE.
    """
    yield from _spoken(text)
    if any(map(str.isdigit, text)):
        for finding in _written(text):
            until = _EXPIRY.match(text, finding.end) if finding.kind == "CARD" else None
            yield Finding(finding.start, until.end(), "CARD") if until else finding


def _written(text: str) -> Iterator[Finding]:
    for card in _CARD.finditer(text):
        yield Finding(*card.span(), "CARD")
    for run in _RUN.finditer(text):
        if len(run[0]) < _LEAST or _YEARS.fullmatch(run[0]):
            continue
        digits = _digits(run[0])
        if _CARD_LEAST <= len(digits) <= _CARD_MOST and checked(digits):
            yield Finding(*run.span(), "CARD")
            continue
        for part in _PART.finditer(text, *run.span()):
            yield from _in_part(text, *part.span())
    for run in _LETTERED.finditer(text):
        digits = _digits(run[0].translate(_LETTERS))
        if sum(c.isdigit() for c in run[0]) >= len(digits) * 2 // 3 and (checked(digits) or _LETTERED_GROUPS.fullmatch(run[0])):
            yield Finding(*run.span(), "CARD")


def _spoken(text: str) -> Iterator[Finding]:
    for run in _SAID.finditer(text):
        words = [word.lower() for word in _SAID_WORD.findall(run[0])]
        if len(words) >= _LEAST_SAID and sum(_SPOKEN.get(word, 0) for word in words) + sum(c.isdigit() for c in run[0]) >= _LEAST:
            yield Finding(*run.span(), "PHONE")


def _in_part(text: str, start: int, end: int) -> Iterator[Finding]:
    """Yield the number in a part after removing the dates at its beginning, or one at its end."""
    first = start
    while start < end and text[start] != "+" and (date := _DATED[0].match(text, start, end)):
        start = date.end()
        # Skip the separator of two dates.
        while start < end and text[start] in " -/":
            start += 1
    if start == first and (date := _DATED[1].search(text, max(start, end - 10), end)):
        end = date.start()
    if start < end and not _PRICES.fullmatch(text, start, end):
        yield from _number(text, start, end)


def _number(text: str, start: int, end: int) -> Iterator[Finding]:
    while start < end and not (text[start].isdigit() or text[start] in "+("):
        start += 1
    while start < end and not text[end - 1].isdigit():
        end -= 1
    digits = _digits(text[start:end])
    if len(digits) < _LEAST:
        return
    extension = _EXTENSION.match(text, end)
    after = extension.end() if extension else end
    if len(digits) <= _SHORT and (
        (start and _BEFORE.match(text, start - 1) and not _CALLED.search(text, max(0, start - 12), start))
        or (_AFTER.match(text, after) and not (len(digits) >= _NO_MEASURE and text[after].isalpha()))
        or _AFTER_MARK.match(text, after)
    ):
        yield Finding(start, after, UNSURE)
        return
    yield Finding(start, after, "CARD" if len(digits) > _SHORT and checked(digits) else "PHONE")


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def checked(digits: str) -> bool:
    """Return whether the check digit is right by Luhn's algorithm."""
    total = sum(sum(divmod(int(digit) * 2, 10)) if i % 2 else int(digit) for i, digit in enumerate(reversed(digits)))
    return total % 10 == 0
