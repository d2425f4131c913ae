"""Names that the language's model finds, made whole: a name is all words with a capital that stand together, in capitals as in small letters."""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.people import ROLES
from flink_jobs.voice.text.words import COMMON, LETTER, UPPER, listed

HERE = Path(__file__).parent
#: What is called like a person and is none.
NOT_PEOPLE = listed(HERE / "non_person_terms.txt")
_THINGS = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, NOT_PEOPLE), key=len, reverse=True))})(?:'s)?(?!\w)", re.IGNORECASE)
_WORD = re.compile(rf"{LETTER}+")
_CAPITALS = re.compile(rf"\b[{UPPER}]{{2,}}\b")
_PARTICLES = "de|del|la|las|los|van|von|der|den|da|das|dos|di|du|el|al|bin|ibn|ter|y"
#: A word of a name with what joins its parts, or an initial. Possessives are no part of it.
_PART = rf"(?:[{UPPER}]{LETTER}+|[{UPPER}]\.?(?=\s))(?:['-](?!s\b){LETTER}+)*|[{UPPER}]'{LETTER}+"
_AFTER = re.compile(rf"(?:-|\s)(?:(?:{_PARTICLES})\s){{0,3}}(?P<word>{_PART})")
_BEFORE = re.compile(rf"(?<![\w'])(?P<word>{_PART})(?:-|\s)(?:(?:{_PARTICLES})\s){{0,3}}$")
#: Letters and joiners that the model left out at an end of a word.
_REST = re.compile(rf"(?:['-]?(?!s\b){LETTER}+)+")
_BEGUN = re.compile(rf"(?:{LETTER}+['-])+$")
#: As far as the word before a name is looked for, and as many words as are added at each side.
_REACH, _MOST = 40, 5
#: Words with what joins them.
_JOINED = re.compile(rf"{LETTER}+(?:['-](?!s\b){LETTER}+)*")
#: Shorter ones are initials.
_LEAST_AGAIN = 3
#: From the word to the end of its question: a sentence is no longer.
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
    """The text as the model knows texts, to the letter as long: of words in capitals only the first letter stays one, and none of a word that
    is nobody's name. Of a text without any capital each word that may be a name has one.
    """
    text = text.replace("\u2019", "'")
    if _CAPITALS.search(text):
        made = _CAPITALS.sub(_small, text)
    elif text.islower():
        made = _WORD.sub(lambda word: word[0] if word[0] in COMMON else word[0].capitalize(), text)
    else:
        return text
    return made if len(made) == len(text) else text


def _small(word: re.Match[str]) -> str:
    small = word[0].lower()
    starts = _ENDS_SENTENCE.search(word.string[max(0, word.start() - 4) : word.start()]) is not None
    return small if small in COMMON and not starts else small.capitalize()


def whole(text: str, start: int, end: int) -> Finding | None:
    """A name of which the model has found this stretch, in the cased text; nothing where it is none."""
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
    # One letter beside words that are nobody's is a size or a sort: "Vitamin B12".
    if all(len(word) == 1 or word.lower() in COMMON for word in _WORD.findall(text[start:end])):
        return None
    # "O'Neil" has a capital that no sentence gives it.
    alone = " " not in text[start:end].strip() and "'" not in text[start:end]
    if (alone and _starts_sentence(text, first)) or any(thing[0] < end and start < thing[1] for thing in things(text)):
        return None
    return Finding(start, end, "PERSON")


@lru_cache(1)
def things(text: str) -> list[tuple[int, int]]:
    """Where a text speaks of what is called like a person and is none."""
    return [thing.span() for thing in _THINGS.finditer(text)]


def of_a_person(text: str, start: int, end: int, *, company: bool) -> bool:
    """Whether what the model takes for a place, a company or something else is a person by what is said of it."""
    if company and " " not in text[start:end]:
        return False
    return bool(_TOLD.search(text[max(0, start - _REACH) : start]) or (not company and _TELLS.match(text, end)))


def _starts_sentence(text: str, start: int) -> bool:
    """Whether a sentence starts here: a word there has a capital whatever it is, and the models take verbs for names because of it."""
    return _ENDS_SENTENCE.search(text[max(0, start - 4) : start]) is not None


def again(text: str, found: Iterable[Finding]) -> list[Finding]:
    """Where else in the cased text a word of a name that was found stands with a capital."""
    words = {
        word[0]
        for name in found
        if name.kind == "PERSON"
        for word in _WORD.finditer(text, name.start, name.end)
        if len(word[0]) >= _LEAST_AGAIN and word[0][0].isupper() and word[0].lower() not in COMMON
    }
    if not words:
        return []
    known = things(text)
    return [
        Finding(*word.span(), "PERSON")
        for word in _JOINED.finditer(text)
        if not words.isdisjoint(_WORD.findall(word[0])) and not any(start <= word.start() < end for start, end in known)
    ]


def asks_a_name(text: str) -> bool:
    """Whether a question in it is for a name."""
    return _ASKS_A_NAME.search(text) is not None
