"""Measure how much personal data is hidden, and how much other text: Faker's people of six countries, in sentences unknown to the patterns.

python -m bench.voice.personal_data [TEXTS_A_LOCALE]; needs the Flink image. Prints recall by kind and locale, precision, and errors. Then it
prints the same for these texts in other spellings.
"""

import json
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any

from faker import Faker

from bench.results import record
from producers.quality.texts import STRUCTURED
from tests.support.flink_image import analyse

TEXTS = 200
LOCALES = {"en_US": "en", "en_GB": "en", "en_AU": "en", "es_ES": "es", "es_MX": "es", "es_CO": "es"}
SENTENCES = {
    "en": {
        "PERSON": ("{} from the deli counter went out of the way for us.", "Hi, {} here, my parcel never arrived.", "Ask {}, who was with me that day.", "Please tell {} that the cake was perfect."),
        "EMAIL": ("You reach me best under {}.", "The voucher should go to {} and not to my old address.", "I wrote from {} twice."),
        "PHONE": ("Could somebody ring me on {} after six?", "My mobile is {} in case the driver gets lost.", "Text {} when it is ready."),
        "CARD": ("The {} was charged twice for the same basket.", "Put the refund on {}, it is the card I used."),
        "IBAN": ("Please wire the difference to {}.", "The account {} has not seen your money yet."),
        "ADDRESS": ("The crate was left at {} which is not mine.", "We moved to {} in spring, please note that.", "Deliver the next one to {} instead."),
    },
    "es": {
        "PERSON": ("{} de la charcutería nos ayudó muchísimo.", "Buenas, aquí {}, mi paquete no llegó nunca.", "Pregunten a {}, que estaba conmigo ese día.", "Díganle a {} que la tarta estaba perfecta."),
        "EMAIL": ("Me encuentran mejor en {}.", "El vale debe ir a {} y no a mi antigua cuenta.", "Les escribí desde {} dos veces."),
        "PHONE": ("¿Podría alguien llamarme al {} después de las seis?", "Mi móvil es {} por si el repartidor se pierde.", "Avisen al {} cuando esté listo."),
        "CARD": ("Cobraron dos veces en la {} por la misma cesta.", "Devuelvan el dinero a la {}, es la tarjeta que usé."),
        "IBAN": ("Transfieran la diferencia a {}.", "La cuenta {} todavía no ha visto su dinero."),
        "ADDRESS": ("Dejaron la caja en {} que no es mi casa.", "Nos mudamos a {} en primavera.", "Entreguen el próximo pedido en {}."),
    },
}  # fmt: skip
#: Texts without personal data, but with numbers, capitals and names of things.
PLAIN = {
    "en": ("I bought 12 eggs, 3 kilos of Granny Smith apples and a Christmas pudding on Friday 14 November.", "The Coca-Cola was $3.49 at the till and $2.99 on the shelf.", "Your Easter opening hours on the website say 8 to 22, the door says 9.", "Black Friday was chaos, 45 minutes in line at the San Miguel promotion.", "The recipe on page 12 of the March magazine is wonderful.", "Flight to London delayed, so thank you for the late click and collect."),
    "es": ("Compré 12 huevos, 3 kilos de manzanas Golden y un roscón el viernes 14 de noviembre.", "La Coca-Cola costaba 3,49 en la caja y 2,99 en el estante.", "El horario de Navidad en la web dice de 8 a 22, la puerta dice 9.", "El Viernes Negro fue un caos, 45 minutos de cola en la promoción de San Miguel.", "La receta de la página 12 de la revista de marzo es maravillosa.", "El vino de La Rioja y el queso de Burgos son excelentes."),
}  # fmt: skip
#: Other spellings of a text. Each function takes the text and its personal value, and returns both in the other spelling.
TYPED: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "in capitals": lambda text, held: (text.upper(), held.upper()),
    "the value in capitals": lambda text, held: (text.replace(held, held.upper()), held.upper()),
    "in small letters": lambda text, held: (text.lower(), held.lower()),
    "no-break blanks": lambda text, held: _for(text, held, held.replace(" ", "\u00a0")),
    "narrow no-break blanks": lambda text, held: _for(text, held, held.replace(" ", "\u202f")),
    "no-break hyphens": lambda text, held: _for(text, held, re.sub(r"-|(?<=\d) (?=\d)", "\u2011", held)),
    "en dashes": lambda text, held: _for(text, held, held.replace("-", "\u2013")),
    "full width": lambda text, held: _for(text, held, "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in held)),
    "zero-width": lambda text, held: _for(text, held, held[:2] + "\u200b" + held[2:]),
    "decomposed": lambda text, held: _for(text, held, unicodedata.normalize("NFD", held)),
}


def _for(text: str, held: str, typed: str) -> tuple[str, str]:
    return text.replace(held, typed), typed


def value(faker: Faker, kind: str) -> str:
    """Return a value of a kind, from Faker for the locale."""
    match kind:
        case "PERSON":
            return f"{faker.first_name()} {faker.last_name()}"
        case "EMAIL":
            return str(faker.email())
        case "PHONE":
            return str(faker.phone_number())
        case "CARD":
            return str(faker.credit_card_number())
        case "IBAN":
            return str(faker.iban())
        case _:
            return str(faker.street_address()).replace("\n", ", ")


def analyse_texts(texts: list[str]) -> list[dict[str, Any]]:
    """Return the image's analysis of each text."""
    return analyse("analyse-texts", (json.dumps(text) for text in texts), timeout=900)


def main() -> None:
    """Print the results for texts with planted personal data."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TEXTS
    draw = random.Random("personal data")  # noqa: S311 - the same each time
    planted: list[tuple[str, str, str, str]] = []
    for locale, language in LOCALES.items():
        faker = Faker(locale)
        faker.seed_instance(locale)
        for number in range(count):
            kind = draw.choice(sorted(SENTENCES[language])) if number % 4 else ""
            held = value(faker, kind) if kind else ""
            sentence = draw.choice(SENTENCES[language][kind]).format(held) if kind else draw.choice(PLAIN[language])
            other = draw.choice(PLAIN[language]) if draw.random() < 0.5 else ""
            planted.append((locale, kind, held, f"{sentence} {other}".strip()))
    _report(planted, recorded=count == TEXTS)
    print("\ntyped                     with a form   names  precision")
    for name, typed in TYPED.items():
        retyped = [(locale, kind, held, typed(text, held) if held else (typed(text, text)[0], "")) for locale, kind, held, text in planted]
        hidden, there, precision, _ = counted([(locale, kind, held, text) for locale, kind, _, (text, held) in retyped])
        print(f"{name:<25} {_share(hidden, there, STRUCTURED):11.1%} {_share(hidden, there, ('PERSON',)):7.1%} {precision:10.1%}")


Planted = list[tuple[str, str, str, str]]
"""Locale, kind, value and text of each planted text. Kind and value are empty if it has no personal data."""


def counted(planted: Planted) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]], float, list[str]]:
    """Return the hidden and the planted values by kind and locale, the precision, and the errors as lines of text."""
    analyses = analyse_texts([text for *_, text in planted])
    hidden: Counter[tuple[str, str]] = Counter()
    there: Counter[tuple[str, str]] = Counter()
    right = redacted = 0
    wrong: list[str] = []
    for (locale, kind, held, text), analysis in zip(planted, analyses, strict=True):
        if analysis["set_aside"]:
            continue
        placeholders = sum(analysis["redactions"].values())
        redacted += placeholders
        right += min(placeholders, 1) if kind and held.lower() not in analysis["text"].lower() else 0
        if kind:
            there[kind, locale] += 1
            is_hidden = held.lower() not in analysis["text"].lower()
            hidden[kind, locale] += is_hidden
            if not is_hidden:
                wrong.append(f"  to be read: {locale} {kind}: {text}")
        if placeholders > bool(kind):
            wrong.append(f"  hidden for nothing: {locale}: {analysis['text']}")
    return hidden, there, right / max(1, redacted), wrong


def _report(planted: Planted, *, recorded: bool) -> None:
    hidden, there, precision, wrong = counted(planted)
    kinds = sorted(SENTENCES["en"])
    print("kind     " + "".join(f"{locale:>8}" for locale in LOCALES) + "     all")
    for kind in kinds:
        shares = [hidden[kind, locale] / max(1, there[kind, locale]) for locale in LOCALES]
        print(f"{kind:<9}" + "".join(f"{share:8.1%}" for share in shares) + f"{_share(hidden, there, (kind,)):8.1%}")
    shares = {"form_found": _share(hidden, there, STRUCTURED), "names_found": _share(hidden, there, ("PERSON",)), "precision": precision}
    print(f"with a form {shares['form_found']:.1%}, names {shares['names_found']:.1%}, precision {shares['precision']:.1%}")
    for name, share in shares.items() if recorded else ():
        note = f"{len(planted)} texts in sentences that no pattern was written for"
        record(f"voice.personal_data.{name}", round(share * 100, 1), "%", "python -m bench.voice.personal_data", note)
    print("\n".join(wrong[:40]))


def _share(part: Counter[tuple[str, str]], whole: Counter[tuple[str, str]], kinds: tuple[str, ...]) -> float:
    count = {key: sum(n for (kind, _), n in counter.items() if kind in kinds) for key, counter in (("part", part), ("whole", whole))}
    return count["part"] / max(1, count["whole"])


if __name__ == "__main__":
    main()
