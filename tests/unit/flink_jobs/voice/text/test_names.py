"""A name is hidden completely, even if the language model has found only half of it. Words that are no names are kept."""

import time
from collections.abc import Callable

import pytest

from flink_jobs.voice.text.entity_linking import Catalogue
from flink_jobs.voice.text.finding import Finding, replaced
from flink_jobs.voice.text.forms import forms
from flink_jobs.voice.text.names import again, asks_a_name, cased, of_a_person, whole


def kept(text: str, found: str) -> str:
    """Return the text as it is stored if the model has found this part of a name."""
    words = cased(text)
    start = words.index(found)
    name = whole(words, start, start + len(found))
    return replaced(text, [name, *again(words, [name])] if name else [])[0]


@pytest.mark.parametrize(
    ("text", "found", "safe"),
    [
        ("I spoke to JOHN SMITH there", "Smith", "I spoke to <PERSON> there"),
        ("THE CASHIER JOHN SMITH WAS RUDE", "John", "THE CASHIER <PERSON> WAS RUDE"),
        ("tell john smith that", "John", "tell <PERSON> that"),
        ("José Martínez me atendió", "Martínez", "<PERSON> me atendió"),
        ("Sinéad O\u2019Donoghue came", "Donoghue", "<PERSON> came"),
        ("O\u2019Donoghue came", "O'Donoghue", "<PERSON> came"),
        ("it was Juan de la Cruz Ríos who", "Juan", "it was <PERSON> who"),
        ("it was Ludwig van der Berg who", "Berg", "it was <PERSON> who"),
        ("it was Mary-Jane Watson-Parker who", "Watson", "it was <PERSON> who"),
        ("it was John F. Kennedy who", "Kennedy", "it was <PERSON> who"),
        ("it was Anna Maria's fault", "Anna", "it was <PERSON>'s fault"),
        ("Yesterday Anna was rude", "Anna", "Yesterday <PERSON> was rude"),
        ("the cashier, Sofia, shouted", "Sofia", "the cashier, <PERSON>, shouted"),
        ("José Ruiz came. Later Ruiz left, and Mr Ruiz's son", "José", "<PERSON> came. Later <PERSON> left, and Mr <PERSON>'s son"),
    ],
)
def test_a_name_is_hidden_whole(text: str, found: str, safe: str) -> None:
    assert kept(text, found) == safe


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mould on the bananas", "Mould"),
        ("It was bad. Mould again", "Mould"),
        ("bad!\nMould again", "Mould"),
        ("¿Roscón otra vez?", "Roscón"),
        ("the Granny Smith apples", "Smith"),
        ("THE GRANNY SMITH APPLES", "Smith"),
        ("San Miguel was warm", "Miguel"),
        ("Thank you, Bananas at this price", "Bananas"),
        ("Solo quería decir: Encontré todo", "Encontré"),
    ],
)
def test_what_is_called_like_a_person_and_is_none_is_left(text: str, found: str) -> None:
    assert kept(text, found) == text


def test_a_sentence_starts_after_its_end_or_a_new_line_and_not_after_a_comma() -> None:
    assert kept("so, Sofia, what", "Sofia") == "so, <PERSON>, what"
    assert kept("so: Sofia what", "Sofia") == "so: <PERSON> what"
    assert kept('so. "Sofia what', "Sofia") == 'so. "Sofia what'


@pytest.mark.parametrize("text", ["THE MILK WAS SOUR", "ça va ŒUVRE", "STRASSE İSTANBUL ẞ", "ŉ ǆ x", "john", "\u2019tis", "I'M ﬁne"])
def test_the_text_for_the_model_is_as_long_as_the_text(text: str) -> None:
    assert len(cased(text)) == len(text)


def test_capitals_are_taken_from_words_that_are_nobodys_name() -> None:
    assert cased("NEVER AGAIN! WORST STORE EVER, TELL JOHN") == "Never again! Worst store ever, tell John"
    assert cased("please tell john") == "please tell John"
    assert cased("The Milk was SOUR") == "The Milk was sour"


@pytest.mark.parametrize(
    ("text", "named", "company", "person"),
    [
        ("the cashier, Sofia, shouted", "Sofia", False, True),
        ("I met Ludwig van Beethoven there", "Ludwig van Beethoven", True, True),
        ("please tell Walmart that", "Walmart", True, False),
        ("Sofia helped me", "Sofia", False, True),
        ("we flew to London", "London", False, False),
        ("Buenas, aquí Renato Aragonés, mi", "Renato Aragonés", False, True),
    ],
)
def test_what_the_model_takes_for_a_place_is_a_person_by_what_is_said_of_it(text: str, named: str, company: bool, person: bool) -> None:
    start = text.index(named)
    assert of_a_person(text, start, start + len(named), company=company) is person


@pytest.mark.parametrize("text", ["THIS IS OUTRAGEOUS", "this is outrageous", "i'm disgusted", "soy alérgica", "Thanks, Great"])
def test_where_capitals_say_nothing_no_feeling_is_a_name(text: str) -> None:
    assert forms(text, cased(text)) == []


def least_seconds(work: Callable[[], object]) -> float:
    """Return the shortest time of three runs, because a garbage collection may happen in one of them."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize(
    "piece", ["John ", "John de la ", "de la ", "O'", "Jo-", "JOHN ", "john ", "J. ", "Jo'n-", "Granny Smith ", "x's "]
)
def test_no_text_of_names_takes_long(piece: str) -> None:
    text = piece * (10_000 // len(piece))

    def look() -> None:
        words = cased(text)
        found = [name for at in range(0, 9_900, 500) if (name := whole(words, at, at + 3))]
        again(words, [*found, Finding(0, 4, "PERSON")])

    # The limit for twenty names, each with the words on both sides, on a busy machine.
    assert least_seconds(look) < 0.1


@pytest.mark.parametrize(
    ("text", "asks"), [("May I have your name, please?", True), ("¿Cómo se llama usted?", True), ("What is your order?", False), ("My name is Ana.", False)]
)  # fmt: skip
def test_a_question_for_a_name_is_known(text: str, asks: bool) -> None:
    assert asks_a_name(text) is asks


@pytest.mark.parametrize("read", [asks_a_name, Catalogue([], ["12"]).store, Catalogue(["WHITE BREAD"], []).product_types])
@pytest.mark.parametrize("piece", ["name ", "store ", "tienda no. ", "white ", " ", "a-", "store" + " " * 500])
def test_nothing_that_is_looked_for_in_a_call_takes_long(read: Callable[[str], object], piece: str) -> None:
    text = "store" + piece * (100_000 // len(piece))
    # A call of two hours has 150,000 characters. A rule with quadratic time would take minutes.
    assert least_seconds(lambda: read(text)) < 0.5
