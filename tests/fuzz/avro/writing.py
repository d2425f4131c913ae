"""Write random values as Avro, straight from a schema: near the limits, at them and past them. Wrong values are written too."""

import struct
from collections.abc import Callable
from random import Random
from typing import Any

from tests.fuzz.avro.messages import NOW

_WHOLE = (0, 1, -1, 2, 63, 64, -64, -65, 127, 128, 2**31 - 1, -(2**31), 2**31, 2**53 + 1, 2**63 - 1, -(2**63))
_TEXTS = ("", "a", "SALE", "367", "é", "𐍈", "a\0b", "\u202e", "\ufeff", "'; --", "{}", "=1+1", "\r\n", "I\u0307", "\ud7ff", "\U0010ffff")
_BROKEN = (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"caf\xe9", b"\x80", b"\xf0\x80\x80\x80")
_DEEPEST = 6


def varint(value: int) -> bytes:
    """Return an integer in Avro's zigzag encoding. It may have more than 64 bits."""
    value = value << 1 if value >= 0 else (-value << 1) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def sized(content: bytes) -> bytes:
    """Return bytes or encoded text with their length before them."""
    return varint(len(content)) + content


class Writer:
    """Writer of random values for a schema. `wild` sets how often a value is outside the contract's limits."""

    def __init__(self, draw: Random, wild: float) -> None:
        self._draw, self._wild = draw, wild
        self._named: dict[str, Any] = {}
        self._depth = 0

    def value(self, schema: Any, field: dict[str, Any]) -> bytes:
        """Return the bytes of a value of this schema. `field` has the contract's limits, if there are any."""
        if isinstance(schema, list):
            # The null branch ends a recursive type.
            at = schema.index("null") if self._depth > _DEEPEST and "null" in schema else self._draw.randrange(len(schema))
            return varint(at) + self.value(schema[at], field)
        if isinstance(schema, str) and schema in self._named:
            schema = self._named[schema]
        form = schema if isinstance(schema, str) else schema["type"]
        if isinstance(form, dict | list):
            return self.value(form, field)
        if isinstance(schema, dict) and "name" in schema:
            self._named[schema["name"]] = schema
        self._depth += 1
        try:
            return self._by_form(form, schema if isinstance(schema, dict) else {}, field)
        finally:
            self._depth -= 1

    def _by_form(self, form: str, schema: dict[str, Any], field: dict[str, Any]) -> bytes:
        draw = self._draw
        simple: dict[str, Callable[[], bytes]] = {
            "null": lambda: b"",
            "boolean": lambda: draw.choice((b"\0", b"\1", b"\1", b"\2")),
            "int": lambda: varint(self._whole(field, 32)),
            "long": lambda: varint(self._whole(field, 64)),
            "float": lambda: draw.randbytes(4),
            "double": lambda: struct.pack("<d", draw.choice((0.0, -0.0, 1e308, float("nan"), float("inf"), draw.random()))),
            "bytes": lambda: sized(self._amount(schema, field) if "scale" in schema else self._text(field)),
            "string": lambda: sized(self._text(field)),
        }
        if form in simple:
            return simple[form]()
        match form:
            case "fixed":
                return draw.randbytes(schema["size"])
            case "enum":
                return varint(draw.choice((0, 1, 2, 2, 7, -1) if draw.random() < self._wild else (0, 1, 2)))
            case "record":
                return b"".join(self.value(inner["type"], inner) for inner in schema["fields"])
            case "array":
                return self._blocks(field, lambda: self.value(schema["items"], {}))
            case _:
                return self._blocks({}, lambda: sized(self._text({})) + self.value(schema["values"], {}))

    def _blocks(self, field: dict[str, Any], item: Callable[[], bytes]) -> bytes:
        """Return items as one or two blocks of Avro, with or without their size in bytes."""
        few = self._draw.randrange(3) if self._draw.random() < self._wild else self._draw.randrange(1, 4)
        out = b""
        for claimed in [few] if self._depth > 3 or self._draw.random() < 0.8 else [few, 1]:
            number = max(claimed, field.get("minItems", 0) if self._draw.random() >= self._wild else 0)
            items = b"".join(item() for _ in range(number))
            if number:
                out += varint(-number) + sized(items) if self._draw.random() < 0.2 else varint(number) + items
        return out + b"\0"

    def _whole(self, field: dict[str, Any], bits: int) -> int:
        least, most = field.get("minimum", -(2 ** (bits - 1))), field.get("maximum", 2 ** (bits - 1) - 1)
        if self._draw.random() < self._wild:
            return self._draw.choice(
                (*_WHOLE, least, most, least - 1, most + 1, self._draw.getrandbits(bits) - 2 ** (bits - 1), 2**64, -(2**70))
            )
        if "maxAheadSeconds" in field:
            return NOW - self._draw.randrange(10**12)
        return self._draw.choice((least, most, max(least, min(most, self._draw.randrange(-1000, 1000)))))

    def _text(self, field: dict[str, Any]) -> bytes:
        draw = self._draw
        least, most = field.get("minLength", 0), min(field.get("maxLength", 300), 300)
        if draw.random() < self._wild:
            return draw.choice(
                (
                    draw.choice(_TEXTS).encode("utf-8", "surrogatepass"),
                    draw.choice(_BROKEN),
                    b"x" * most,
                    b"x" * (most + 1),
                    draw.randbytes(9),
                )
            )
        if field.get("format") == "date":
            return f"2026-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}".encode()
        if "allowed" in field:
            return str(draw.choice(field["allowed"])).encode()
        size = draw.choice((least, most, max(least, min(most, draw.randrange(40)))))
        return "".join(draw.choice("abcXYZ019-ñ酸🛒") for _ in range(size)).encode()

    def _amount(self, schema: dict[str, Any], field: dict[str, Any]) -> bytes:
        least, most = field.get("minimum", -(10**6)), field.get("maximum", 10**6)
        if self._draw.random() < self._wild:
            number = self._draw.choice((*_WHOLE, 10**12, -(10**12), 10**18, 10**40, 10**200))
        else:
            cents = self._draw.choice((0, 1, -1, least * 100, most * 100, self._draw.randrange(least * 100, most * 100 + 1)))
            number = cents * 10 ** (schema["scale"] - 2) if schema["scale"] >= 2 else cents // 10 ** (2 - schema["scale"])
            number += self._draw.random() < self._wild
        least_bytes = (number.bit_length() + 8) // 8
        return number.to_bytes(least_bytes + (self._draw.randrange(12) if self._draw.random() < 0.1 else 0), "big", signed=True)
