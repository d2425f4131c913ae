"""The models in the Flink image hide personal data and understand texts and calls. The texts and calls are the same each time."""

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from producers.customers.calls import CallCentre
from producers.customers.feedback import SPAM_TEXTS
from producers.customers.malformed_contacts import MalformedContacts
from producers.customers.writing import Purchase, TradeEvent, Writer, Written, phrases
from producers.quality.texts import STRUCTURED
from tests.fuzz.texts import broken
from tests.fuzz.texts.planting import made
from tests.support.flink_image import analyse

NAMES = {"1": "fluid milk white only", "2": "bananas", "3": "white bread", "4": "potato chips", "5": "ground beef"}
TEXTS, CALLS = 500, 120


def read(texts: list[Any]) -> list[dict[str, Any]]:
    """Return the analyses of texts and calls by the Flink image. A call is a list of turns."""
    return analyse("analyse-texts", (json.dumps(text) for text in texts), timeout=300)


@pytest.fixture(scope="module")
def written() -> list[Written]:
    """Return texts of simulated customers."""
    draw, writer = random.Random("texts"), Writer("texts", NAMES)  # noqa: S311 - the same each time
    texts = []
    for _ in range(TEXTS):
        order = draw.choice((str(draw.randrange(10**10, 10**11)), f"W{draw.randrange(10**12):012d}"))
        about = Purchase(str(draw.randrange(300, 400)), order, None, str(draw.randrange(1, 6)), web=True)
        texts.append(writer.write(about, draw.choice(sorted(phrases())), draw.choice(("negative", "positive"))))
    return texts


@pytest.fixture(scope="module")
def analyses(written: list[Written]) -> dict[str, dict[str, Any]]:
    """Return the analysis of each text in this module. One process analyses all, because loading the models takes longer than using them."""
    own = [*(text for text, _ in ODD.values()), *ACCOUNTS, *PEOPLE.values(), *OF_MANY_PLACES, *SPAM_TEXTS, *OF_CARDS]
    texts = [*(text.text for text in written), *own, *(text.text for text in MADE_UP)]
    return dict(zip(texts, read(texts), strict=True))


@pytest.fixture(scope="module")
def pairs(written: list[Written], analyses: dict[str, dict[str, Any]]) -> list[tuple[Written, dict[str, Any]]]:
    """Return each text with its analysis."""
    return [(text, analyses[text.text]) for text in written]


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


def test_personal_data_is_hidden(pairs: list[tuple[Written, dict[str, Any]]]) -> None:
    hidden = [
        (kind, value.lower() not in f"{got['text']}\n{got['text_en']}".lower())
        for text, got in pairs
        if not got["set_aside"]
        for kind, value in text.personal
    ]
    assert share([gone for kind, gone in hidden if kind in STRUCTURED]) >= 0.98, hidden
    assert share([gone for kind, gone in hidden if kind == "PERSON"]) >= 0.92, hidden


ACCOUNTS = (
    "me habéis cobrado dos veces, mi cuenta es es7515969124889360472222. gracias",
    "please refund me, my account is gb29 nwbk 6016 1331 9268 19 and hurry up",
)


def test_an_account_is_hidden_in_small_letters_too(analyses: dict[str, dict[str, Any]]) -> None:
    for text in ACCOUNTS:
        assert "<IBAN>" in analyses[text]["text"], analyses[text]
        assert not any(character.isdigit() for character in analyses[text]["text"]), analyses[text]


#: Names and numbers that identify a person, each with a sentence that contains it.
PEOPLE = {
    "JOHN SMITH": "I spoke to JOHN SMITH at the counter and he was very rude to my mother.",
    "SMITH": "THE CASHIER JOHN SMITH WAS VERY RUDE TO MY MOTHER AND SHOUTED",
    "Donoghue": "Please ask Sin\u00e9ad O\u2019Donoghue about it, she was with me at the counter.",
    "Cruz": "Yesterday Juan de la Cruz helped us to carry the bags to the car.",
    "Jos\u00e9": "Jos\u00e9 Mart\u00ednez me atendi\u00f3 muy mal en la caja de la tienda.",
    "MART\u00cdNEZ": "Habl\u00e9 con JOS\u00c9 MART\u00cdNEZ en la tienda y fue muy grosero conmigo.",
    "Sofia": "The milk was sour and the cashier, Sofia, shouted at me.",
    "Sof\u00eda": "La leche estaba agria y la cajera, Sof\u00eda, me grit\u00f3.",
    "smith": "please tell john smith that the cake was perfect and that we come again",
    "4111": "Please put the refund on 4111\u00a01111\u202f1111\u20111111 and not on my other card.",
    "678": "Por favor ll\u00e1menme al 612\u2013345/678 despu\u00e9s de las seis de la tarde.",
    "example": "You can write to me under jane.doe\uff20example.com whenever you want.",
    "\u043f\u0440\u0438": "You can write to me under ivan@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444 whenever you want.",
    "1332": "Mi cuenta es ES91\u00a02100\u00a00418\u00a04502\u00a00005\u00a01332 y todav\u00eda no he visto el dinero.",
}


def test_people_and_their_numbers_are_hidden_whole_however_they_are_typed(analyses: dict[str, dict[str, Any]]) -> None:
    got = {one: analyses[text] for one, text in PEOPLE.items()}
    left = {one: said for one, said in got.items() if said["set_aside"] or one.lower() in f"{said['text']}\n{said['text_en']}".lower()}
    assert left == {}
    assert [one for one, said in got.items() if sum(said["redactions"].values()) != 1] == []


#: An earlier version took minutes for these texts, and all other texts waited. `read` fails if they take too long.
OF_MANY_PLACES = ["Vivo en la calle" + " de la" * count + " esquina" for count in (*range(8, 25), 1600)]


def test_a_sentence_of_many_places_is_read_like_any_other(analyses: dict[str, dict[str, Any]]) -> None:
    assert {analyses[text]["set_aside"] for text in OF_MANY_PLACES} == {None}


def test_what_is_not_personal_is_left(pairs: list[tuple[Written, dict[str, Any]]]) -> None:
    assert share([not got["redactions"] for text, got in pairs if not text.personal and not got["set_aside"]]) >= 0.95


def test_language_feeling_and_topics_are_told(pairs: list[tuple[Written, dict[str, Any]]]) -> None:
    good = [(text, got) for text, got in pairs if not got["set_aside"]]
    assert len(good) >= 0.98 * len(pairs)
    assert share([text.language == got["language"] for text, got in good]) >= 0.98
    assert share([(got["sentiment"] > 0) == (text.feeling == "positive") for text, got in good]) >= 0.9
    assert share([topic in got["topics"] for text, got in good for topic in text.topics]) >= 0.75


OF_CARDS = (
    "Again: Your rewards card is worthless!",
    "La caja no aceptó mi tarjeta.",
    "I was charged twice for the boxed christmas cards",
)


def test_spam_is_told_from_customers_who_speak_of_cards_and_gifts(
    pairs: list[tuple[Written, dict[str, Any]]], analyses: dict[str, dict[str, Any]]
) -> None:
    assert {analyses[text]["intent"] for text in SPAM_TEXTS} == {"SPAM"}
    assert "SPAM" not in {analyses[text]["intent"] for text in OF_CARDS}
    assert share([got["intent"] == "SPAM" for _, got in pairs]) <= 0.005


def test_what_is_made_of_a_text_does_not_depend_on_what_it_comes_with(pairs: list[tuple[Written, dict[str, Any]]]) -> None:
    """Check that batches do not matter: a text that is analysed again after a recovery must have the same topics as before."""
    some = pairs[:100]
    assert read([text.text for text, _ in reversed(some)]) == [got for _, got in reversed(some)]


#: Texts that cannot be analysed, each with its reason, and a good text full of the translator's special characters.
ODD = {
    "nothing": ("", "EMPTY"),
    "blanks": ("  \n ", "EMPTY"),
    "a megabyte": ("word " * 200_000, "TOO_LONG"),
    "broken characters": ("¿D\ufffdnde est\ufffd mi pedido?", "ENCODING"),
    "nothing but brackets": ("see " + "(" * 9_000, "TOO_DENSE"),
    "half a character": ("La leche \ud800 estaba agria", "ENCODING"),
    "no words": ("👍 5/5 !!!", "NO_WORDS"),
    "German": ("Die Lieferung kam leider viel zu spät und niemand hat mir Bescheid gesagt.", "UNKNOWN_LANGUAGE"),
    "special characters": ("La leche [marca ^X$] estaba {muy} agria @casa \\ / <nada> y no vuelvo a comprarla nunca.", None),
}


#: Texts from the fuzzer of texts, as many as it makes in a second or two. `make fuzz` runs it for minutes.
MADE_UP = [made(random.Random(f"texts {i}")) for i in range(250)]  # noqa: S311 - the same each time


@pytest.fixture(scope="module")
def odd(analyses: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the analyses of the texts in ODD, by name."""
    return {name: analyses[text] for name, (text, _) in ODD.items()}


def test_no_text_that_the_fuzzer_makes_up_breaks_the_promise(analyses: dict[str, dict[str, Any]]) -> None:
    assert [wrong for one in MADE_UP for wrong in broken(one, analyses[one.text], None)] == []


@pytest.mark.parametrize("name", [name for name, (_, reason) in ODD.items() if reason])
def test_what_cannot_be_read_is_set_aside_with_its_reason(odd: dict[str, dict[str, Any]], name: str) -> None:
    assert odd[name]["set_aside"].startswith(f"{ODD[name][1]}: ")
    assert odd[name]["text"] is None


def test_a_text_of_the_translators_special_characters_keeps_them(odd: dict[str, dict[str, Any]]) -> None:
    got = odd["special characters"]
    assert got["language"] == "es"
    assert "milk" in got["text_en"]
    assert "[" in got["text_en"]


#: Calls in which the customer says nothing.
SILENT: list[list[dict[str, Any]]] = [
    [
        {"speaker": "AGENT", "start_ms": 0, "end_ms": 900, "text": "Hello?"},
        {"speaker": "CUSTOMER", "start_ms": 1000, "end_ms": 1100, "text": " "},
    ],
    [],
]


class Purchases:
    """Source of random purchases."""

    def draw(self, draw: random.Random) -> TradeEvent:
        return TradeEvent(
            Purchase(str(draw.randrange(300, 400)), f"W{draw.randrange(10**12):012d}", None, str(draw.randrange(1, 6)), web=True)
        )


@pytest.fixture(scope="module")
def analysed_calls() -> tuple[list[tuple[dict[str, Any], list[tuple[str, str]], dict[str, Any]]], list[dict[str, Any]]]:
    """Return calls, each with the ledger's notes on it and its analysis, and then the analyses of the silent calls."""
    draw = random.Random("calls")  # noqa: S311 - the same each time
    centre = CallCentre(Purchases(), Writer("calls", NAMES), "run", draw, MalformedContacts(0, draw))
    made = [found for _ in range(CALLS) if (found := centre.call(datetime(2026, 11, 1, tzinfo=UTC)))]
    turns = [event.record["turns"] for event, _ in made]
    got = read([*turns, *SILENT])
    return [(event.record, noted, call) for (event, noted), call in zip(made, got[: len(turns)], strict=True)], got[len(turns) :]


@pytest.fixture(scope="module")
def calls(analysed_calls: tuple[Any, ...]) -> list[tuple[dict[str, Any], list[tuple[str, str]], dict[str, Any]]]:
    """Return calls, each with the ledger's notes on it and its analysis."""
    return list(analysed_calls[0])


def test_a_call_is_freed_of_personal_data_and_understood(calls: list[tuple[dict[str, Any], list[tuple[str, str]], dict[str, Any]]]) -> None:
    good = [(record, noted, got) for record, noted, got in calls if not got["set_aside"]]
    assert len(good) >= 0.98 * len(calls)
    hidden = [
        (kind, value not in f"{got['text']}\n{got['text_en']}", value)
        for _, noted, got in good
        for kind, value in noted
        if kind in ("PERSON", "PHONE", "ORDER", "AGENT")
    ]
    assert share([gone for kind, gone, _ in hidden if kind in ("PHONE", "ORDER")]) >= 0.98, hidden
    assert share([gone for kind, gone, _ in hidden if kind in ("PERSON", "AGENT")]) >= 0.92, hidden
    assert share([str(got["resolved"]) == value for _, noted, got in good for kind, value in noted if kind == "RESOLVED"]) >= 0.85
    assert share([value in got["topics"] for _, noted, got in good for kind, value in noted if kind == "TOPIC"]) >= 0.7
    assert all(len(got["course"]) == sum(turn["speaker"] == "CUSTOMER" for turn in record["turns"]) for record, _, got in good)
    assert all(got["silence_ms"] >= record["hold_ms"] - 800 for record, _, got in good)
    assert all(got["order_named"] == record["order_id"] for record, _, got in good if record["order_id"])


def test_a_call_in_which_nobody_says_a_thing_is_set_aside(analysed_calls: tuple[Any, ...]) -> None:
    assert [got["set_aside"][:5] for got in analysed_calls[1]] == ["EMPTY", "EMPTY"]
