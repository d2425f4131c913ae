"""Make texts with known personal data, typed in the ways of customers, phones, web forms or attackers."""

import json
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass

#: The most characters of a text. Longer texts are set aside without an analysis.
LONGEST = 10_000


@dataclass(frozen=True)
class Planted:
    """A text, and the kinds and values of personal data that must not be in the kept text."""

    text: str
    secrets: tuple[tuple[str, str], ...] = ()

    def to_bytes(self) -> bytes:
        """Return the text as a file of the corpus."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Planted":
        """Return the text that a file of the corpus holds."""
        read = json.loads(content)
        return cls(read["text"], tuple((kind, value) for kind, value in read["secrets"]))


def luhn(draw: random.Random, start: str, length: int) -> str:
    """Return a card number with a correct check digit."""
    digits = start + "".join(draw.choice("0123456789") for _ in range(length - len(start) - 1))
    total = sum(sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def iban(draw: random.Random) -> str:
    """Return the IBAN of an account in Spain, Britain, Germany or France."""
    country, length, bank = draw.choice((("ES", 20, ""), ("GB", 14, "NWBK"), ("DE", 18, ""), ("FR", 23, "")))
    account = bank + "".join(draw.choice("0123456789") for _ in range(length))
    check = 98 - int("".join(str(int(c, 36)) for c in f"{account}{country}00")) % 97
    return f"{country}{check:02d}{account}"


def _digits(draw: random.Random, form: str) -> str:
    return "".join(draw.choice("23456789") if c == "N" else c for c in form)


def _groups(value: str, sizes: tuple[int, ...]) -> list[str]:
    found, at = [], 0
    for size in sizes:
        found.append(value[at : at + size])
        at += size
    return found


def _fours(value: str) -> list[str]:
    return [value[i : i + 4] for i in range(0, len(value), 4)]


def _amex(draw: random.Random) -> list[str]:
    return _groups(luhn(draw, "37", 15), (4, 6, 5))


#: Kinds of numbers. Each function returns a number as its groups of digits.
NUMBERS: dict[str, Callable[[random.Random], list[str]]] = {
    "CARD": lambda draw: _fours(luhn(draw, draw.choice(("4", "51", "55", "6011")), 16)),
    "AMEX": _amex,
    "IBAN": lambda draw: _fours(iban(draw)),
    "PHONE_ES": lambda draw: ["+34", *_groups(_digits(draw, "6NNNNNNNN"), draw.choice(((3, 3, 3), (3, 2, 2, 2))))],
    "PHONE_US": lambda draw: _groups(_digits(draw, "NNNNNNNNNN"), (3, 3, 4)),
    "PHONE_GB": lambda draw: _groups(_digits(draw, "07NNNNNNNNN"), (5, 3, 3)),
    "SSN": lambda draw: _groups(_digits(draw, "NNNNNNNNN"), (3, 2, 4)),
}
SEPARATORS = [" ", "", "-", ".", "/", *"\u00a0\u202f\u2007\u2009\u3000\u2800\u2010\u2011\u2012\u2013\u2014\u2212\uff0d\u200b\u200c\u200d\u2060\u00ad\ufeff\t\n", "\r\n", " - ", "  ", "_", "·", "•", "&nbsp;", "&#160;", "%20", "%2D", ") (", " / ", "\u00a0-\u00a0", "*", "|", "\u2028", "....", "~"]  # fmt: skip
_ZEROS = [0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10, 0x1D7CE, 0x1D7EC]
_UNSEEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u202e\u2066\u180e"
_GIVEN = [
    "Jonathan",
    "Katherine",
    "Sebastian",
    "Fernanda",
    "Guillermo",
    "Montserrat",
    "Thaddeus",
    "Rosalinda",
    "Maximiliano",
    "Gwendolyn",
    "Íñigo",
    "Sinéad",
]
_FAMILY = [
    "Featherstone",
    "Montgomery",
    "O'Donoghue",
    "O\u2019Callaghan",
    "Rodríguez",
    "Villanueva",
    "Echeverría",
    "Watson-Parker",
    "Zubizarreta",
    "McAllister",
]
_PARTICLES = ["", "", "", "de la ", "van der ", "del ", "de "]
_SENTENCES = {
    "NUMBER": ("Please use {} for it, thanks a lot.", "The milk was sour, you reach me at {} after six.", "My number: {}. Nobody called me back!", "Es el {} y nadie me ha llamado todavía.", "Por favor apunten {} porque la leche estaba agria.", "Mi número es {}, gracias por todo."),
    "EMAIL": ("You reach me best under {} in the evening.", "Write to {} please, the bread was stale.", "Me encuentran mejor en {} por la tarde.", "Escríbanme a {} porque la tienda estaba cerrada."),
    "HANDLE": ("I wrote about it as {} yesterday.", "The bread was stale, {} has a picture.", "Escribí sobre ello como {} ayer."),
    "PERSON": ("My name is {} and the milk was sour.", "I spoke to the manager, Mr {}, who was rude.", "The bread was stale.\nRegards,\n{}\n", "Me llamo {} y la leche estaba agria.", "Hablé con el encargado, el Sr. {}, y fue muy grosero."),
}  # fmt: skip
_FILLERS = ("The bananas were brown and nobody cared.", "I waited for 45 minutes on Friday 14 November.", "It cost $3.49, on the shelf it said $2.99!", "El pan estaba duro y la fruta podrida.", "Compré 12 huevos y 3 kilos de manzanas por 5,50 €.", "😡😡 👎", "¡¡¡Nunca más!!!", "don\u2019t", "½ price… «really»?")  # fmt: skip
#: Pieces that are hard for the rules and the libraries when they are repeated.
_PIECES = ("calle ", "calle de la ", " de la", "vivo en ", "John ", "John de la ", "12 ", "1", "1-", "+", "(", "([", "a(", "a.", "a@", "a@b.", " at ", " dot ", "@", "ES91", "GB12 NWBK ", "\u200b", "\u0301", "a\u0301", "é", "ж", "字", "😀", "👩\u200d👩\u200d👧", "\n", "\r", "\t", "a\n", ". ", "Mr ", "one ", "treinta y ", "&#64;", "&amp;", "%40", "\\", "^", "$", "[", "]", "{", "}", "<", ">", "/", "\x00", "\x1b", "\ufffd", "_", "'", "\u2019", "O'", "-", "W000000000123 ", "order number ", "\u202e", "ﷺ", "\u017f", "İ", "ß", "but ", "not ", ":) ", "http://", "a/", "1/2 ", "12/11/2026 ", "3.49 ", "passport ", "born on ")  # fmt: skip


def number(draw: random.Random) -> tuple[str, str, str]:
    """Kind, value and how it is typed."""
    kind = draw.choice(sorted(NUMBERS))
    groups = NUMBERS[kind](draw)
    value = "".join(groups).lstrip("+")
    if kind == "PHONE_ES":
        # The country code may stay, because it identifies nobody.
        value = value[2:]
    separator = draw.choice(SEPARATORS)
    typed = separator.join(groups)
    form = draw.randrange(10)
    if form == 0:
        typed = " ".join("".join(groups))
    elif form == 1 and kind != "IBAN":
        zero = draw.choice(_ZEROS)
        typed = "".join(chr(zero + int(c)) if c.isdecimal() and c.isascii() else c for c in draw.choice((" ", "-", "")).join(groups))
    elif form == 2:
        typed = "".join(c + (draw.choice(_UNSEEN) if draw.random() < 0.3 else "") for c in draw.choice((" ", "")).join(groups))
    elif form == 3:
        typed = _full_width(draw.choice((" ", "")).join(groups))
    elif form == 4:
        typed = "".join(c + "\u0332" for c in "".join(groups))
    elif form == 5:
        typed = typed.lower()
    elif form == 6:
        typed = "".join(f"&#{ord(c)};" if c.isalnum() and draw.random() < 0.5 else c for c in " ".join(groups))
    return kind, value, typed


def _full_width(value: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


def email(draw: random.Random) -> tuple[str, str, str]:
    """Kind, value and how it is typed."""
    local = draw.choice(("jonathan", "k.featherstone", "rosalinda_v", "max-montgomery", "echeverria99", "thaddeus+shop"))
    domain = draw.choice(("example.com", "correo.example.es", "mail.example.co.uk", "ejemplo.org", "gmail.com"))
    at = draw.choice(("@", "\uff20", "\ufe6b", "&#64;", "&commat;", "%40", " @ ", "@\u200b", "(at)", " [at] ", " (arroba) "))
    typed = local + at + domain
    form = draw.randrange(8)
    if form == 0:
        typed = typed.upper() if "&" not in typed else typed
    elif form == 1:
        typed = _full_width(f"{local}@{domain}")
    elif form == 2:
        typed = f"{local.replace('.', ' dot ')} at {domain.replace('.', ' dot ')}"
    elif form == 3:
        typed = f"{local.replace('.', ' punto ')} arroba {domain.replace('.', ' punto ')}"
    elif form == 4:
        typed = "".join(c + (draw.choice(_UNSEEN) if draw.random() < 0.2 else "") for c in f"{local}@{domain}")
    return "EMAIL", f"{local}", typed


def handle(draw: random.Random) -> tuple[str, str, str]:
    """Kind, value and how it is typed."""
    name = draw.choice(("jonathan_f99", "k.featherstone", "rosalinda_v", "echeverria99", "the_real_thaddeus"))
    at = draw.choice(
        (
            "@",
            "\uff20",
            "\ufe6b",
            "@\u200b",
            "&#64;",
            "insta: ",
            "instagram: @",
            "t.me/",
            "https://www.facebook.com/",
            "tiktok.com/@",
            "x.com/",
        )
    )
    typed = draw.choice((str, str.upper, _full_width))(name) if at in ("@", "\uff20", "\ufe6b") else name
    return "HANDLE", name, at + typed


def person(draw: random.Random) -> tuple[str, str, str]:
    """Kind, value and how it is typed."""
    given, family = draw.choice(_GIVEN), draw.choice(_FAMILY)
    typed = f"{given} {draw.choice(_PARTICLES)}{family}"
    form = draw.randrange(6)
    if form == 0:
        typed = typed.upper()
    elif form == 1:
        typed = unicodedata.normalize("NFD", typed)
    elif form == 2:
        typed = typed.replace(" ", draw.choice(("\u00a0", "\u202f", "  ")))
    elif form == 3:
        typed = _full_width(typed)
    return "PERSON", f"{given} {family}", typed


def planted(draw: random.Random) -> Planted:
    """Return a text with one or two pieces of personal data among other sentences."""
    secrets, parts = [], [draw.choice(_FILLERS) for _ in range(draw.randrange(3))]
    for _ in range(draw.choice((1, 1, 1, 2))):
        name, make = draw.choice((("NUMBER", number), ("NUMBER", number), ("EMAIL", email), ("HANDLE", handle), ("PERSON", person)))
        kind, value, typed = make(draw)
        wrap = draw.choice(("{}",) * 6 + ("({})", "«{}»", '"{}"', "[{}]", "\u202e{}\u202c", "**{}**")) if name != "PERSON" else "{}"
        parts.append(draw.choice(_SENTENCES[name]).format(wrap.format(typed)))
        secrets.append((kind, value))
    if draw.random() < 0.3:
        parts.insert(draw.randrange(len(parts) + 1), draw.choice(_FILLERS))
    return Planted(draw.choice((" ", "\n", "  ")).join(parts), tuple(secrets))


def noise(draw: random.Random) -> Planted:
    """Return a text of random characters, or of pieces that are repeated up to the longest allowed length."""
    if draw.random() < 0.5:
        pieces = "".join(draw.choice(_PIECES) for _ in range(draw.choice((1, 1, 2, 3))))
        length = draw.choice((100, 1000, LONGEST, LONGEST))
        return Planted((draw.choice(("", "La leche estaba agria. ", "The milk was sour. ")) + pieces * (length // len(pieces)))[:LONGEST])
    made = draw.choice(("The milk was sour and nobody cared ", "La leche estaba agria y nadie me ayudó ")) * draw.choice((1, 3, 20))
    for _ in range(draw.randrange(1, 20)):
        at, end = draw.randrange(len(made)), draw.choice((0x250, 0x2FFF, 0xFFFF, 0x10FFFF))
        made = made[:at] + chr(draw.randrange(end)) * draw.choice((1, 1, 5)) + made[at:]
    return Planted(made[:LONGEST])


def made(draw: random.Random) -> Planted:
    """Return a text of one of these two kinds."""
    return planted(draw) if draw.random() < 0.85 else noise(draw)


_KEPT = re.compile(r"<[A-Z_]+>")


def squeezed(text: str) -> str:
    """Return only the letters and digits of a text, in a common form, so that a hidden number or name can be searched for."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", _KEPT.sub("|", text)).casefold())
    return "".join(str(unicodedata.digit(c, c)) for c in plain if c.isalnum() or c == "|")


def leaked(given: Planted, kept: str) -> str | None:
    """Return the first planted value of which the kept text has the whole or an identifying part, or None."""
    found = squeezed(kept)
    for kind, value in given.secrets:
        if kind == "PERSON":
            parts = [squeezed(part) for part in value.split()]
        elif kind in ("EMAIL", "HANDLE"):
            parts = [squeezed(value)]
        else:
            whole = squeezed(value)
            most = max(6, len(whole) * 2 // 3)
            parts = [whole[:most], whole[-most:]]
        if any(part in found for part in parts):
            return f"{kind} {value!r}"
    return None
