"""Personal data is hidden in the forms of many countries, networks and habits. Text that only looks like it is kept."""

import pytest

from flink_jobs.voice.text.finding import Finding, replaced
from flink_jobs.voice.text.forms import forms
from flink_jobs.voice.text.names import cased
from flink_jobs.voice.text.normalisation import plain
from flink_jobs.voice.text.numbers import UNSURE


def safe(text: str) -> str:
    """Return the text as it is stored, except that names which only a model finds are still in it."""
    looked = plain(text)
    found = [f for f in forms(looked.text, cased(looked.text)) if f.kind != UNSURE]
    return replaced(text, [Finding(*looked.back(f.start, f.end), f.kind) for f in found])[0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("the card ending 4242 was charged twice", "the card ending <LAST_FOUR> was charged twice"),
        ("it ends in 4242, ok", "it ends in <LAST_FOUR>, ok"),
        ("la tarjeta terminada en 4242 fue cobrada", "la tarjeta terminada en <LAST_FOUR> fue cobrada"),
        ("card **** **** **** 4242 was charged", "card **** **** **** <LAST_FOUR> was charged"),
        ("los últimos cuatro dígitos son 4242", "los últimos cuatro dígitos son <LAST_FOUR>"),
        ("4111 1111 1111 1111 exp 12/27 cvv 123", "<CARD> cvv <SECRET>"),
        ("5555 5555 5555 4444 caduca 08/2029", "<CARD>"),
        ("no:4111111111111111cvv:123", "no:<CARD>cvv:<SECRET>"),
        ("My PIN is 4931 and", "My PIN is <SECRET> and"),
        ("password: hunter2", "password: <SECRET>"),
        ("mi contraseña es gatito99 y", "mi contraseña es <SECRET> y"),
        ("call 612345678or write", "call <PHONE>or write"),
        ("llama al seiscientos doce, trescientos cuarenta y cinco, seiscientos setenta y ocho", "llama al <PHONE>"),
        ("call eight hundred five five five twelve thirty four", "call <PHONE>"),
        ("my account number is 123456 at the bank", "my account number is <ID>"),
        ("sort code 20-00-00, ok", "sort code <ID>, ok"),
        ("DNI12345678Z", "DNI<ID>"),
        ("driver license D123-4567-8901.", "driver license <ID>."),
        ("licence number: MORGA657054SM9IJ", "licence number: <ID>"),
        ("number plate of my car is AB12 CDE, parked", "number plate of my car is <ID>, parked"),
        ("my car AB12CDE was scratched", "my car <ID> was scratched"),
        ("mi coche con matrícula 1234 BCD", "mi coche con matrícula <ID>"),
        ("Kennzeichen B-MW 1234, ok", "Kennzeichen <ID>, ok"),
        ("I was born 12-MAR-1980", "I was born <BIRTHDAY>"),
        ("geboren am 12. März 1980, so", "geboren am <BIRTHDAY>, so"),
        ("née le 12 mars 1980", "née le <BIRTHDAY>"),
        ("my ip is 10.0.0.1 or 2001:db8::8a2e:370:7334", "my ip is <IP> or <IP>"),
        ("mac 00:1A:2B:3C:4D:5E of it", "mac <IP> of it"),
    ],
)  # fmt: skip
def test_a_number_is_hidden_by_what_is_said_of_it(text: str, kept: str) -> None:
    assert safe(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("posted as @johnny_doe99 today", "posted as <HANDLE> today"),
        ("(\uff20johnny.doe) wrote", "(<HANDLE>) wrote"),
        ("as **&#64;johnny_doe99** now", "as **<HANDLE>** now"),
        ("as ---%40johnny_doe99 or ((((\\u0040johnny", "as ---<HANDLE> or ((((<HANDLE>"),
        ("is **&#52;111 1111 1111 1111", "is **<CARD>"),
        ("en twitter soy @juanita_p.", "en twitter soy <HANDLE>."),
        ("IG: @jd", "IG: <HANDLE>"),
        ("insta: john.doe", "insta: <HANDLE>"),
        ("my instagram is johnny_doe99", "my instagram is <HANDLE>"),
        ("discord johnny#1234", "discord <HANDLE>"),
        ("at t.me/johndoe or https://www.facebook.com/john.doe.99", "at <HANDLE> or <HANDLE>"),
        ("wa.me/34600111222", "<HANDLE>"),
        ("linkedin.com/in/john-doe, youtube.com/@johndoe", "<HANDLE> <HANDLE>"),
        ("see https://example.com/reset?token=abc&x=1 now", "see https://example.com/reset<LINK> now"),
        ("https://example.com/r/3f9a77bc01d24e88", "https://example.com/r/<LINK>"),
        ("mail jane_at_example_dot_com", "mail <EMAIL>"),
        ("mail jane(a)example.com", "mail <EMAIL>"),
        ("jane dot doe at sign gmail dot com", "<EMAIL>"),
        ("mon mail: jane arobase orange point fr", "mon mail: <EMAIL>"),
    ],
    ids=ascii,
)  # fmt: skip
def test_what_a_person_is_called_by_on_networks_is_hidden(text: str, kept: str) -> None:
    assert safe(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my postcode is SW1A 1AA", "my postcode is <ADDRESS>"),
        ("to 221B Baker Street, London NW1 6XE", "to <ADDRESS>"),
        ("my zip is 90210-1234", "my zip is <ADDRESS>"),
        ("mi código postal es 28013", "mi código postal es <ADDRESS>"),
        ("P.O. Box 1234, ok", "<ADDRESS>, ok"),
        ("apartado de correos 123", "<ADDRESS>"),
        ("350 5th Avenue, New York", "<ADDRESS>"),
        ("123 W. 42nd St. please", "<ADDRESS> please"),
        ("12 St. John's Road", "<ADDRESS>"),
        ("12, Acacia Avenue", "<ADDRESS>"),
        ("5 The Close", "<ADDRESS>"),
        ("paseo de la castellana, 200, portal 3, 5º izq", "<ADDRESS>"),
        ("calle gran vía nº 45 esc. 2 piso 4 pta. C", "<ADDRESS>"),
        ("Pza. Mayor s/n", "<ADDRESS>"),
        ("C/Mayor,12,3ºB", "<ADDRESS>"),
        ("Travesía de la Luna 4", "<ADDRESS>"),
        ("Hauptstraße 12, 10115 Berlin is mine", "<ADDRESS> is mine"),
        ("12 rue de la Paix, 75002 Paris", "<ADDRESS>"),
        ("we moved to 12 Evans Hazeltine", "we moved to <ADDRESS>"),
        ("we moved to 12 evans hazeltine", "we moved to <ADDRESS>"),
        ("left at 292 Monroe Flat which", "left at <ADDRESS> which"),
        ("We moved to 9678 Moody Green Apt. 015 in spring", "We moved to <ADDRESS> in spring"),
    ],
)  # fmt: skip
def test_an_address_is_hidden_whole(text: str, kept: str) -> None:
    assert safe(text).replace(",", "") == kept.replace(",", "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("thanks\nbest,\nKate", "thanks\nbest,\n<PERSON>"),
        ("Best wishes, kate winslow", "Best wishes, <PERSON>"),
        ("The milk was sour.\n- Dave", "The milk was sour.\n- <PERSON>"),
        ("Dear Priya, the milk was sour", "Dear <PERSON>, the milk was sour"),
        ("Querida Inés: la leche", "Querida <PERSON>: la leche"),
        ("My name is 李小龙 and", "My name is <PERSON> and"),
        ("My name is محمد علي and", "My name is <PERSON> and"),
        ("my name is o'neill", "my name is <PERSON>"),
        ("Customer: DOE, JANE", "Customer: <PERSON>"),
        ("Jane here, my order is late", "<PERSON> here, my order is late"),
        ("her badge said Chloe", "her badge said <PERSON>"),
        ("Mr.Smith was rude", "Mr.<PERSON> was rude"),
        ("The cashier O`Brien helped", "The cashier <PERSON> helped"),
        ("pregunten por Xavi", "pregunten por <PERSON>"),
        ("la chica de la caja, Vanesa, fue borde", "la chica de la caja, <PERSON>, fue borde"),
        ("my brother, Tom, was there", "my brother, <PERSON>, was there"),
    ],
)
def test_a_name_is_hidden_by_what_stands_beside_it(text: str, kept: str) -> None:
    assert safe(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "I waited 12 minutes in the car park.", "There were 2 people in the square", "it took 30 minutes to find a place", "3 kids to drive home",
        "I drove 10 miles on the road", "Deliver it to me by 5 please", "I live in Leeds and shop 3 times a week", "the closest is 20 minutes drive",
        "12 Granny Smith Apples and 6 Coca Cola Zero Sugar cans", "I bought 20 Pampers Premium Care nappies", "Order 3 Big Mac Meals", "10 Out Of 10",
        "5 Star Rating", "24 Hour Service", "iPad A14 8GB", "Esperé en la plaza 20 minutos", "el paseo de 2 horas", "la entrada privada 24 horas",
        "Compré 12 Yogures Griegos Danone", "la avenida 3 veces cortada", "Hola a tod@s, amig@s", "l@s cajer@s",
        "milk @ 3.49 each, 2 @ 3.00, 4@1.50", "open @10am, eggs @2each", "my password is broken", "the pin pad at till 4", "my card was charged 42.42 twice",
        "the offer ending in 2026", "instagram is full of ads", "version 2.0.1", "at 12:30:45", "costs 2.99, at Walmart.com 3.09", "two plates for 12 euros",
        "Dear customer service, hello team,", "Thanks, all the best!", "x.com is down", "see walmart.com/weekly-ad", "a member for 12 years", "my dni is wrong 5 times",
        "the girl, Monday, was late", "my son, and I, came",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_left(text: str) -> None:
    assert safe(text) == text


def test_a_character_that_stands_for_a_sentence_makes_no_text_longer_than_four_times() -> None:
    for character in ("\ufdfa", "\u3316", "\u337f", "\ufdfb"):
        assert len(plain(character * 1000).text) <= 4000
