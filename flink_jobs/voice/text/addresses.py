"""Find postal addresses in a plain text, by the forms of streets, flats and postcodes.

All repetitions of words are bounded, and words are matched possessively (without backtracking), so the time grows linearly with the length of the
text. tests/unit/flink_jobs/voice/text/test_personal_data.py measures it.
"""

import re
from collections.abc import Iterator

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.words import COMMON, LETTER, UPPER

#: A capitalised word; with IGNORECASE, any word.
_NAME = rf"(?:[{UPPER}]{LETTER}++(?:[-'\u2019]{LETTER}++){{0,2}}|[{UPPER}]['\u2019]{LETTER}++(?:-{LETTER}++)?)"
#: Words that are not part of an English street's name: small words, and nouns that are counted in a sentence ("12 minutes in the car park").
_NO_STREET = (
    "an?|in|on|at|to|from|my|your|our|his|her|their|this|that|all|over|out|for|with|by|is|are|was|were|and|or|too|more|other|such|what|which|of|off|into|"
    "some|any|me|you|us|it|we|they|minutes?|mins?|hours?|days?|weeks?|months?|years?|miles?|metres?|meters?|km|kms|times|people|persons|kids|customers|staff|"
    "packs?|bags?|boxes|bottles|cans|pounds?|dollars?|euros?|percent|items?|cars?"
)
_WORD = rf"(?:(?!(?-i:{_NO_STREET})\b){_NAME}|[NSEW]\.?|St\.|\d{{1,3}}(?:st|nd|rd|th)\b)"
#: The most words in the name of a street or place.
_MOST = 10
_STREETS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|terrace|way|circle|highway|crescent|close|"
    "mews|gardens|grove|plaza|loop|trail|parkway|row|hill|park"
)
#: Capitalised, these words end a street's name and seldom a product's.
_ENDS = (
    "Alley|Bypass|Causeway|Circuit|Corners?|Coves?|Cove|Creek|Crossing|Crossroad|Dale|Esplanade|Estates?|Expressway|Extensions?|Freeway|Gate|Gateway|Glens?|"
    "Heights|Hollow|Islands?|Isle|Junctions?|Knolls?|Landing|Manors?|Meadows?|Motorway|Mountains?|Overpass|Parade|Parkways|Passage|Path|Pike|Points?|Quay|Ramp|"
    "Ridges?|Rise|Route|Skyway|Spurs?|Squares|Station|Stravenue|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Turnpike|Underpass|Unions?|Vale|"
    "Viaduct|Views?|Villages?|Ville|Vista|Walks?|Wharf"
)
_STREETS_ES = (
    r"calle|c/|avenida|avda\.?|av\.?|plaza|paseo|pasaje|ronda|camino|callejón|cañada|glorieta|rambla|alameda|vial|via|cuesta|urbanización|acceso|pasadizo|"
    r"continuación|corredor|peatonal|circuito|prolongación|boulevard|bulevar|retorno|circunvalación|calzada|viaducto|eje|diagonal|transversal|carrera|travesía|"
    r"privada|ampliación|andador|cerrada|cl\.?|cr\.?|cra\.?|kr\.?|dg\.?|tr\.?|pza\.?|ctra\.?|polígono"
)
_POINTS = "norte|sur|este|oeste|oriente|poniente"
#: Words that stand between a street and a number only if the number counts something.
_NO_STREET_ES = (
    "hay|había|habían|hubo|está|están|estaba|estaban|es|son|era|eran|fue|tiene|tenía|tienen|con|sin|en|por|para|que|al?|vi|vimos|fui|hace|desde|hasta|pero|"
    "como|cuando|donde|durante|unos|unas|cada|casi|más|menos|tardé|esperé|sucia|sucias|cortada"
)
_COUNTED = (
    r"(?!\s?(?:minutos?|min|horas?|h|d[ií]as?|semanas?|meses|años?|veces|euros?|pesos|d[óo]lares|€|\$|%|km|kms|kil[óo]metros?|kilos?|kg|metros?|m|personas?|"
    r"gramos|g|litros?|l|unidades|cajas?|bolsas?|botellas?|clientes?|gentes?)(?!\w))"
)
_PARTS = (
    r"(?:\s?,?\s?(?:edif|interior|depto|piso|puerta|apto?|portal|bloque|esc(?:alera)?|pta|planta|chalet|nave|casa|izq(?:uierda)?|der(?:echa)?|dcha|bajo|ático|entlo"
    r"|col(?=\.)|c\.?p(?=\.))\.?(?:\s?:?\s?(?:\d{1,5}\w?|[A-Za-z])\b)?){0,6}"
)
_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}"
#: Endings that are measures, unless a label says that a postcode follows ("A14 8GB").
_NO_POSTCODE = r"(?<!GB)(?<!TB)(?<!LB)(?<!FT)(?<!HZ)(?<!XL)(?<!LT)(?<!PT)(?<!GR)(?<!QT)"
#: If a pattern has a group `found`, only that is personal. Each pattern needs a digit or "s/n".
_ADDRESSES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\b\d{{1,6}}[A-Za-z]?,?\s{{1,3}}(?:(?:the\s)?(?:{_WORD}\s{{1,3}}){{1,4}}|(?:the|rue|via)\s{{1,3}})(?:{_STREETS})\b\.?(?:\s?,?\s?(?:apt|suite|unit|flat|studio|floor)\.?\s?\w{{1,10}})?(?:\s?,\s{{0,3}}{_NAME}(?:\s{_NAME}){{0,2}})?(?:\s?,?\s?[A-Z]{{2}}\s\d{{5}}(?:-\d{{4}})?)?", re.IGNORECASE),
    re.compile(rf"\b\d{{1,6}}[A-Za-z]?\s{{1,3}}(?:{_NAME}\s{{1,3}}){{1,4}}(?:{_ENDS})\b(?:\s?,?\s?(?:Apt|Suite|Unit|Flat|Studio)\.?\s?\w{{1,10}})?"),
    # A street's words up to the house number: no word has a digit, so backtracking is not needed.
    re.compile(rf"\b(?:{_STREETS_ES})\s{{0,3}}(?:(?<=[\s/.])(?!(?:{_NO_STREET_ES})\b){_NAME}(?:\s{{1,3}}(?:(?:bis|[yeo])\b|(?!(?:{_NO_STREET_ES})\b){_NAME})){{0,{_MOST}}}|(?<=\s)(?:(?:{_POINTS}|de|del|la|las|los|el|vial|calle)\s){{0,4}}\d{{1,3}}+[A-Z]?[ªº]?(?:\s(?:bis(?:\s[A-Z])?\b|{_NAME})){{0,4}})\s?,?\s?(?:\#|n\.?[º°o]?\.?|núm\.?|número)?\s?(?:\d{{1,4}}+{_COUNTED}\w?|s/n\b)(?:\s?-\s?\d{{1,3}}\w?)?(?:\s\d{{1,4}}{_COUNTED}\b)?(?:\s(?:{_POINTS})\b)?{_PARTS}(?:\s?,?\s?\d{{1,2}}º\s?\w{{0,10}})?{_PARTS}(?:\s?,?\s?\d{{5}})?", re.IGNORECASE),
    re.compile(rf"\b(?i:flat|studio|unit|apt\.?|apartment|suite|level)\s\d{{1,6}}\w?\s?,?\s(?:\d{{1,6}}[A-Za-z]?\s)?(?:{_NAME}|\d{{1,3}}(?:st|nd|rd|th)\b)(?:\s{_NAME}){{0,3}}"),
    re.compile(rf"\b\d{{1,4}}/\d{{1,4}}\s{_NAME}(?:\s{_NAME}){{0,3}}"),
    re.compile(r"(?i:\b(?:i live at|i live in|my address is|(?:send|deliver|ship|bring) (?:it|this|them) to|vivo en|mi dirección es|(?:envíenl|mándenl|tráiganl)[oa]s? a)\s)(?P<found>(?!(?i:me|us|him|her|them|you)\b)(?=[^.!?\n]{0,120}\d)(?:(?!\s(?i:and|but|so|because|since|for|y|pero|porque|desde|by|before|after|around|within)\s)[^!?\n]){5,70}?(?<!\d)\d{1,20}+\b[^.!?\n]{0,40}?)(?=[.!?\n]|\s[^\w\s,]|$)"),
    re.compile(rf"\b(?:[Cc]\.|Cl\.?|Pl\.|Plz\.|Pza\.|Avda\.|Av\.|P\.º|Ctra\.)\s(?:(?:de|del|la|las|los|el)\s){{0,4}}(?:{_NAME}|(?<=c\.\s){LETTER}{{3,20}}+)(?:\s(?:(?:de|del|la|las|los|y)\b|{_NAME})){{0,6}}\s?,?\s?\d{{1,4}}"),
    # German, French and Italian streets.
    re.compile(rf"\b[{UPPER}]{LETTER}{{1,30}}?(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz)\s\d{{1,4}}[a-z]?(?:\s?,\s?\d{{5}}(?:\s{_NAME})?)?"),
    re.compile(rf"\b(?:\d{{1,4}}(?:\s?bis)?,?\s)?(?:[Rr]ue|[Vv]ia|[Cc]hemin|[Ii]mpasse|[Cc]orso|[Vv]iale)\s(?:(?:de|du|des|la|le|les|di|del|della)\s){{0,3}}{_NAME}(?:\s{_NAME}){{0,3}}(?:\s?,?\s?\d{{1,4}}(?!\d))?(?:\s?,\s?\d{{5}}(?:\s{_NAME})?)?"),
    re.compile(r"\b(?:p\.?\s?o\.?\s?box|apartado (?:de correos|postal)|apdo\.?|postfach)(?:\s?(?:no\.?|n\.?º|nº|:|\#|number|número)){0,2}\s?\d{1,6}\b", re.IGNORECASE),
    re.compile(rf"\b(?:zip(?:[ -]?code)?|post[ -]?code|postal code|código postal|c\.?p\.?|plz|postleitzahl)(?:\s?(?:is|es|ist|:|,|no\.?|n\.?º)){{0,3}}\s?(?P<found>\d{{4,5}}(?:-\d{{4}})?(?!\d)|{_UK_POSTCODE}\b)", re.IGNORECASE),
    re.compile(rf"\b{_UK_POSTCODE}\b{_NO_POSTCODE}"),
)  # fmt: skip
#: A number before capitalised words is an address only after words that speak of a place; else it may count things of a brand.
_PLACED = re.compile(
    rf"\b(?i:at|moved to|lives?|living|address(?:\s(?:is|:)|:)?|(?:next|one|it|them|order|parcel|box) to|left in|next door to|near)\s{{1,3}}"
    rf"(?P<found>\d{{1,6}}[A-Za-z]?\s{{1,3}}(?P<first>{_NAME})(?:\s{{1,3}}(?!(?:Apt|Suite|Unit|Flat|Studio)\b\.?\s?\w?\d){_NAME}){{1,4}}(?:\s?,?\s?(?:Apt|Suite|Unit|Flat|Studio)\.?\s?\w{{1,10}})?)"
)


def addresses(text: str, words: str) -> Iterator[Finding]:
    """Yield the addresses in a text.

    Args:
        text: a plain text.
        words: the same text with the capitals of a sentence (`names.cased`).
    """
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            yield Finding(*match.span("found" if pattern.groups else 0), "ADDRESS")
    for match in _PLACED.finditer(words):
        if match["first"].lower() not in COMMON:
            yield Finding(*match.span("found"), "ADDRESS")
