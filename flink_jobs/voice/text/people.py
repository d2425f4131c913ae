"""Find people's names in a plain text by the words around them. Other names are found by the language model.

All repetitions of words are bounded, and words are matched possessively (without backtracking), so the time grows linearly with the length of the
text. tests/unit/flink_jobs/voice/text/test_personal_data.py measures it.
"""

import re
from collections.abc import Iterator

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.labels import matches, rule
from flink_jobs.voice.text.words import COMMON, LETTER, UPPER

#: A capitalised word; with IGNORECASE, any word.
_NAME = rf"(?:[{UPPER}]{LETTER}++(?:[-'\u2019]{LETTER}++){{0,2}}|[{UPPER}od]['\u2019]{LETTER}++(?:-{LETTER}++)?)"
#: A word in a script without capitals: Hebrew to Tibetan, Chinese, Japanese, Korean.
_NO_CASE = r"[\u0590-\u0fff\u3040-\u9fff\uac00-\ud7af]{1,20}+"
_WORDS = re.compile(rf"{LETTER}+")
#: Staff roles whom customers call by name.
ROLES = (
    "cashiers?|managers?|employees?|assistants?|colleagues?|drivers?|clerks?|supervisors?|workers?|waiters?|waitress|staff member|representatives?|agents?|"
    "cajer[oa]s?|encargad[oa]s?|emplead[oa]s?|dependient[ea]s?|repartidor(?:a|es)?|gerente|supervisor[a]?|jef[ea]|agente"
)
_TITLES = "mr|mrs|ms|miss|mx|dr|sgt|capt|rev|sr|sra|srta|dña|don|doña"
_FULL_NAME = rf"(?P<found>(?:{_NAME}|{_NO_CASE})(?:\s(?:(?:de|del|la|las|los|van|von|der|den|da|dos|di|y)\b|{_NAME}|{_NO_CASE})){{0,4}})"
#: Closings of a letter that are followed only by a name.
_SIGNED = r"(?:regards|sincerely|faithfully|best wishes|signed|saludos(?: cordiales)?|atentamente|un (?:cordial )?saludo|firmado|fdo|mit freundlichen gr[üu](?:ß|ss)en|cordialement|cordiali saluti)"
_SIGNED_WORDS = "regards sincerely faithfully wishes signed saludos atentamente saludo firmado fdo freundlichen cordialement cordiali"
_PERSON = "PERSON"
#: Labels that are followed only by a name.
_NAMED = (
    rule(
        _PERSON,
        r"(?:my name is|i am called|name's|me llamo|mi nombre es|se llama|le atiende|habla con)",
        "name called llamo nombre llama atiende habla",
        rf"\s{{1,3}}{_FULL_NAME}",
    ),
    rule(_PERSON, rf"(?:{_TITLES})", _TITLES.replace("|", " "), rf"\b(?:\.\s{{0,3}}|\s{{1,3}}){_FULL_NAME}"),
    # A name in any case.
    rule(
        _PERSON,
        _SIGNED,
        _SIGNED_WORDS,
        rf"\s{{0,3}}[,.:\n][,.:\s]{{0,4}}(?P<found>{LETTER}{{2,20}}+(?:['\s-]{LETTER}{{1,20}}+){{0,3}})[ .!]{{0,3}}$",
    ),
)
#: Labels that other words may follow too: only a capital shows a name.
_NAMED_BY_CAPITAL = (
    rule(
        _PERSON,
        r"(?:this is|i'm|soy|señor(?:a|ita)?|prof\.?|profesora?|speaking (?:to|with)|called|named|llamad[oa])",
        "this m soy señor señora señorita prof profesor profesora speaking called named llamado llamada",
        rf"\s{{1,3}}{_FULL_NAME}",
    ),
    rule(
        _PERSON,
        rf"(?:{_SIGNED}|thanks|cheers|gracias|best|love)",
        f"{_SIGNED_WORDS} thanks cheers gracias best love",
        rf"\s{{0,3}}[,.:!\n][,.:!\s-]{{0,4}}{_FULL_NAME}[ .!]{{0,3}}(?:$|(?=\n))",
    ),
    rule(_PERSON, "(?:xoxo|yours)", "xoxo yours", rf"\s{{1,3}}{_FULL_NAME}[ .!]{{0,3}}(?:$|(?=\n))"),
    rule(
        _PERSON,
        r"(?:dear|hello|hi|hey|hola|querid[oa]|estimad[oa]|buen[oa]s (?:d[ií]as|tardes|noches))",
        "dear hello hi hey hola querido querida estimado estimada buenos buenas",
        rf"\s?,?\s{{1,3}}{_FULL_NAME}(?=\s?[,:.!\n])",
    ),
    rule(
        _PERSON,
        r"(?:badge|name ?tag)",
        "badge tag nametag",
        rf"(?:\s?(?i:said|says|reads?|name|with|is|:|,|\")){{0,3}}\s{{0,2}}\"?{_FULL_NAME}",
    ),
    rule(
        _PERSON,
        r"(?:pregunt[aeé]n? por|a nombre de|under the name(?: of)?)",
        "pregunta pregunte pregunté preguntan pregunten preguntén nombre name",
        rf"\s{_FULL_NAME}",
    ),
    rule(
        _PERSON,
        r"(?:name|nombre|apellidos?|surname|customer|cliente?)",
        "name nombre apellido apellidos surname customer client cliente",
        rf"\s?:\s{{0,3}}(?P<found>{_NAME}(?:-{_NAME})?,\s{_NAME}(?:\s{_NAME}){{0,2}})",
    ),
    rule(
        _PERSON,
        rf"(?:{ROLES})",
        "cashier cashiers manager managers employee employees assistant assistants colleague colleagues driver drivers clerk clerks supervisor supervisors worker workers "
        "waiter waiters waitress staff representative representatives agent agents cajero cajera cajeros cajeras encargado encargada encargados encargadas empleado "
        "empleada empleados empleadas dependiente dependienta dependientes dependientas repartidor repartidora repartidores gerente supervisora jefe jefa agente",
        rf"\s?[,:(]?\s{{1,3}}(?i:(?:{_TITLES})\b\.?\s)?{_FULL_NAME}",
    ),
)
#: People who are mentioned before their name follows between commas.
_RELATED = (
    "chica chico muchacha muchacho señora señor lady guy girl woman man husband wife son daughter mother father sister brother friend neighbour neighbor marido mujer "
    "esposa esposo hija hijo madre padre hermana hermano amiga amigo vecina vecino"
)
_BETWEEN_COMMAS = rule(_PERSON, rf"(?:{_RELATED.replace(' ', '|')})", _RELATED, rf"\b[^.!?,;\n]{{0,30}},\s{{1,2}}{_FULL_NAME}(?=,)")
#: A speaker's name before "here" or "speaking", and a signature after a dash.
_SPEAKING = re.compile(rf"(?:^|[.!?\n]\s{{0,3}}){_FULL_NAME}(?=\s(?:here|speaking)\s?[,.:;!-])")
_SIGNING = re.compile(rf"(?:^|[.!?\n])\s{{0,3}}-{{1,2}}\s{{0,2}}{_FULL_NAME}[ .!]{{0,3}}$")


def named(text: str, words: frozenset[str], *, by_capital: bool) -> Iterator[Finding]:
    """Yield the names after labels.

    Args:
        text: the text, with the capitals of a sentence if known.
        words: the words of the text (`labels.words_of`).
        by_capital: whether capitals mark names in this text; if so, labels that other words may follow count too.
    """
    results = [match for _, match in matches(_NAMED, text, words)]
    if by_capital:
        results += (match for _, match in matches((*_NAMED_BY_CAPITAL, _BETWEEN_COMMAS), text, words))
        if "here" in words or "speaking" in words:
            results += _SPEAKING.finditer(text)
        if "-" in text:
            results += _SIGNING.finditer(text)
    for match in results:
        if not all(word.lower() in COMMON for word in _WORDS.findall(match["found"])):
            yield Finding(*match.span("found"), _PERSON)
