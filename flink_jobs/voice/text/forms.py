"""Find personal data in a plain text (`normalisation.plain`) by our own rules. Their time grows linearly with the length of the text."""

import re

from flink_jobs.voice.text.accounts import accounts
from flink_jobs.voice.text.addresses import addresses
from flink_jobs.voice.text.emails import mails
from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.handles import handles
from flink_jobs.voice.text.labelled_numbers import labelled_numbers
from flink_jobs.voice.text.labels import words_of
from flink_jobs.voice.text.numbers import numbers
from flink_jobs.voice.text.people import named

#: A text with more than this many capitals per small letter is written in capitals: the rest may be a word or an address.
_SHOUTED = 3
_ORDERS = (
    re.compile(r"\bW\d{12}\b", re.IGNORECASE),
    re.compile(
        r"(?:order|receipt|ticket|invoice|pedido|recibo|factura|compra)(?:\s?(?:no\.?|nr\.?|number|num\.?|número|numero|n[º°]\.?|#|:)){0,4}\s{0,3}"
        r"(?P<found>\d{8,14})\b",
        re.IGNORECASE,
    ),
)


def forms(text: str, words: str | None = None) -> list[Finding]:
    """Return the personal data in a text. Findings may overlap. A number that the rules cannot decide about has the kind UNSURE.

    Args:
        text: a plain text.
        words: the same text with the capitals of a sentence (`names.cased`), if known.
    """
    # In a text without small letters, or without capitals, a capital marks nothing.
    shouted = sum(map(str.isupper, text)) > _SHOUTED * sum(map(str.islower, text))
    vocabulary = words_of(text)
    findings = [*mails(text), *handles(text, vocabulary), *numbers(text)]
    findings += named(words or text, vocabulary, by_capital=words is None or not (shouted or text.islower()))
    numbered = any(map(str.isdigit, text))
    # "s/n" is a house without a number, as in "Pza. Mayor s/n".
    if numbered or "s/n" in text.lower():
        findings += addresses(words if words and shouted else text, words or text)
    if numbered:
        findings += [*accounts(text), *labelled_numbers(text, vocabulary)]
        for pattern in _ORDERS:
            findings += [Finding(*match.span("found" if pattern.groups else 0), "ORDER") for match in pattern.finditer(text)]
    return findings


def first_order(text: str) -> str | None:
    """Return the first number of an order or receipt in a plain text, or None."""
    for pattern in _ORDERS:
        if match := pattern.search(text):
            return match["found"] if pattern.groups else match[0].upper()
    return None
