"""Personal data that has a form: by our own rules, and where they cannot tell by Presidio. What is a name is the language's model's to say."""

from collections.abc import Iterator
from functools import lru_cache

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IbanRecognizer, PhoneRecognizer

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.forms import first_order, forms
from flink_jobs.voice.text.normalisation import Plain, plain
from flink_jobs.voice.text.numbers import UNSURE

#: Where customers' telephones are; a number with its country's code is found whatever the country.
REGIONS = ("US", "GB", "ES", "MX", "FR", "DE")
_KINDS = {"CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "PHONE_NUMBER": "PHONE"}
#: Presidio is this sure of a number of the right form without a word beside it that says so; for a telephone that is little.
SURE = 0.4
#: Presidio is asked about so many numbers of a text, at 2 ms each, with so many characters at both sides; further ones are hidden unasked.
ASKED, BESIDE = 4, 8


def by_form(text: str) -> list[Finding]:
    """What is found in a text as it was written; stretches may overlap."""
    looked = plain(text)
    return back(looked, in_plain(looked.text))


def in_plain(text: str, words: str | None = None) -> list[Finding]:
    """What is found in a plain text, for whose names its words are looked at as a sentence has them, where that is known."""
    found = forms(text, words)
    unsure = [finding for finding in found if finding.kind == UNSURE]
    return [finding for finding in found if finding.kind != UNSURE] + list(_known(text, unsure)) if unsure else found


@lru_cache
def _recognisers() -> tuple[EntityRecognizer, ...]:
    return CreditCardRecognizer(), IbanRecognizer(), PhoneRecognizer(supported_regions=REGIONS)


def _known(text: str, unsure: list[Finding]) -> Iterator[Finding]:
    """Of numbers that touch a letter or a sign those that Presidio knows, as in "Tel.612345678". It reads a few characters each time: over a
    text of digits and blanks it takes the square of their number."""
    yield from (Finding(finding.start, finding.end, "PHONE") for finding in unsure[ASKED:])
    for finding in unsure[:ASKED]:
        start = max(0, finding.start - BESIDE)
        around = text[start : finding.end + BESIDE]
        for recogniser in _recognisers():
            for result in recogniser.analyze(around, recogniser.supported_entities, None):
                if result.score >= SURE:
                    yield Finding(start + result.start, start + result.end, _KINDS[result.entity_type])


def back(looked: Plain, findings: list[Finding]) -> list[Finding]:
    """Findings in the plain text as stretches of the original."""
    return [Finding(*looked.back(finding.start, finding.end), finding.kind) for finding in findings]


def order_number(text: str) -> str | None:
    """The first number of an order or a receipt in a text."""
    return first_order(plain(text).text)
