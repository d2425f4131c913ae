"""Write texts as customers do: phrases on topics, with typing errors, capitals, emoji, and sometimes personal data."""

import random
import re
import sys
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from faker import Faker

PHRASES = Path(__file__).parent / "phrases.yaml"
LOCALES = {"en": "en_US", "es": "es_ES"}
#: Probabilities: a text has personal data, a typing error, capitals only, an emoji at its end, a second topic; a complaint is written as
#: sarcastic praise.
PERSONAL, TYPO, CAPITALS, EMOJI, SECOND, SARCASM = 0.15, 0.15, 0.04, 0.12, 0.3, 0.04
_FACES = {"negative": ("😡", "👎", "😞"), "positive": ("😍", "👍", "😊")}
_LEADS = {
    "negative": {"en": ("", "Really disappointed: ", "Not happy. ", "Again: ", "I am fed up, "), "es": ("", "Muy decepcionado: ", "No estoy contento. ", "Otra vez: ", "Estoy harta, ")},
    "positive": {"en": ("", "Just wanted to say: ", "Great! ", "Thank you, ", "Very pleased: "), "es": ("", "Solo quería decir: ", "¡Genial! ", "Gracias, ", "Muy contenta: ")},
}  # fmt: skip
_SARCASTIC = {
    "en": ("Oh wonderful, ", "Well done! ", "Thanks a lot, ", "Just what I needed: "),
    "es": ("Qué maravilla, ", "¡Enhorabuena! ", "Muchísimas gracias, ", "Justo lo que necesitaba: "),
}
_GIVEN_AWAY = {
    "en": {
        "PERSON": ("My name is {}.", "Regards, {}", "I spoke to the manager, Mr {}."),
        "EMAIL": ("Write to me at {}.", "My e-mail: {}"),
        "PHONE": ("Call me at {}.", "My number is {}."),
        "CARD": ("I paid with card {}.", "Refund it to {} please."),
        "IBAN": ("My account is {}.",),
        "ADDRESS": ("I live at {}.", "Send it to {}."),
        "ORDER": ("It was order {}.",),
    },
    "es": {
        "PERSON": ("Me llamo {}.", "Saludos, {}", "Hablé con el encargado, el Sr. {}."),
        "EMAIL": ("Escríbanme a {}.", "Mi correo: {}"),
        "PHONE": ("Llámenme al {}.", "Mi número es {}."),
        "CARD": ("Pagué con la tarjeta {}.",),
        "IBAN": ("Mi cuenta es {}.",),
        "ADDRESS": ("Vivo en {}.", "Envíenlo a {}."),
        "ORDER": ("Era el pedido {}.",),
    },
}


@dataclass(frozen=True)
class Purchase:
    """The purchase that a text is about: a basket, or an empty shelf."""

    store_id: str
    transaction_id: str | None
    customer_id: str | None
    product_id: str
    web: bool
    #: Product, units and cents of each line, and the time of the sale; not set for an empty shelf.
    lines: tuple[tuple[str, int, int], ...] = ()
    sold_at: datetime | None = None


#: Causes in the trade that make customers write, with topic and feeling. Customers complain about empty shelves, prices and deliveries only
#: for such a cause.
CAUSES = {
    "EMPTY_SHELF": ("STOCK", "negative"),
    "DEARER": ("PRICE", "negative"),
    "LATE_DELIVERY": ("DELIVERY", "negative"),
    "DELIVERED": ("DELIVERY", "positive"),
}


@dataclass(frozen=True)
class TradeEvent:
    """An event of the trade that a customer may speak of.

    Attributes:
        about: the purchase.
        cause: why the customer writes; None for an ordinary purchase.
        topic: topic of the complaint, if the cause is not in CAUSES.
    """

    about: Purchase
    cause: str | None = None
    topic: str | None = None

    def topic_and_feeling(self, draw: random.Random, unhappy: float) -> tuple[str, str]:
        """Return topic and feeling of the customer. `unhappy` is the share of unhappy customers among those without a cause."""
        if self.topic:
            return self.topic, "negative"
        if self.cause:
            return CAUSES[self.cause]
        feeling = "negative" if draw.random() < unhappy else "positive"
        return draw.choice(topics_without_cause(feeling)), feeling


@dataclass(frozen=True)
class Written:
    """A text, and what its writer meant.

    Attributes:
        text: the text.
        language: en or es.
        topics: one or two topics.
        feeling: positive or negative.
        personal: personal data in the text, as (kind, value).
        products: product names in the text.
        sarcastic: whether it is a complaint written as praise.
    """

    text: str
    language: str
    topics: tuple[str, ...]
    feeling: str
    personal: tuple[tuple[str, str], ...]
    products: tuple[str, ...]
    sarcastic: bool


@cache
def phrases() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return the phrases by topic, feeling and language."""
    topics: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return topics


def topics_without_cause(feeling: str) -> list[str]:
    """Return the topics that customers speak of with a feeling when nothing special has happened."""
    return [topic for topic in phrases() if (topic, feeling) not in CAUSES.values()]


class Writer:
    """A writer of texts from one seed."""

    def __init__(self, seed: str, product_names: dict[str, str]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a simulation, repeatable by its seed
        self._names = product_names
        self._fakers = {language: Faker(locale) for language, locale in LOCALES.items()}
        for faker in self._fakers.values():
            faker.seed_instance(seed)

    def write(self, about: Purchase, topic: str, feeling: str) -> Written:
        """Write a text about a purchase."""
        draw = self._random
        language = "es" if draw.random() < 0.25 else "en"
        topics, sentences, products = self.about(about, topic, feeling, language)
        sarcastic = feeling == "negative" and draw.random() < SARCASM
        text = draw.choice((_SARCASTIC if sarcastic else _LEADS[feeling])[language]) + sentences + draw.choice((".", "!", ""))
        if draw.random() < TYPO:
            at = draw.randrange(1, len(text) - 1)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if draw.random() < CAPITALS:
            text = text.upper()
        personal = self._personal(language, about) if draw.random() < PERSONAL else ()
        for kind, value in personal:
            text += " " + draw.choice(_GIVEN_AWAY[language][kind]).format(value)
        if draw.random() < EMOJI:
            text += " " + draw.choice(_FACES[feeling])
        return Written(text, language, topics, feeling, personal, products, sarcastic)

    def about(self, about: Purchase, topic: str, feeling: str, language: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        """Return the topics (sometimes a second one), the sentences on them, and the products that they name."""
        draw, topics = self._random, [topic]
        if draw.random() < SECOND:
            topics.append(draw.choice([t for t in topics_without_cause(feeling) if t != topic]))
        chosen = [draw.choice(phrases()[t][feeling][language]) for t in topics]
        product = self._names.get(about.product_id, "item" if language == "en" else "el producto")
        sentences = [phrase.format(product=product, store=about.store_id) for phrase in chosen]
        named = (product,) if about.product_id in self._names and any("{product}" in phrase for phrase in chosen) else ()
        return tuple(topics), ". ".join(part[0].upper() + part[1:] for part in sentences), named

    def name(self, product_id: str) -> str:
        """Return the name of a product."""
        return self._names.get(product_id, "item")

    def person(self, language: str, about: Purchase) -> dict[str, str]:
        """Return made-up personal data by kind."""
        faker = self._fakers[language]
        values = {
            "PERSON": f"{faker.first_name()} {faker.last_name()}",
            "EMAIL": faker.email(),
            "PHONE": faker.phone_number(),
            "CARD": faker.credit_card_number(card_type="visa16"),
            "IBAN": faker.iban(),
            "ADDRESS": faker.street_address().replace("\n", ", "),
        }
        return values | ({"ORDER": about.transaction_id} if about.transaction_id else {})

    def _personal(self, language: str, about: Purchase) -> tuple[tuple[str, str], ...]:
        values, draw = self.person(language, about), self._random
        return tuple((kind, values[kind]) for kind in draw.sample(sorted(values), draw.choice((1, 1, 2))))


def name_of(product_type: str | None, category: str | None) -> str:
    """Return what a customer calls a product: the master's words up to the first slash, colon or bracket.

    Names are interned, so that products with the same name share one string.
    """
    return sys.intern(re.split(r"[/:(]", product_type or category or "item")[0].strip().lower() or "item")
