"""Personal data with a fixed form is hidden however it is typed, in a time that grows only linearly with the text."""

import time
from collections.abc import Callable, Sequence

import pytest

from flink_jobs.voice.text.bounds import ReadingError, each_alone, grouped, unusable, without_values
from flink_jobs.voice.text.finding import Finding, replaced
from flink_jobs.voice.text.forms import forms
from flink_jobs.voice.text.normalisation import plain

#: The most characters that a text may have.
LONGEST = 10_000
#: The most processor time for a text: twice the required 0.05 s, because the machine may be busy.
MOST_SECONDS = 0.1


def safe(text: str) -> str:
    """Return the text as it is stored."""
    looked = plain(text)
    return replaced(text, [Finding(*looked.back(f.start, f.end), f.kind) for f in forms(looked.text)])[0]


BETWEEN = [" ", "", "-", ".", "/", "\u00a0", "\u202f", "\u2007", "\u3000", "\u2009", "\u2800", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\ufe63", "\uff0d", "\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u202e", "\n", "\r\n", "\t", " - ", ") (", "_", "·", "•", "\u30fb", "&nbsp;", "%20", "   ", "....", "*", "|"]  # fmt: skip
GROUPS = {
    "CARD": ("4111", "1111", "1111", "1111"),
    "CARD of Amex": ("3782", "822463", "10005"),
    "PHONE": ("+34", "612", "345", "678"),
    "PHONE of America": ("555", "123", "4567"),
    "IBAN": ("ES91", "2100", "0418", "4502", "0005", "1332"),
    "IBAN in small letters": ("gb29", "nwbk", "6016", "1331", "9268", "19"),
    "SSN": ("123", "45", "6789"),
}


@pytest.mark.parametrize("between", BETWEEN, ids=[ascii(b) for b in BETWEEN])
@pytest.mark.parametrize("kind", GROUPS)
def test_a_number_is_hidden_whatever_stands_between_its_groups(kind: str, between: str) -> None:
    for sentence in ("Please use {} for it, thanks.", "Es el {} y nada más."):
        assert not any(map(str.isdigit, safe(sentence.format(between.join(GROUPS[kind]))))), ascii(between)


@pytest.mark.parametrize("mark", ["\u00d7", "\u2192", "!", "?", "&", "@", "\u00b0", " \u2713 ", "^", "\u00a7"], ids=ascii)
@pytest.mark.parametrize("kind", ["CARD", "CARD of Amex", "IBAN"])
def test_groups_that_nothing_else_is_written_in_are_hidden_with_any_mark_between_them(kind: str, mark: str) -> None:
    assert safe(f"Please use {mark.join(GROUPS[kind])} for it.") == f"Please use <{kind.split(maxsplit=1)[0]}> for it."


@pytest.mark.parametrize("zero", ["\uff10", "\u0660", "\u06f0", "\u0966", "\U0001d7ce", "\U0001d7f6"], ids=ascii)
def test_a_number_is_hidden_in_the_digits_of_any_alphabet(zero: str) -> None:
    for kind, groups in GROUPS.items():
        if not kind.startswith("IBAN"):
            typed = " ".join("".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in group) for group in groups)
            assert not any(map(str.isdigit, safe(f"It is {typed}, thanks."))), kind


@pytest.mark.parametrize(
    "typed",
    [
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "4111:1111:1111:1111, 3", "4O11 1111 1111 11I1", "4\u0332111 1111 1111 1111",
        "E S 9 1 2 1 0 0 0 4 1 8 4 5 0 2 0 0 0 5 1 3 3 2", "four one one one two three four five", "cuatro uno uno uno dos tres cuatro cinco",
        "double five one two three four six", "6 one 2 three 4 five 6 seven 8", "12345678Z", "12.345.678-Z", "X-1234567-L", "QQ 12 34 56 C",
        "+1 (555) 123-4567 ext. 55", "555-123-4567 x99", "0034612345678", "&#52;111 1111 1111 1111", "%34111 1111 1111 1111",
    ],
)  # fmt: skip
def test_a_number_is_hidden_however_it_is_spelt(typed: str) -> None:
    assert safe(f"so {typed} is it") in {f"so <{kind}> is it" for kind in ("CARD", "PHONE", "IBAN", "ID")}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my passport number is AB1234567, ok", "my passport number is <ID>, ok"),
        ("born on 12/03/1980, so", "born on <BIRTHDAY>, so"),
        ("nací el 12 de marzo de 1980.", "nací el <BIRTHDAY>."),
        ("VIVO EN CALLE MAYOR 12", "VIVO EN <ADDRESS>"),
        ("calle Mayor, n.º 5", "<ADDRESS>"),
        ("order number: 12345678901", "order number: <ORDER>"),
        ("MY NAME IS JOHN SMITH", "MY NAME IS <PERSON>"),
        ("write to a@example.com. I live here", "write to <EMAIL>. I live here"),
        ("write to a at gmail dot com. I live here", "write to <EMAIL>. I live here"),
        ("the manager, Mr Smith, was", "the manager, Mr <PERSON>, was"),
        ("Mr O\u2019Donoghue came", "Mr <PERSON> came"),
        ("el Sr. García de la Torre vino", "el Sr. <PERSON> vino"),
        ("la señora D\u2019Ors vino", "la señora <PERSON> vino"),
        ("Prof. Ruiz came", "Prof. <PERSON> came"),
        ("my cell2145550001, ok", "my cell<PHONE>, ok"),
        ("Teléfono612345678", "Teléfono<PHONE>"),
        ("le atiende Ana del Río", "le atiende <PERSON>"),
    ],
)
def test_what_is_said_of_a_person_is_hidden_whole(text: str, kept: str) -> None:
    assert safe(text) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "jane.doe\uff20example.com", "ivan@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "jane\ufe6bexample.com", "j\u0430ne@example.com", "jane@ex\u00adample.com",
        "jane.doe@example\u3002com", "jane dot doe at example dot com", "jane (at) example.com", "jane[at]example[dot]com", "juan arroba gmail punto com",
        "jane AT gmail DOT com", "j a n e at gmail dot com", '"jane doe"@example.com', "jane+tag@example.co.uk", "jane @ example . com", "jane&#64;example.com",
        "jane&commat;example.com", "jane%40example.com", "jane\\u0040example.com", "JANE@EXAMPLE.COM", "jane@[192.168.0.1]", "<jane@example.com>", "jose\u0301@example.com",
        "jane at gmail.com", "jane@\u200bexample.com", "jane.doe at gmail", "jane_doe @gmail",
    ],
    ids=ascii,
)  # fmt: skip
def test_an_address_of_mail_is_hidden_however_it_is_typed(typed: str) -> None:
    kept = safe(f"You reach me under {typed} now.").removeprefix("You reach me under ").removesuffix(" now.")
    assert kept.strip('<>"') == "EMAIL"


@pytest.mark.parametrize(
    "text",
    [
        "I bought 12 eggs, 3 kilos and paid 3.49 2.99 1.50", "on 12/11/2026 10:45 it was 3,49", "2026-11-27 and 27.11.2026", "1½ hours for 2 persons",
        "it cost 1.234,00 €", "10, 20, 30, 40", "I saw it at walmart.com", "open 8 to 22, 9 to 5", "one or two things, three four", "50% off 20%",
        "20/11/2026 - 27/11/2026", "2026/11/20 - 2026/11/27", "20.11.2026-27.11.2026", "20261120 20261127 20261203", "since 2019, 2020, 2021, 2022",
        "in 2019 2020 2021", "rated 10/10 10/10 9/10 10/10", "1000€ 2000€ 3000€ 4000€", "look at mail.",
        "don\u2019t look at it, it\u2019s fine", "la calle de la tienda está sucia", "¿Cuántos? 5,50 €… nº 3", "twenty one of them",
    ],
)  # fmt: skip
def test_what_is_not_personal_is_left(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("a\u200bb\u00adc", (0, 5)), ("e\u0301x", (0, 3)), ("\u202ejohn\u202c", (1, 6)), ("&#64;x", (0, 6)), ("(((((((", (0, 7)), ("😀\u200d😀", (0, 3)),
    ],
)  # fmt: skip
def test_what_is_found_is_hidden_with_all_that_it_was_typed_with(text: str, stretch: tuple[int, int]) -> None:
    looked = plain(text)
    assert looked.back(0, len(looked.text)) == stretch


#: Words and characters that the rules search for. Repeated, alone or together, they make each rule read as far as it can.
PIECES = ["calle ", "c/ ", "avenida ", "de la ", "norte ", "piso ", "nº", "no ", "bis ", "John ", "JOHN ", "john ", "O'Neil-Smith ", "street ", "st ", "apt ", "flat ", "1 ", "12 ", "12/", "4111", "4111 ", "(", "+", "-", ".", "/", ",", " ", "\n", "@", "a@b", "a@b.c ", "a.", " at ", " dot ", "arroba ", "order ", "order number ", "GB12 ", "ES91", "A1 ", "x ", "ext ", "Mr ", "my name is ", "i live at ", "vivo en ", "send it to ", "saludos,", "born on ", "may ", "passport ", "dni is ", "one ", "treinta y ", "&#64;", "%40", "\u00a0", "\u200b", "\u0301", "é", "ж", "_", "\"", "12/11/2026 ", "2026 ", "3.49 ", "W000000000123 ", "12345678Z ", "O1 ", "@a.", "@_", "insta: ", "x.com/a", "t.me/", "http://", "?a=", "a1-", "/", "a:", "1:", ":", "=", "1.", "card ", "ending in ", "last four ", "*", "x", "4111 1111 1111 1111 exp ", "pin ", "is ", "password: ", "car ", "plate ", "AB12 ", "SW1A 1AA ", "zip ", "p.o. box ", "plaza ", "12 the ", "12, a ", "portal 3 ", "c. a ", "Rue de ", "Astr. 1 ", "moved to ", "regards, ", "dear ", "- ", "John here ", "badge ", "name: ", "hundred ", "seiscientos ", "(a) ", "_at_", "_dot_", "born ", "李", "D, "]  # fmt: skip


def seconds(of: Callable[[str], object], text: str) -> float:
    """Return the shortest processor time of three runs."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        of(text)
        taken.append(time.process_time() - start)
        if taken[-1] < MOST_SECONDS / 2:
            break
    return min(taken)


def test_no_text_of_the_rules_own_words_takes_long() -> None:
    slow = {}
    for i, first in enumerate(PIECES):
        for second in ("", *PIECES[i % 29 :: 29]):
            text = (first + second) * (LONGEST // len(first + second))
            if (taken := seconds(safe, text)) > MOST_SECONDS:
                slow[first + second] = taken
    assert slow == {}


def test_four_times_the_text_takes_about_four_times_the_time() -> None:
    """Check the growth of the time. A rule with backtracking would take sixteen times as long, or exponential time."""
    for piece in PIECES:
        short, long = (piece * (length // len(piece)) for length in (LONGEST // 4, LONGEST))
        taken = seconds(safe, long)
        # Below this time, the measurement is too inexact for a comparison.
        assert taken < MOST_SECONDS / 4 or taken < 8 * seconds(safe, short), piece


@pytest.mark.parametrize(
    "text",
    [
        "Vivo en la calle" + " de la" * 12 + " esquina",
        "Vivo en la calle" + " de la" * 1600 + " esquina",
        "La tienda de la esquina de la plaza de la iglesia de la calle de la fuente de la villa de la reina de la costa de la luz de la isla de la palma",
    ],
    ids=["twelve", "as many as fit", "natural"],
)
def test_the_sentences_that_held_all_texts_up_take_no_time(text: str) -> None:
    assert seconds(safe, text) < MOST_SECONDS / 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x" * (LONGEST + 1), "TOO_LONG"), ("a(" * 4000, "TOO_DENSE"), ("hola \ud800 qué tal", "ENCODING"), ("\u200bab" * 9, "ENCODING"),
        ("9" * 50, "NO_WORDS"), (" \n", "EMPTY"), ("The milk was sour.", None), ("é" * 9000, None),
    ],
)  # fmt: skip
def test_a_text_beyond_a_bound_is_set_aside_without_a_word_of_it(text: str, reason: str | None) -> None:
    said = unusable(text)
    assert (said and said.partition(":")[0]) == reason
    assert said is None or text.strip()[:3] not in said or not text.strip()


def test_many_sentences_are_read_in_groups_and_few_one_by_one() -> None:
    assert grouped(["a", "b"], 2) == ["a", "b"]
    assert grouped(["a", "b", "c", "d", "e"], 2) == ["a b c", "d e"]


def test_a_text_that_brings_a_library_down_is_set_aside_alone() -> None:
    def read(texts: list[str]) -> Sequence[str]:
        if "secret" in texts:
            raise ValueError("secret")
        return [f"read {text}" for text in texts]

    assert each_alone(read, str, ["a", "secret", "b"]) == ["read a", "FAILED: ValueError", "read b"]


def test_the_machines_failure_is_raised_without_a_word_of_the_text() -> None:
    def read(texts: list[str]) -> Sequence[str]:
        raise OSError(texts[0])

    with pytest.raises(ReadingError) as caught:
        each_alone(read, str, ["secret"])
    assert str(caught.value) == "OSError"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("IMPOSSIBLE_VALUE: channel is 'I am Jane, it's late', not one of [APP, EMAIL]", "IMPOSSIBLE_VALUE: channel is …, not one of [APP, EMAIL]"),
        ("IMPOSSIBLE_VALUE: event_id is shorter than 36 characters", "IMPOSSIBLE_VALUE: event_id is shorter than 36 characters"),
        ("UNDECODABLE: AvroRuntimeException: Malformed data: jane", "UNDECODABLE: AvroRuntimeException"),
        ("UNFRAMED: 3 bytes are too few", "UNFRAMED: 3 bytes are too few"),
    ],
)  # fmt: skip
def test_a_reason_quotes_nothing_of_the_message(reason: str, kept: str) -> None:
    assert without_values(reason) == kept
