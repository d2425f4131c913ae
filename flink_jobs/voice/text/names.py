"""Complete the names that the language model finds: a name is a whole run of capitalised words."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.people import ROLES
from flink_jobs.voice.text.words import COMMON, LETTER, UPPER, listed

HERE = Path(__file__).parent
#: Terms that look like a person's name but are none.
NON_PERSON_TERMS = listed(HERE / "non_person_terms.txt")
_THINGS = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, NON_PERSON_TERMS), key=len, reverse=True))})(?:'s)?(?!\w)", re.IGNORECASE)
_WORD = re.compile(rf"{LETTER}+")
_CAPITALS = re.compile(rf"\b[{UPPER}]{{2,}}\b")
_PARTICLES = "de|del|la|las|los|van|von|der|den|da|das|dos|di|du|el|al|bin|ibn|ter|y"
#: A word of a name, with joined parts, or an initial. A possessive 's is not part of it.
_PART = rf"(?:[{UPPER}]{LETTER}+|[{UPPER}]\.?(?=\s))(?:['-](?!s\b){LETTER}+)*|[{UPPER}]'{LETTER}+"
_AFTER = re.compile(rf"(?:-|\s)(?:(?:{_PARTICLES})\s){{0,3}}(?P<word>{_PART})")
_BEFORE = re.compile(rf"(?<![\w'])(?P<word>{_PART})(?:-|\s)(?:(?:{_PARTICLES})\s){{0,3}}$")
#: Letters and joiners that the model left out at the end of a word.
_REST = re.compile(rf"(?:['-]?(?!s\b){LETTER}+)+")
_BEGUN = re.compile(rf"(?:{LETTER}+['-])+$")
#: How many characters before a name are searched for its first words, and the most words that are added on each side.
_REACH, _MOST = 40, 5
#: Words with their joined parts.
_JOINED = re.compile(rf"{LETTER}+(?:['-](?!s\b){LETTER}+)*")
#: Shorter words of a name are initials, and are not searched for again.
_LEAST_AGAIN = 3
#: From the word to the end of its question, at most 120 characters.
_ASKS_A_NAME = re.compile(r"\b(?:name|nombre|llama)\b[^.!?]{0,120}\?", re.IGNORECASE)
_TOLD = re.compile(
    rf"\b(?:(?:{ROLES})\s?[,:(]?|tell|told|ask|asked|thank|thanked|met|meet|(?:spoke|spoken|talked|speak|talk) (?:to|with)|helped by|served by|"
    r"hablé con|habl(?:ar|en) con|(?:le|pregunt[aeé]n?|díganle|dile|gracias|conocí|atendió|felicit\w+) a|aquí|atendió|saludos a)\s$",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r",?\s(?:here|said|says|told|shouted|yelled|helped|refused|promised|smiled|answered|ignored|laughed|dijo|gritó|ayudó|atendió|contestó|explicó|prometió|me atendió|me dijo)\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"(?:^|[.!?¡¿\n])[\s\"'(\[*-]*$")


def cased(text: str) -> str:
    """Return the text with the capitals that the model expects; its length does not change.

    A word in capitals keeps only its first capital, and none if it is a common word. In a text without capitals, each uncommon word gets one.
    """
    text = text.replace("\u2019", "'")
    if _CAPITALS.search(text):
        result = _CAPITALS.sub(_small, text)
    elif text.islower():
        result = _WORD.sub(lambda word: word[0] if word[0] in COMMON else word[0].capitalize(), text)
    else:
        return text
    return result if len(result) == len(text) else text


def _small(word: re.Match[str]) -> str:
    small = word[0].lower()
    starts = _ENDS_SENTENCE.search(word.string[max(0, word.start() - 4) : word.start()]) is not None
    return small if small in COMMON and not starts else small.capitalize()


def whole(text: str, start: int, end: int) -> Finding | None:
    """Return the whole name around the range that the model found in the cased text, or None if it is no name."""
    first = start
    if (rest := _REST.match(text, end)) and (text[end - 1].isalpha() or text[end - 1] in "'-"):
        end = rest.end()
    if begun := _BEGUN.search(text[max(0, start - _REACH) : start]):
        start -= len(begun[0])
    for _ in range(_MOST):
        if not (after := _AFTER.match(text, end)) or after["word"].lower() in COMMON:
            break
        end = after.end()
    for _ in range(_MOST):
        before = _BEFORE.search(text[max(0, start - _REACH) : start])
        if not before or before["word"].lower() in COMMON:
            break
        start -= len(before[0])
    # A single letter beside common words is a size or a sort: "Vitamin B12".
    if all(len(word) == 1 or word.lower() in COMMON for word in _WORD.findall(text[start:end])):
        return None
    # "O'Neil" is a name even at the start of a sentence: it has a second capital.
    alone = " " not in text[start:end].strip() and "'" not in text[start:end]
    if (alone and _starts_sentence(text, first)) or any(thing[0] < end and start < thing[1] for thing in things(text)):
        return None
    return Finding(start, end, "PERSON")


@lru_cache(1)
def things(text: str) -> list[tuple[int, int]]:
    """Return the ranges of terms that look like a person's name but are none."""
    return [thing.span() for thing in _THINGS.finditer(text)]


def of_a_person(text: str, start: int, end: int, *, company: bool) -> bool:
    """Return whether the words around it show that a place, company or thing found by the model is a person."""
    if company and " " not in text[start:end]:
        return False
    return bool(_TOLD.search(text[max(0, start - _REACH) : start]) or (not company and _TELLS.match(text, end)))


def _starts_sentence(text: str, start: int) -> bool:
    """Return whether a sentence starts here. Its first word always has a capital, so the models take verbs there for names."""
    return _ENDS_SENTENCE.search(text[max(0, start - 4) : start]) is not None


def again(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Return the other places in the cased text that have a capitalised word of a found name."""
    words = {
        word[0]
        for name in findings
        if name.kind == "PERSON"
        for word in _WORD.finditer(text, name.start, name.end)
        if len(word[0]) >= _LEAST_AGAIN and word[0][0].isupper() and word[0].lower() not in COMMON
    }
    if not words:
        return []
    excluded = things(text)
    return [
        Finding(*word.span(), "PERSON")
        for word in _JOINED.finditer(text)
        if not words.isdisjoint(_WORD.findall(word[0])) and not any(start <= word.start() < end for start, end in excluded)
    ]


def asks_a_name(text: str) -> bool:
    """Return whether the text asks for a name."""
    return _ASKS_A_NAME.search(text) is not None
