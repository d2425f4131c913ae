"""The standard of a text, the same for what a dump brings and for the reference data that it replaces."""

import re
import unicodedata

_BLANK = re.compile(r"[\s\u00a0\u200b\ufeff]+")


def text(value: str) -> str:
    """Composed Unicode without blanks at the ends, and single ones within."""
    return _BLANK.sub(" ", unicodedata.normalize("NFC", value)).strip()
