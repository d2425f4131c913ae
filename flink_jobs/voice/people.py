"""Addresses and names in a plain text that are known by what stands beside them. Other names are the language's model's to say.

No repetition of words here is without a bound, and a word gives no letter back (possessive repetitions): the time grows with the length of the text, which
tests/unit/test_personal_data.py measures with the patterns' own words.
"""

import re
from collections.abc import Iterator

from flink_jobs.voice.finding import Finding
from flink_jobs.voice.words import COMMON

_UPPER, _LETTER = "A-ZÀ-ÖØ-Þ", r"[^\W\d_]"
#: A word with a capital; where case is ignored, any word.
_NAME = rf"(?:[{_UPPER}]{_LETTER}++(?:[-'\u2019]{_LETTER}++){{0,2}}|[{_UPPER}]['\u2019]{_LETTER}++(?:-{_LETTER}++)?)"
#: As many words as the name of a street or a place may have.
_MOST = 10
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
_PARTS = r"(?:\s?,?\s?(?:edif|interior|depto|piso|puerta|apto?)\.?\s?\w{1,10}){0,4}"
#: The group `found`, where there is one, is what is personal.
_ADDRESSES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\b\d{{1,6}}[A-Za-z]?\s{{1,3}}(?:{_NAME}\s{{1,3}}){{1,4}}(?:{_STREETS})\b\.?(?:\s?,?\s?(?:apt|suite|unit|flat|studio|floor)\.?\s?\w{{1,10}})?(?:\s?,\s{{0,3}}{_NAME}(?:\s{_NAME}){{0,2}})?(?:\s?,?\s?[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?)?", re.IGNORECASE),
    re.compile(rf"\b\d{{1,6}}[A-Za-z]?\s{{1,3}}{_NAME}(?:\s{{1,3}}{_NAME}){{1,4}}(?:\s?,?\s?(?:Apt|Suite|Unit|Flat|Studio)\.?\s?\w{{1,10}})?"),
    # A street's words up to the house's number: no word has a digit, so that none need be given back.
    re.compile(rf"\b(?:{_STREETS_ES})\s{{1,3}}(?:{_NAME}(?:\s{{1,3}}(?:(?:bis|[yeo])\b|{_NAME})){{0,{_MOST}}}|(?:(?:{_POINTS}|de|del|la|las|los|el|vial|calle)\s){{0,4}}\d{{1,3}}[A-Z]?[ªº]?(?:\s(?:bis(?:\s[A-Z])?\b|{_NAME})){{0,4}})\s?,?\s?(?:\#|n\.?[º°o]?\.?|núm\.?|número)?\s?\d{{1,4}}\w?(?:\s?-\s?\d{{1,3}}\w?)?(?:\s\d{{1,4}})?(?:\s(?:{_POINTS})\b)?{_PARTS}(?:\s?,?\s?\d{{1,2}}º\s?\w{{0,10}})?(?:\s?,?\s?\d{{5}})?", re.IGNORECASE),
    re.compile(rf"\b(?i:flat|studio|unit|apt\.?|apartment|suite|level)\s\d{{1,6}}\w?\s?,?\s(?:\d{{1,6}}[A-Za-z]?\s)?{_NAME}(?:\s{_NAME}){{0,3}}"),
    re.compile(rf"\b\d{{1,4}}/\d{{1,4}}\s{_NAME}(?:\s{_NAME}){{0,3}}"),
    re.compile(r"(?i:\b(?:i live at|i live in|my address is|(?:send|deliver|ship|bring) (?:it|this|them) to|vivo en|mi dirección es|(?:envíenl|mándenl|tráiganl)[oa]s? a)\s)(?P<found>(?=[^.!?\n]{0,120}\d)[^!?\n]{5,70}?(?<!\d)\d{1,20}+\b[^.!?\n]{0,40}?)(?=[.!?\n]|\s[^\w\s,]|$)"),
    re.compile(rf"\b(?:C\.|Cl\.?|Pl\.|Plz\.|Pza\.|Avda\.|Av\.|P\.º|Ctra\.)\s(?:(?:de|del|la|las|los|el)\s){{0,4}}{_NAME}(?:\s(?:(?:de|del|la|las|los|y)\b|{_NAME})){{0,6}}\s?,?\s?\d{{1,4}}"),
)  # fmt: skip
_WORDS = re.compile(rf"{_LETTER}+")
#: Whom customers speak of by name.
ROLES = (
    "cashiers?|managers?|employees?|assistants?|colleagues?|drivers?|clerks?|supervisors?|workers?|waiters?|waitress|staff member|representatives?|agents?|"
    "cajer[oa]s?|encargad[oa]s?|emplead[oa]s?|dependient[ea]s?|repartidor(?:a|es)?|gerente|supervisor[a]?|jef[ea]|agente"
)
_TITLES = "mr|mrs|ms|miss|dr|sr|sra|srta|don|doña"
_FULL_NAME = rf"(?P<found>{_NAME}(?:\s(?:(?:de|del|la|las|los|van|von|der|den|da|dos|di|y)\b|{_NAME})){{0,4}})"
#: Said of nothing but a name.
_NAMED: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?i:\b(?:my name is|i am called|name's|me llamo|mi nombre es|se llama|le atiende|habla con)\s{{1,3}}){_FULL_NAME}"),
    re.compile(rf"(?i:\b(?:{_TITLES})\b\.?\s{{1,3}}){_FULL_NAME}"),
)
#: Said of other things too: what follows is a name by its capital.
_NAMED_BY_CAPITAL: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?i:\b(?:this is|i'm|soy|señor(?:a|ita)?|prof\.?|profesora?|speaking (?:to|with)|called|named|llamad[oa])\s{{1,3}}){_FULL_NAME}"),
    re.compile(rf"(?i:\b(?:regards|yours|sincerely|thanks|cheers|signed|saludos|atentamente|gracias|un saludo|firmado)\s{{0,3}}[,.:\n][,.:\s]{{0,4}}){_FULL_NAME}[ .!]{{0,3}}(?:$|(?=\n))"),
    re.compile(rf"(?i:\b(?:{ROLES})\s?[,:(]?\s{{1,3}}(?:(?:{_TITLES})\b\.?\s)?){_FULL_NAME}"),
)  # fmt: skip


def addresses(text: str) -> Iterator[Finding]:
    """Where somebody lives."""
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            yield Finding(*match.span("found" if pattern.groups else 0), "ADDRESS")


def named(text: str, *, by_capital: bool) -> Iterator[Finding]:
    """Names after what says that one follows, among it, where capitals say something, what may be said of other things too."""
    for pattern in _NAMED + _NAMED_BY_CAPITAL if by_capital else _NAMED:
        for match in pattern.finditer(text):
            if not all(word.lower() in COMMON for word in _WORDS.findall(match["found"])):
                yield Finding(*match.span("found"), "PERSON")
