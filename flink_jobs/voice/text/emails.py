"""Find e-mail addresses in a plain text, written with signs or in words. The search starts at the at sign and reads a bounded stretch on both sides."""

import re
from collections.abc import Iterator

from flink_jobs.voice.text.finding import Finding

#: The most characters before the at sign: 64 (RFC 5321), and more for quotes and dots in words.
_REACH = 100
_LABEL = r"[^\W_][\w-]{0,62}+"
#: A domain of digits alone is an IP address, with four numbers.
_AMOUNT = re.compile(r"[\d.]+(?!\w)")
_SIGN = re.compile(r"[\s(\[{<]{0,3}+@[\s)\]}>]{0,3}+")
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:(?:\s?\.\s?(?=(?-i:com|net|org|edu)\b)|\s\.\s|\.){_LABEL}){{0,8}}|\[[\d.]{{7,15}}\])", re.IGNORECASE)
_AT = re.compile(
    r"(?:[\s(\[{<*_-]{1,3}(?:at[ -]sign|at|arroba|arobase|chiocciola|klammeraffe)[\s)\]}>*_-]{1,3}|,\s?(?:at|arroba),\s?|\s?[(\[{<]\s?[aà]\s?[)\]}>]\s?)",
    re.IGNORECASE,
)
_DOT = r"(?:[\s(\[{<*_,-]{1,3}+(?:dot|punto|point|punkt|period)[\s)\]}>*_-]{1,3}+|\s?\.\s?(?=(?-i:com|net|org|edu)\b)|\.)"
_IN_WORDS = re.compile(rf"{_LABEL}(?P<rest>(?:{_DOT}{_LABEL}){{1,8}})", re.IGNORECASE)
_SAYS_DOT = re.compile(r"\b(?:dot|punto|point|punkt|period)\b", re.IGNORECASE)
_PROVIDERS = re.compile(r"(?:g|hot|proton|fast|rocket|y)?mail\b|googlemail|yahoo|outlook|icloud|aol|gmx|live\b|msn\b", re.IGNORECASE)
#: Providers whose name is no other word, so that an address is complete without ".com".
_ALONE = re.compile(r"(?:g|hot|y|proton|google)mail\b", re.IGNORECASE)
#: Matched on the reversed text, from the sign to the left.
_LOCAL = re.compile(r"\"[^\"\n]{1,64}+\"|[\w.+%'!#$&*/=?^{|}~`-]{1,64}+")
_LOCAL_WORD = re.compile(r"[\w.+%'-]{1,64}+(?:(?:[\s)\]}>]{1,3}+(?:tod|otnup|erocsrednu|hsad|nehpyh|sulp|noiug|noiúg|ojab\sn[oó]iug|sám)[\s(\[{<]{1,3}+|\s(?=\w(?:\s|$)))[\w.+%'-]{1,64}+){0,12}", re.IGNORECASE)  # fmt: skip


def mails(text: str) -> Iterator[Finding]:
    """Yield the e-mail addresses, also those without a top-level domain if a word touches the at sign on both sides."""
    for sign in _SIGN.finditer(text) if "@" in text else ():
        domain = _DOMAIN.match(text, sign.end())
        local = _LOCAL.match(text[max(0, sign.start() - _REACH) : sign.start()][::-1])
        if not domain or not local:
            continue
        amount = _AMOUNT.fullmatch(domain[0])
        # Spanish writes both genders like this: "tod@s", "amig@s".
        if domain[0] in ("s", "S") or (amount and domain[0].count(".") < 3):
            continue
        close = sign.end() - sign.start() == 1
        if "." in domain[0] or "[" in domain[0] or _ALONE.match(domain[0]) or (close and local[0][0].isalpha() and domain[0][0].isalpha()):
            yield Finding(sign.start() - local.end(), domain.end(), "EMAIL")
    # If the word for "at" stands between underscores or dashes, so do the words for dots.
    joined = {joiner: text.replace(joiner, " ") for joiner in "_-" if joiner in text}
    for sign in _AT.finditer(text):
        domain = _IN_WORDS.match(joined.get(sign[0][-1], text), sign.end()) or _ALONE.match(text, sign.end())
        local = _LOCAL_WORD.match(text[max(0, sign.start() - _REACH) : sign.start()][::-1])
        if not domain or not local or _AMOUNT.fullmatch(domain[0]):
            continue
        sure = "arroba" in sign[0].lower() or not sign[0].strip().isalpha() or _SAYS_DOT.search(local[0][::-1])
        if sure or _SAYS_DOT.search(domain.groupdict().get("rest", "")) or _PROVIDERS.match(domain[0]):
            yield Finding(sign.start() - local.end(), domain.end(), "EMAIL")
