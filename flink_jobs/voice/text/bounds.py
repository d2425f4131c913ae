"""Limit what is analysed, and give a reason for each text that is not. A reason never quotes a text."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from tillstream.core.errors import RetryableError

T = TypeVar("T")

#: The most characters of a text: a letter of three pages.
LONGEST = 10_000
#: The most words and punctuation marks of a text. A letter of three pages has 2,300; the name finder takes 0.1 ms for each.
MOST_WORDS = 4_000
#: The most sentences that the encoder gets, at 8 ms each. In a text with more, neighbours are grouped.
MOST_SENTENCES = 120
_WORD = re.compile(r"\w+|[^\w\s]")
_QUOTED = re.compile(r"'.*'|\".*\"", re.DOTALL)


def unusable(text: str, longest: int = LONGEST, most_words: int = MOST_WORDS) -> str | None:
    """Return why a text cannot be analysed, or None."""
    if len(text) > longest:
        return f"TOO_LONG: {len(text):,} characters, {longest:,} may be"
    if not text.strip():
        return "EMPTY: there is nothing in it"
    if _has_surrogates(text) or "\ufffd" in text or sum(c.isprintable() or c.isspace() for c in text) < 0.95 * len(text):
        return "ENCODING: its characters are not text"
    if not any(c.isalpha() for c in text):
        return "NO_WORDS: there is no letter in it"
    if len(text) > most_words and (words := sum(1 for _ in _WORD.finditer(text))) > most_words:
        return f"TOO_DENSE: {words:,} words and marks, {most_words:,} may be"
    return None


def _has_surrogates(text: str) -> bool:
    """Return whether the text has lone surrogates, which no library can encode."""
    return any("\ud800" <= c <= "\udfff" for c in text) if not text.isascii() else False


def grouped(sentences: list[str], most: int = MOST_SENTENCES) -> list[str]:
    """Return the sentences, or, if there are more than `most`, at most that many groups of neighbours."""
    if len(sentences) <= most:
        return sentences
    size = -(-len(sentences) // most)
    return [" ".join(sentences[i : i + size]) for i in range(0, len(sentences), size)]


def without_values(reason: str) -> str:
    """Return a decoder's reason without what it quotes of the message, which may be a customer's words."""
    kind, _, rest = reason.partition(": ")
    if kind == "UNDECODABLE":
        # The exception's name is ours; its text may contain a part of the message.
        rest = rest.partition(": ")[0]
    return f"{kind}: {_QUOTED.sub('…', rest)}" if rest else kind


def each_alone(read: Callable[[list[str]], Sequence[T]], failed: Callable[[str], T], texts: list[str]) -> Sequence[T]:
    """Read texts together. If a library raises for them, read each alone; a text that fails alone becomes what `failed` returns for the reason.

    Raises:
        ReadingError: the machine failed, not a text: no memory, no process, no file. The job tries again from its last checkpoint.
    """
    try:
        return read(texts)
    except (MemoryError, OSError) as error:
        # No cause: Flink logs the text of an exception and of its cause, which may quote a customer.
        raise ReadingError(type(error).__name__) from None
    except Exception as error:  # noqa: BLE001 - six libraries may raise anything for a text, and the job would read it again for ever
        if len(texts) == 1:
            return [failed(f"FAILED: {type(error).__name__}")]
    return [result for text in texts for result in each_alone(read, failed, [text])]


class ReadingError(RetryableError):
    """The machine failed while it read texts. The message is the name of the exception's class and quotes no text."""
