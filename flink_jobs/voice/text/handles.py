"""Find online identifiers in a plain text: handles, links to profiles, links with a key, IP and MAC addresses, passwords.

All repetitions are bounded and each pattern begins with a sign or a word, so the time grows linearly with the length of the text.
"""

import re
from collections.abc import Iterator

from flink_jobs.voice.text.finding import Finding
from flink_jobs.voice.text.labels import labelled, matches, rule
from flink_jobs.voice.text.words import COMMON

#: Units after a price or quantity with an at sign ("@2each", "@10am"). A handle begins with a letter, or has four letters after its digits.
_COUNTED = "each|cents?|euros?|dollars?|pounds?|pesos?|minutes|percent|apiece|céntimos"
_HANDLE = re.compile(rf"(?<![\w@])@(?:(?=[^\W\d]|_)|(?!\d{{1,6}}(?:{_COUNTED})\b)(?=[\d._]{{1,12}}[^\W\d]{{4}}))\w[\w.-]{{1,62}}\w|(?<![\w@])@_[\w.-]{{2,62}}", re.IGNORECASE)  # fmt: skip
#: Names of networks. After a colon, any uncommon word behind them is a handle; without one, only a word of no language.
_NETWORKS = (
    "instagram|insta|ig|twitter|tiktok|tik tok|facebook|fb|snapchat|snap|telegram|discord|skype|linkedin|wechat|threads|bluesky|mastodon|twitch|reddit|youtube|"
    "paypal|venmo|user ?name|user|usuario|usuaria|nick(?:name)?|gamertag|handle"
)
_BESIDE = r"(?:\s?(?:is|es|ist|soy|handle|user ?name|user|id|account|name|cuenta|como|as|am i|:|-|=)){0,3}"
_CALLED = rule(
    "HANDLE",
    rf"(?:{_NETWORKS})",
    "instagram insta ig twitter tiktok tik facebook fb snapchat snap telegram discord skype linkedin wechat threads bluesky mastodon twitch reddit youtube paypal venmo "
    "user username usuario usuaria nick nickname gamertag handle",
    rf"\b(?P<beside>(?i:{_BESIDE}))\s{{0,2}}(?P<found>@\w[\w.]{{0,60}}\w|(?i:live:\.?)?[^\W\d][\w.#-]{{1,60}}\w)",
)
_OF_NO_LANGUAGE = re.compile(r"_|[^\W\d][#.]?\d|\d[^\W\d]|[^\W\d]{2}\.[^\W\d]{2}|^@")
_PROFILE = re.compile(
    r"(?<![\w@])(?:https?:/{1,2})?(?:[a-z]{1,10}\.){0,2}(?:instagram\.com|facebook\.com|fb\.(?:com|me)|m\.me|twitter\.com|x\.com|tiktok\.com|t\.me|telegram\.me|wa\.me|whatsapp\.com|"
    r"linkedin\.com|youtube\.com|snapchat\.com|threads\.net|bsky\.app|pinterest\.(?:com|es)|reddit\.com|vk\.com|twitch\.tv|github\.com|paypal\.(?:com|me)|venmo\.com|"
    r"discord\.gg|signal\.me)\s?/\s?[^\s<>\"()]{2,300}+",
    re.IGNORECASE,
)
#: Parts of a link that may be personal: the user before an at sign, the query, a key.
_SIGNED_IN = re.compile(r"(?<=:/)/?(?P<found>[^\s/@<>\"]{1,100}+@)")
_QUERY = re.compile(r"(?<=[\w/])[?&#;][\w.%\[\]~-]{1,60}=[^\s<>\"]{1,2000}+")
_KEY = re.compile(r"(?<=[\w]/)(?=[A-Za-z_-]{0,60}\d)(?=[\w-]{0,60}[A-Za-z])[\w-]{16,300}+")
_HEX = "[0-9a-fA-F]"
_MACHINES = (
    re.compile(rf"(?<![\w:]){_HEX}{{1,4}}(?::{_HEX}{{1,4}}){{7}}(?![\w:])"),
    re.compile(rf"(?<![\w:])(?=[\da-fA-F:]{{0,4}}[a-fA-F\d])(?:{_HEX}{{1,4}}:){{1,6}}(?::{_HEX}{{1,4}}){{1,6}}(?![\w:])"),
    re.compile(rf"(?<![\w:-]){_HEX}{{2}}(?:[:-]{_HEX}{{2}}){{5}}(?![\w:-])"),
    re.compile(
        r"(?<![\w.])(?=\d{0,2}\d?\.?\d?\.?\d?\.?\d\d)(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w]|\.\d)"
    ),
)
_PASSWORD = rule(
    "SECRET",
    r"(?:passwords?|passwort|contraseña|clave|passcode|pwd)",
    "password passwords passwort contraseña clave passcode pwd",
    r"\b(?:\s?(?i:is|was|es|era|ist|:|=|de acceso)){1,3}\s{0,2}(?P<found>(?=[^\s\d]{0,30}\d)[^\s,;]{4,60}+|(?<=: )[^\s,;]{4,60}+(?=[.!\s]*$))",
)


def handles(text: str, words: frozenset[str]) -> Iterator[Finding]:
    """Yield handles, profiles, personal parts of links, machine addresses and passwords. Findings may overlap."""
    if "@" in text:
        yield from (Finding(*match.span(), "HANDLE") for match in _HANDLE.finditer(text))
    if "/" in text:
        yield from (Finding(*match.span(), "HANDLE") for match in _PROFILE.finditer(text))
        yield from (Finding(*match.span("found"), "LINK") for match in _SIGNED_IN.finditer(text))
        yield from (Finding(*match.span(), "LINK") for match in _KEY.finditer(text))
    if "=" in text:
        yield from (Finding(*match.span(), "LINK") for match in _QUERY.finditer(text))
    if ":" in text or "." in text:
        for pattern in _MACHINES if any(map(str.isdigit, text)) else ():
            yield from (Finding(*match.span(), "IP") for match in pattern.finditer(text))
    for _, match in matches((_CALLED,), text, words):
        word = match["found"]
        if _OF_NO_LANGUAGE.search(word) or (":" in match["beside"] and word.lower() not in COMMON):
            yield Finding(*match.span("found"), "HANDLE")
    yield from labelled((_PASSWORD,), text, words)
