"""Find personal data by its form: with our own rules, and with Presidio for numbers that the rules cannot decide. Names are found by the language model."""

from collections.abc import Iterator
from functools import lru_cache

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IbanRecognizer, PhoneRecognizer

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.forms import first_order, forms
from flink_jobs.voice.text.normalisation import Plain, plain
from flink_jobs.voice.text.numbers import UNSURE

#: Countries of customers' local telephone numbers. A number with a country code is found for any country.
REGIONS = ("US", "GB", "ES", "MX", "FR", "DE")
_KINDS = {"CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "PHONE_NUMBER": "PHONE"}
#: Presidio's score from which a number counts. It gives 0.4 to a telephone number without a label.
SURE = 0.4
#: Presidio checks this many numbers of a text, at 2 ms each, with this many characters on both sides. Further numbers are hidden unchecked.
ASKED, BESIDE = 4, 8


def by_form(text: str) -> list[Finding]:
    """Return the personal data in an original text. Findings may overlap."""
    plain_text = plain(text)
    return back(plain_text, in_plain(plain_text.text))


def in_plain(text: str, words: str | None = None) -> list[Finding]:
    """Return the personal data in a plain text. Findings may overlap.

    Args:
        text: the plain text.
        words: the same text with the capitals of a sentence (`names.cased`), if known; names are searched in it.
    """
    findings = forms(text, words)
    unsure = [finding for finding in findings if finding.kind == UNSURE]
    return [finding for finding in findings if finding.kind != UNSURE] + list(_known(text, unsure)) if unsure else findings


@lru_cache
def _recognisers() -> tuple[EntityRecognizer, ...]:
    return CreditCardRecognizer(), IbanRecognizer(), PhoneRecognizer(supported_regions=REGIONS)


def _known(text: str, unsure: list[Finding]) -> Iterator[Finding]:
    """Yield the unsure numbers that Presidio recognises, as in "Tel.612345678".

    Presidio gets only a few characters around each number: for a whole text of digits and blanks it needs quadratic time.
    """
    yield from (Finding(finding.start, finding.end, "PHONE") for finding in unsure[ASKED:])
    for finding in unsure[:ASKED]:
        start = max(0, finding.start - BESIDE)
        around = text[start : finding.end + BESIDE]
        for recogniser in _recognisers():
            for result in recogniser.analyze(around, recogniser.supported_entities, None):
                if result.score >= SURE:
                    yield Finding(start + result.start, start + result.end, _KINDS[result.entity_type])


def back(plain_text: Plain, findings: list[Finding]) -> list[Finding]:
    """Map findings in the plain text back to the original."""
    return [Finding(*plain_text.back(finding.start, finding.end), finding.kind) for finding in findings]


def order_number(text: str) -> str | None:
    """Return the first number of an order or receipt in an original text, or None."""
    return first_order(plain(text).text)
