"""The standard form of a text. Dumps and the reference data use the same one."""

import re
import unicodedata

_BLANK = re.compile(r"[\s\u00a0\u200b\ufeff]+")


def text(value: str) -> str:
    """Return the text in composed Unicode (NFC), trimmed, with each run of white space replaced by one blank."""
    return _BLANK.sub(" ", unicodedata.normalize("NFC", value)).strip()
