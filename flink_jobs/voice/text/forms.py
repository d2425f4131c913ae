"""Personal data that has a form, in a plain text (`plainly.plain`), by rules of our own whose time grows with the text's length."""

import re

from flink_jobs.voice.text.accounts import accounts
from flink_jobs.voice.text.addresses import addresses
from flink_jobs.voice.text.emails import mails
from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.handles import handles
from flink_jobs.voice.text.labelled_numbers import told
from flink_jobs.voice.text.labels import words_of
from flink_jobs.voice.text.numbers import numbers
from flink_jobs.voice.text.people import named

#: So many capitals for each small letter: what is left small is a word or an address.
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
    """What is found; stretches may overlap. A number of which the rules cannot tell is of the kind UNSURE.

    Args:
        text: a plain text.
        words: the same with the capitals of a sentence (`names.cased`), where that is known.
    """
    # A text without small letters, or without capitals, tells nothing by them.
    shouted = sum(map(str.isupper, text)) > _SHOUTED * sum(map(str.islower, text))
    said = words_of(text)
    found = [*mails(text), *handles(text, said), *numbers(text)]
    found += named(words or text, said, by_capital=words is None or not (shouted or text.islower()))
    numbered = any(map(str.isdigit, text))
    # A house without a number is one too: "Pza. Mayor s/n".
    if numbered or "s/n" in text.lower():
        found += addresses(words if words and shouted else text, words or text)
    if numbered:
        found += [*accounts(text), *told(text, said)]
        for pattern in _ORDERS:
            found += [Finding(*match.span("found" if pattern.groups else 0), "ORDER") for match in pattern.finditer(text)]
    return found


def first_order(text: str) -> str | None:
    """The first number of an order or a receipt in a plain text."""
    for pattern in _ORDERS:
        if match := pattern.search(text):
            return match["found"] if pattern.groups else match[0].upper()
    return None
