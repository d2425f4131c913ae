"""Normalise a text before the search for personal data: one form for each blank, dash, digit and letter.

The original text is kept. A finding in the plain text is mapped back to its place in the original (`Plain.back`).
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flink_jobs.voice.text.words import listed

#: Characters that are plain already; most texts have no others.
_EASY = r"\t\n -_a-~¡¿ÁÉÍÓÚÑÜáéíóúñü€£°ºª\u2018-\u201d…\u2600-\u2775\u2794-\u27bf\U0001f300-\U0001faff"
_CODES = r"&(?:amp;)?#?\w{1,10};|%[2-7][0-9A-Fa-f]|\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})"
#: Ranges that are not plain, each with the character before it: a combining mark belongs to that.
_ODD = re.compile(rf"[\s\S]?(?:[^{_EASY}]|{_CODES})+|\s{{2,}}|(?:(?!{_CODES})(?:[^\w\s]|_)){{4,}}")
#: An HTML entity, percent code or escape of one character. None is longer than 12 characters.
_CODE = re.compile(_CODES)
#: More punctuation marks than this in a row are dropped: spaCy's tokenizer needs quadratic time for them.
_MOST_ALIKE = 3
#: Look-alike characters, and the character that each is replaced by.
_ALIKE = {ord(other): line[0] for line in listed(Path(__file__).parent / "alike.txt") for other in line[2:]}
#: NFKC may replace a character by at most this many, so a text grows at most fourfold.
_LONGEST_SPELT = 4
#: Characters that NFKC would change into something else: "1½" would become eleven halves, "2º" would become "2o".
_KEPT = frozenset("ºª½¼¾…™")


@dataclass(frozen=True)
class Plain:
    """A plain text, and for each of its characters its start and end in the original; None if both texts are the same."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original for a range of the plain text, which has at least one character."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


@lru_cache(4096)
def _plain_cluster(cluster: str) -> str:
    """Return the plain form of a character with its combining marks: the composed letter if it exists, else the letter without marks."""
    if cluster[0] in _KEPT:
        return cluster[0]
    characters = []
    composed = unicodedata.normalize("NFKC", cluster.translate(_ALIKE))
    # NFKC turns one Arabic ligature into eighteen characters.
    for character in composed if len(composed) <= max(len(cluster), _LONGEST_SPELT) else cluster:
        kind = unicodedata.category(character)
        digit = unicodedata.digit(character, None)
        if digit is not None:
            characters.append(str(digit))
        elif kind[0] == "Z" or character in "\t\v\f\r\x85\u2800\u3164\u115f\u1160\uffa0\u180e\x1c\x1d\x1e\x1f":
            characters.append("\n" if kind in ("Zl", "Zp") or character in "\r\x85\v\f" else " ")
        elif kind == "Pd":
            characters.append("-")
        elif kind[0] != "M" and (kind[0] != "C" or character == "\n"):
            characters.append(character)
    return "".join(characters).translate(_ALIKE)


def _clusters(text: str, offset: int) -> list[tuple[str, int, int]]:
    """Split a range into characters with their marks. Return each with its start and end in the whole text, in which the range begins at `offset`.

    A code counts as the one character that it stands for.
    """
    clusters: list[tuple[str, int, int]] = []
    codes = {match.start(): match.end() for match in _CODE.finditer(text)}
    at = 0
    while at < len(text):
        end = codes.get(at, at + 1)
        piece = text[at:end]
        if end > at + 1 and (decoded := _decoded(piece)) is None:
            piece, end = text[at], at + 1
        elif end > at + 1:
            piece = decoded or ""
        # A mark, or an invisible joiner, belongs to the character before it.
        if clusters and (unicodedata.category(piece[0]) in ("Mn", "Me", "Mc") or unicodedata.category(piece[0]) == "Cf"):
            before, start, _ = clusters[-1]
            # Drop further marks on one letter: they are a drawing.
            clusters[-1] = (before + piece if len(before) < 8 and unicodedata.category(piece[0]) != "Cf" else before, start, offset + end)
        else:
            clusters.append((piece, offset + at, offset + end))
        at = end
    return clusters


def _decoded(code: str) -> str | None:
    """Return the character of a code, or None if it stands for no single character or for a control character that is no blank."""
    if code[0] == "%":
        character = chr(int(code[1:], 16))
    elif code[0] == "\\":
        character = chr(int(code[2:], 16))
    else:
        character = html.unescape(html.unescape(code))
    return (
        character
        if len(character) == 1 and (character.isprintable() or character.isspace() or unicodedata.category(character) == "Cf")
        else None
    )


def plain(text: str) -> Plain:
    """Return the plain text: in NFKC, with one form of digits, dashes and blanks, without invisible characters and runs of blanks or punctuation."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for odd in _ODD.finditer(text):
        pieces.append(text[at : odd.start()])
        starts.extend(range(at, odd.start()))
        ends.extend(range(at + 1, odd.start() + 1))
        _add(odd, pieces, starts, ends)
        at = odd.end()
    if not pieces:
        return Plain(text)
    pieces.append(text[at:])
    starts.extend(range(at, len(text)))
    ends.extend(range(at + 1, len(text) + 1))
    return Plain("".join(pieces), tuple(starts), tuple(ends))


def _add(odd: re.Match[str], pieces: list[str], starts: list[int], ends: list[int]) -> None:
    """Append the plain form of a range, character by character."""
    alike = 0
    last = pieces[-1][-1:] or (pieces[-2][-1:] if len(pieces) > 1 else "")
    for cluster, start, end in _clusters(odd[0], odd.start()):
        for character in _plain_cluster(cluster):
            blank = character.isspace()
            alike = 0 if blank or character.isalnum() else alike + 1
            if alike > _MOST_ALIKE or (blank and last.isspace()):
                # Of a run of blanks one is kept; it is a new line if the run has one.
                if character == "\n" and last != "\n" and pieces[-1]:
                    pieces[-1] = pieces[-1][:-1] + "\n"
                ends[-1] = end
                continue
            pieces.append(character)
            starts.append(start)
            ends.append(end)
            last = character
