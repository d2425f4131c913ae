r"""How the parts of a Redis key are written between its colons, and read back. Pure: the hot-store job, the command line and `make verify` share it.

A part is written as it is, but for the characters that would mean something else in a key or in a pattern of keys: the colon and the percent
sign, the signs of a pattern (`*`, `?`, `[`, `]`, `\`), and what cannot be printed. These stand as `%` and two hexadecimal digits for each of
their UTF-8 bytes, and a part of no characters as a lone `%`. So two parts are written alike only where they are equal, and a key that is
used as a pattern finds itself alone.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

_SPECIAL = re.compile(r"[%:*?\[\]\\]")
_EMPTY = "%"


def escaped(part: str) -> str:
    """A part as it stands between the colons of a key."""
    if not part:
        return _EMPTY
    if part.isprintable() and not _SPECIAL.search(part):
        return part
    return "".join(char if char.isprintable() and not _SPECIAL.match(char) else _hexadecimal(char) for char in part)


def unescaped(text: str) -> str:
    """The part that is written so."""
    return "" if text == _EMPTY else unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def key_of(prefix: str, parts: Iterable[str], stamp: str = "") -> str:
    """The key of a figure: its area and what it is, its dimensions, and its minute or day where it has one."""
    return ":".join([prefix, *map(escaped, parts), *([stamp] if stamp else [])])


def parts_of(key: str) -> list[str]:
    """What stands in a key after its area and what it is: the dimensions, and last the minute or the day where it has one."""
    return [unescaped(text) for text in key.split(":")[2:]]


def _hexadecimal(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
