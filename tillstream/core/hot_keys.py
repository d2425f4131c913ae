r"""Write and read the parts of Redis keys. The hot-store job, the command line and `make verify` share this module. It does no I/O.

A key is parts with colons between them. A part is written as it is, except for the characters with a meaning in a key or in a pattern of
keys: the colon, the percent sign, the characters of a pattern (`*`, `?`, `[`, `]`, `\`), and characters that are not printable. Each is
percent-encoded: `%` and two hexadecimal digits per UTF-8 byte. An empty part is a single `%`. So two different parts never give the same
text, and a key used as a pattern matches only itself.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

_SPECIAL = re.compile(r"[%:*?\[\]\\]")
_EMPTY = "%"


def escaped(part: str) -> str:
    """Return a part as it is written in a key."""
    if not part:
        return _EMPTY
    if part.isprintable() and not _SPECIAL.search(part):
        return part
    return "".join(char if char.isprintable() and not _SPECIAL.match(char) else _hexadecimal(char) for char in part)


def unescaped(text: str) -> str:
    """Return the part that is written so in a key."""
    return "" if text == _EMPTY else unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def key_of(prefix: str, parts: Iterable[str], stamp: str = "") -> str:
    """Return the key of a figure.

    Args:
        prefix: `area:figure`, as in `sales:by_minute`.
        parts: the values of its dimensions, not escaped.
        stamp: its minute or day, as `yyyyMMddHHmm` or `yyyyMMdd`; empty where it has none.
    """
    return ":".join([prefix, *map(escaped, parts), *([stamp] if stamp else [])])


def parts_of(key: str) -> list[str]:
    """Return the parts of a key after `area:figure`: its dimensions, then its minute or day where it has one."""
    return [unescaped(text) for text in key.split(":")[2:]]


def _hexadecimal(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
