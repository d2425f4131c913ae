"""Find personal numbers in a plain text by the word before them: papers, number plates, birthdays, the last digits of a card, secrets."""

import re
from collections.abc import Iterator

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.labels import labelled, rule

#: The last four digits of a card or account. They are hidden in texts, but may stay on photos of receipts.
LAST_FOUR = "LAST_FOUR"
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|"
    "januar|februar|märz|mai|juni|juli|august|oktober|dezember|janvier|f[ée]vrier|mars|avril|juin|juillet|août|septembre|octobre|novembre|d[ée]cembre|"
    "gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
)
_DAY = (
    rf"(?:\d{{1,4}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?\d{{1,4}}|\d{{1,2}}(?:st|nd|rd|th|º|\.)?[\s-](?:de\s|of\s)?(?:{_MONTHS})\b(?:,?[\s-](?:de\s|del\s)?'?\d{{2,4}})?|"
    rf"(?:{_MONTHS})\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?|(?:19|20)\d{{6}}|(?:19|20)\d{{2}}(?!\d)|\d{{1,2}}[./]\d{{1,2}}(?!\d))"
)
#: Number plates of Britain, Spain, Germany, France, Italy, Mexico and the United States.
_PLATE = r"(?:[A-Z]{1,3}[ -]?\d{1,4}[ -]?[A-Z]{1,3}|\d{4}[ -]?[A-Z]{3}|[A-Z]{1,3}-[A-Z]{1,2} ?\d{1,4}|[A-Z]{3}[ -]?\d{2,4}|\d[A-Z]{3}\d{3})"
#: Number plates of Britain and Spain in capitals, which need only a word like "car" before them.
_SURE_PLATE = r"(?:[A-Z]{2}\d{2}\s?[A-Z]{3}|\d{4}[\s-]?[BCDFGHJ-NPR-TV-Z]{3})"
_IS = r"(?:\s?(?i:no|nr|number|num|número|numero|n[º°]|is|es|:|\#|\.|,)){0,4}\s{0,2}"
_CARD = "card|tarjeta|visa|mastercard|amex|maestro|debit|credit|d[eé]bito|cr[eé]dito|account|cuenta|social|ssn"
_CARD_WORDS = "card tarjeta visa mastercard amex maestro debit credit debito débito credito crédito account cuenta social ssn"
_ENDS = r"ending|ends|terminad[ao]|acabad[ao]|termina|acaba"
_ENDS_WORDS = "ending ends terminada terminado acabada acabado termina acaba"
_RULES = (
    rule(
        "ID",
        r"(?:passports?|pasaporte|dni|nie|nif|cif|curp|rfc|c[eé]dula|ssn|nino|social security|seguridad social|driv(?:ing|ers?|er's) licen[cs]e|licen[cs]e (?:no|number)|"
        r"licencia|medicare|medicaid|nhs|steuer-?id|codice fiscale|tax id|member(?:ship)? (?:id|no|number|card)|(?:loyalty|rewards?) card|tarjeta (?:sanitaria|de socio)|"
        r"account (?:no|nr|number)|número de cuenta|sort code|(?:visa|job) application)",
        "passport passports pasaporte dni nie nif cif curp rfc cedula cédula ssn nino security seguridad license licence licencia medicare medicaid nhs steuer steuerid "
        "codice tax member membership loyalty reward rewards tarjeta account cuenta sort application",
        rf"(?![^\W\d_]){_IS}(?P<found>(?i:(?=[A-Z]{{0,6}}-?\d|[A-Z]{{1,3}}\s\d)[A-Z0-9](?:[\s.-]{{0,2}}[A-Z0-9]){{4,17}}\b))",
    ),
    rule(
        "ID",
        r"(?:number ?plate|licen[cs]e plate|plate (?:is|no|number)|registration(?: plate| number)?|matr[íi]cula|placas? (?:es|son)|placas?:|kennzeichen)",
        "plate numberplate registration matrícula matricula placa placas kennzeichen",
        rf"(?!\w)[^.!?\n\d]{{0,30}}?\b(?P<found>{_PLATE}|(?i:[A-Z]{{2}}\d{{2}}[A-Z]{{3}}|\d{{4}}-?[A-Z]{{3}}|[A-Z]{{3}}-?\d{{3,4}}))(?!\w)",
    ),
    rule(
        "ID",
        r"(?:car|van|vehicle|bike|motorbike|coche|moto|furgoneta|auto|carro)",
        "car van vehicle bike motorbike coche moto furgoneta auto carro",
        rf"\b[^.!?\n\d]{{0,30}}?\b(?P<found>{_SURE_PLATE})(?!\w)",
    ),
    rule(
        "SECRET",
        r"(?:pin|cvv2?|cvc2?|security code|código de seguridad|c[oó]digo pin|clave|passcode|otp|verification code|código de verificación)",
        "pin cvv cvc code código codigo clave passcode otp",
        r"\b(?:\s?(?i:code|no\.?|number|número|is|was|es|era|:|=|-|of my card|de mi tarjeta)){0,4}\s?(?P<found>\d{3,8})(?!\w|[.,]\d)",
    ),
    rule(
        LAST_FOUR,
        rf"(?:{_CARD})\s(?:(?:number|no\.?|n\.?º|that|which|que)\s){{0,2}}(?:{_ENDS})",
        _ENDS_WORDS,
        r"\s?(?i:in|with|on|en|con|:)?\s?[*x.…#•-]{0,4}(?P<found>\d{4})(?!\d)",
    ),
    rule(LAST_FOUR, rf"(?:{_ENDS})", _ENDS_WORDS, r"\s(?i:in|with|en|con)\s?(?P<found>(?!(?:19|20)\d\d)\d{4})(?![.,]\d|\d|\s?[€%])"),
    rule(LAST_FOUR, rf"(?:{_CARD})", _CARD_WORDS, r"\s?(?i:number|no\.?|n\.?º|is|es|:){0,2}\s?(?:[*xX.…#•-]{1,16}\s?){1,4}(?P<found>\d{4})(?!\d)"),
    rule(
        LAST_FOUR,
        r"(?:last (?:four|4)|[uú]ltim[ao]s (?:cuatro|4))",
        "last ultimos ultimas últimos últimas",
        r"\b[^.!?\n\d]{0,40}(?P<found>\d{4})(?!\d|[.,]\d)",
    ),
    rule(
        "BIRTHDAY",
        r"(?:born|birthday|birth ?date|date of birth|dob|d\.\s?o\.\s?b\.?|nac[ií](?:d[oa])?|nacimiento|cumpleaños|cumplo años|geboren|geburtstag|n[ée]e? le|nat[oa] il|date de naissance)",
        "born birthday birthdate birth dob b naci nací nacido nacida nacído nacída nacimiento cumpleaños cumplo geboren geburtstag né née ne nee nato nata naissance",
        rf"(?:\s?(?i:on|in|is|the|el|es|en|am|ist|le|il|día|dia|fue|was|:|,|-)){{0,4}}\s?(?P<found>(?i:{_DAY}))",
    ),
)  # fmt: skip
#: A card number that is masked except for its last digits.
_MASKED = re.compile(r"(?:[*•]{2,16}[ -]?){2,4}(?P<found>\d{4})(?!\d)")


def labelled_numbers(text: str, words: frozenset[str]) -> Iterator[Finding]:
    """Yield the personal numbers of a text that has a digit."""
    yield from labelled(_RULES, text, words)
    if "*" in text or "•" in text:
        yield from (Finding(*match.span("found"), LAST_FOUR) for match in _MASKED.finditer(text))
