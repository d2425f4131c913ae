"""Personal data that has a form: found by Presidio's recognisers and by patterns of our own. What is a name is the language model's to say."""

import re
from dataclasses import dataclass

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IbanRecognizer, PhoneRecognizer

#: Where customers' telephones are; a number with its country's code is found whatever the country.
REGIONS = ("US", "GB", "ES", "MX", "FR", "DE")
_RECOGNISERS: tuple[EntityRecognizer, ...] = (CreditCardRecognizer(), IbanRecognizer(), PhoneRecognizer(supported_regions=REGIONS))
_KINDS = {"CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "PHONE_NUMBER": "PHONE"}
#: Presidio is this sure of a number of the right form without a word beside it that says so; for a telephone that is little.
SURE = 0.4

_UPPER, _WORD = "A-ZÀ-ÖØ-Þ", r"[^\W\d_]"
_NAME = rf"(?:[{_UPPER}]{_WORD}+(?:[-'\u2019]{_WORD}+)?)"
_FULL_NAME = rf"(?P<found>{_NAME}(?:\s+(?:de|del|la|van|von|der|{_NAME})){{0,4}})"
_STREETS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|terrace|way|circle|highway|crescent|close|"
    "mews|gardens|grove|plaza|loop|trail|parkway|row|hill|park"
)
_STREETS_ES = (
    r"calle|c/|avenida|avda\.?|av\.?|plaza|paseo|pasaje|ronda|camino|callejón|cañada|glorieta|rambla|alameda|vial|via|cuesta|urbanización|acceso|pasadizo|"
    r"continuación|corredor|peatonal|circuito|prolongación|boulevard|bulevar|retorno|circunvalación|calzada|viaducto|eje|diagonal|transversal|carrera|"
    r"privada|ampliación|andador|cerrada|cl\.?|cr\.?|cra\.?|kr\.?|dg\.?|tr\.?"
)
_POINTS = "norte|sur|este|oeste|oriente|poniente"
#: Kind, pattern; the group `found`, where there is one, is what is personal.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("EMAIL", re.compile(r"[\w.+%'-]+\s?@\s?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)),
    ("EMAIL", re.compile(r"[\w.+-]+\s*(?:\(|\[)?\b(?:at|arroba)\b(?:\)|\])?\s*[\w-]+\s*(?:\(|\[)?\b(?:dot|punto)\b(?:\)|\])?\s*[a-z]{2,}\b", re.IGNORECASE)),
    ("CARD", re.compile(r"(?<![\d])\d{4}([ .-]?)\d{4}\1\d{4}\1\d{3,4}(?!\d)")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b")),
    # Written in small letters: a group that has no digit would be a word, but for the bank's.
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}[ -]?[A-Z0-9]{4}(?:[ -]?(?=[A-Z]{0,3}\d)[A-Z0-9]{4}){1,6}(?:[ -]?(?=[A-Z]{0,2}\d)[A-Z0-9]{1,3})?\b", re.IGNORECASE)),
    ("ORDER", re.compile(r"\bW\d{12}\b", re.IGNORECASE)),
    ("ORDER", re.compile(r"(?:order|receipt|ticket|invoice|pedido|recibo|factura|compra)\s*(?:no\.?|nr\.?|number|num\.?|número|numero|n[º°]\.?|#|:)*\s*(?P<found>\d{8,14})\b", re.IGNORECASE)),
    ("PHONE", re.compile(r"(?<![\w.])(?:\+|00)\d{1,3}(?:[ ().-]*\d){7,12}(?!\d)")),
    ("PHONE", re.compile(r"(?<![\w.+])(?:\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}|[6789]\d{2}[ .-]?\d{3}[ .-]?\d{3}|[6789]\d{2}(?:[ .-]?\d{2}){3}|0\d{2,4}[ .-]?\d{3,4}[ .-]?\d{3,4})(?:\s?x\d{1,5})?(?![\w])")),
    ("ADDRESS", re.compile(rf"\b\d{{1,6}}[A-Za-z]?\s+(?:{_NAME}\s+){{1,4}}(?:{_STREETS})\b\.?(?:\s*,?\s*(?:apt|suite|unit|flat|studio|floor)\.?\s*\w+)?(?:\s*,\s*{_NAME}(?:\s+{_NAME}){{0,2}})?(?:\s*,?\s*[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)?", re.IGNORECASE)),
    ("ADDRESS", re.compile(rf"\b(?:calle|c/|avenida|avda\.?|av\.|plaza|paseo|pasaje|ronda|camino|callejón|cañada|glorieta|rambla|alameda|vial|via|cuesta|urbanización|acceso|pasadizo)\s+(?:(?:de|del|la|las|los|el)\s+)*{_NAME}(?:\s+(?:de|del|la|{_NAME})){{0,4}}\s*,?\s*(?:n[º°.]\s*)?\d{{1,4}}(?:\s*,?\s*(?:piso|puerta|apt\.?|\d{{1,2}}º)\s*\w*)?(?:\s*,?\s*\d{{5}})?", re.IGNORECASE)),
    ("ADDRESS", re.compile(rf"\b\d{{1,6}}[A-Za-z]?\s+{_NAME}(?:\s+{_NAME}){{1,4}}(?:\s*,?\s*(?:Apt|Suite|Unit|Flat|Studio)\.?\s*\w+)?")),
    # The Americas' Spanish addresses: a number for a street's name, "#" before the house, and where in the house.
    ("ADDRESS", re.compile(rf"\b(?:{_STREETS_ES})\s+(?:(?:{_POINTS}|de|del|la|las|los|el|vial|calle)\s+)*(?:{_NAME}|\d{{1,3}}[A-Z]?[ªº]?)(?:\s+(?:de|del|la|bis|{_POINTS}|{_NAME}))*\s*(?:,|\#|n[º°.]|no\.?)?\s*\d{{1,4}}\w?(?:\s*-\s*\d{{1,3}}\w?)?(?:\s+\d{{1,4}})?(?:\s+(?:{_POINTS})\b)?(?:\s*,?\s*(?:edif|interior|depto|piso|puerta|apto?)\.?\s*\w+)*", re.IGNORECASE)),
    ("ADDRESS", re.compile(rf"\b(?i:flat|studio|unit|apt\.?|apartment|suite|level)\s+\d+\w?\s*,?\s+(?:\d{{1,6}}[A-Za-z]?\s+)?{_NAME}(?:\s+{_NAME}){{0,3}}")),
    ("ADDRESS", re.compile(rf"\b\d{{1,4}}/\d{{1,4}}\s+{_NAME}(?:\s+{_NAME}){{0,3}}")),
    ("ADDRESS", re.compile(r"(?i:\b(?:i live at|i live in|my address is|(?:send|deliver|ship|bring) (?:it|this|them) to|vivo en|mi dirección es|(?:envíenl|mándenl|tráiganl)[oa]s? a)\s+)(?P<found>(?=[^.!?\n]*\d)[^!?\n]{5,70}?\d+\b[^.!?\n]{0,40}?)(?=[.!?\n]|\s[^\w\s,]|$)")),
    ("ADDRESS", re.compile(rf"\b(?:C\.|Cl\.?|Pl\.|Plz\.|Pza\.|Avda\.|Av\.|P\.º|Ctra\.)\s+(?:(?:de|del|la|las|los|el)\s+)*{_NAME}(?:\s+(?:de|del|la|{_NAME})){{0,4}}\s*,?\s*\d{{1,4}}")),
    ("PERSON", re.compile(rf"(?i:\b(?:my name is|i am called|name's|this is|i'm|me llamo|mi nombre es|soy|se llama|le atiende|habla con|speaking (?:to|with)|called|named|llamad[oa])\s+){_FULL_NAME}")),
    ("PERSON", re.compile(rf"(?i:\b(?:mr|mrs|ms|miss|dr|sr|sra|srta|don|doña)\b\.?\s+){_FULL_NAME}")),
    ("PERSON", re.compile(rf"(?i:\b(?:regards|yours|sincerely|thanks|cheers|signed|saludos|atentamente|gracias|un saludo|firmado)\s*[,.:\n]+\s*){_FULL_NAME}\s*$")),
    ("PERSON", re.compile(rf"(?i:\b(?:cashier|manager|employee|assistant|colleague|driver|cajer[oa]|encargad[oa]|emplead[oa]|dependient[ea]|repartidor[a]?)\s+){_FULL_NAME}")),
)  # fmt: skip


#: What may be a number of a person: digits, alone or in groups.
_NUMBER = re.compile(r"(?<![\w.,$€£#])[(+]{0,2}\d(?:[ ().+-]{0,3}\d){6,22}(?:\s?x\d{1,5})?(?![\w%€]|[.,]\d)")
_DATE = re.compile(r"(?:19|20)\d{2}[ .-]?(?:0\d|1[0-2])[ .-]?[0-3]\d|[0-3]?\d[ .-][01]?\d[ .-](?:19|20)\d{2}")


@dataclass(frozen=True, order=True)
class Finding:
    """A stretch of a text that is personal."""

    start: int
    end: int
    kind: str


def by_form(text: str) -> list[Finding]:
    """What the patterns and Presidio's recognisers find; stretches may overlap."""
    found = []
    for kind, pattern in PATTERNS:
        group = "found" if "found" in pattern.groupindex else 0
        found += [Finding(*match.span(group), kind) for match in pattern.finditer(text)]
    found += [Finding(*match.span(), told) for match in _NUMBER.finditer(text) if (told := _kind_of_number(match[0]))]
    if any(character.isdigit() for character in text):
        for recogniser in _RECOGNISERS:
            for result in recogniser.analyze(text, recogniser.supported_entities, None):
                if result.score >= SURE:
                    found.append(Finding(result.start, result.end, _KINDS[result.entity_type]))
    return found


def _kind_of_number(number: str) -> str | None:
    """A CARD where its check digit is right, else a PHONE; None for a date. Nothing else that customers write has seven digits or more."""
    digits = [int(c) for c in number.partition("x")[0] if c.isdigit()]
    if _DATE.match(number) and len(digits) < 13:
        return None
    if len(digits) < 12:
        return "PHONE"
    # Luhn's: each second digit from the right twice, and the digits of that added up.
    total = sum(sum(divmod(digit * 2, 10)) if i % 2 else digit for i, digit in enumerate(reversed(digits)))
    return "CARD" if total % 10 == 0 else "PHONE"


def replaced(text: str, findings: list[Finding]) -> tuple[str, dict[str, int]]:
    """The text with each stretch replaced by its kind, as in `<PHONE>`, and how many of each kind. What overlaps is one, of the kind of the longest."""
    merged: list[Finding] = []
    for finding in sorted(findings):
        if merged and finding.start < merged[-1].end:
            last = merged.pop()
            longest = max((last, finding), key=lambda f: f.end - f.start)
            merged.append(Finding(last.start, max(last.end, finding.end), longest.kind))
        else:
            merged.append(finding)
    counts: dict[str, int] = {}
    parts, at = [], 0
    for finding in merged:
        parts += [text[at : finding.start], f"<{finding.kind}>"]
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
        at = finding.end
    return "".join([*parts, text[at:]]), counts


def order_number(text: str) -> str | None:
    """The first number of an order or a receipt in a text."""
    for kind, pattern in PATTERNS:
        if kind == "ORDER" and (match := pattern.search(text)):
            return match["found"] if "found" in pattern.groupindex else match[0].upper()
    return None
