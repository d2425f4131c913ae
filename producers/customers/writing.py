"""Writes texts as customers do: topics from the phrases, mistakes, capitals, emoji, and now and then personal data that nobody asked for."""

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
#: Chances: that a text gives personal data away, has a mistake in its typing, is in capitals, ends in emoji, speaks of a second topic; that
#: a complaint is put as praise that is not meant.
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
    """What a text is about: a basket, or a shelf that is empty."""

    store_id: str
    transaction_id: str | None
    customer_id: str | None
    product_id: str
    web: bool
    #: Product, units and cents of each line, and when it was sold; nothing of an empty shelf.
    lines: tuple[tuple[str, int, int], ...] = ()
    sold_at: datetime | None = None


#: What happens in the trade that customers speak of for itself, with the topic of it and how they feel. Nothing else makes them complain of
#: empty shelves, prices and deliveries.
CAUSES = {
    "EMPTY_SHELF": ("STOCK", "negative"),
    "DEARER": ("PRICE", "negative"),
    "LATE_DELIVERY": ("DELIVERY", "negative"),
    "DELIVERED": ("DELIVERY", "positive"),
}


@dataclass(frozen=True)
class TradeEvent:
    """What somebody may speak of: a purchase like any other, or what has a cause; `topic` is what is complained of where the cause is none of CAUSES."""

    about: Purchase
    cause: str | None = None
    topic: str | None = None

    def topic_and_feeling(self, draw: random.Random, unhappy: float) -> tuple[str, str]:
        """Topic and feeling of who speaks of it, where such a share of those without a cause is unhappy."""
        if self.topic:
            return self.topic, "negative"
        if self.cause:
            return CAUSES[self.cause]
        feeling = "negative" if draw.random() < unhappy else "positive"
        return draw.choice(topics_without_cause(feeling)), feeling


@dataclass(frozen=True)
class Written:
    """A text, what its writer meant by it, what personal data is in it (kind and value), the products that it names, and whether it is sarcasm."""

    text: str
    language: str
    topics: tuple[str, ...]
    feeling: str
    personal: tuple[tuple[str, str], ...]
    products: tuple[str, ...]
    sarcastic: bool


@cache
def phrases() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Topic, feeling, language: phrases."""
    found: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return found


def topics_without_cause(feeling: str) -> list[str]:
    """The topics that customers speak of with this feeling though nothing of note has happened."""
    return [topic for topic in phrases() if (topic, feeling) not in CAUSES.values()]


class Writer:
    """Writes from one seed."""

    def __init__(self, seed: str, product_names: dict[str, str]) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a simulation, repeatable by its seed
        self._names = product_names
        self._fakers = {language: Faker(locale) for language, locale in LOCALES.items()}
        for faker in self._fakers.values():
            faker.seed_instance(seed)

    def write(self, about: Purchase, topic: str, feeling: str) -> Written:
        """A text about a purchase."""
        draw = self._random
        language = "es" if draw.random() < 0.25 else "en"
        topics, said, products = self.about(about, topic, feeling, language)
        sarcastic = feeling == "negative" and draw.random() < SARCASM
        text = draw.choice((_SARCASTIC if sarcastic else _LEADS[feeling])[language]) + said + draw.choice((".", "!", ""))
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
        """What is said of a topic, now and then of a second one: the topics, the sentences, and the products that they name."""
        draw, topics = self._random, [topic]
        if draw.random() < SECOND:
            topics.append(draw.choice([t for t in topics_without_cause(feeling) if t != topic]))
        chosen = [draw.choice(phrases()[t][feeling][language]) for t in topics]
        product = self._names.get(about.product_id, "item" if language == "en" else "el producto")
        said = [phrase.format(product=product, store=about.store_id) for phrase in chosen]
        named = (product,) if about.product_id in self._names and any("{product}" in phrase for phrase in chosen) else ()
        return tuple(topics), ". ".join(part[0].upper() + part[1:] for part in said), named

    def name(self, product_id: str) -> str:
        """What a product is called."""
        return self._names.get(product_id, "item")

    def person(self, language: str, about: Purchase) -> dict[str, str]:
        """Personal data of somebody, by kind."""
        made = self._fakers[language]
        values = {
            "PERSON": f"{made.first_name()} {made.last_name()}",
            "EMAIL": made.email(),
            "PHONE": made.phone_number(),
            "CARD": made.credit_card_number(card_type="visa16"),
            "IBAN": made.iban(),
            "ADDRESS": made.street_address().replace("\n", ", "),
        }
        return values | ({"ORDER": about.transaction_id} if about.transaction_id else {})

    def _personal(self, language: str, about: Purchase) -> tuple[tuple[str, str], ...]:
        values, draw = self.person(language, about), self._random
        return tuple((kind, values[kind]) for kind in draw.sample(sorted(values), draw.choice((1, 1, 2))))


def name_of(product_type: str | None, category: str | None) -> str:
    """What a customer calls a product: the master's words, up to the first slash, colon or bracket. One string for all that are called so."""
    return sys.intern(re.split(r"[/:(]", product_type or category or "item")[0].strip().lower() or "item")
