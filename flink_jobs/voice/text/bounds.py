"""What may be read of a text, and what is said of one that may not: never a part of it."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from tillstream.core.errors import RetryableError

T = TypeVar("T")

#: A letter of three pages; what is longer is no feedback.
LONGEST = 10_000
#: Words and marks of a text, whichever is more. A letter of three pages has 2,300; the finder of names takes 0.1 ms for each.
MOST_WORDS = 4_000
#: Sentences that are given to the encoder one by one, at 8 ms each. A text of more has them in as many groups.
MOST_SENTENCES = 120
_WORD = re.compile(r"\w+|[^\w\s]")
_QUOTED = re.compile(r"'.*'|\".*\"", re.DOTALL)


def unusable(text: str, longest: int = LONGEST, most_words: int = MOST_WORDS) -> str | None:
    """Why a text cannot be analysed; nothing where it can."""
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
    """Whether it has halves of characters, which no library can write."""
    return any("\ud800" <= c <= "\udfff" for c in text) if not text.isascii() else False


def grouped(sentences: list[str], most: int = MOST_SENTENCES) -> list[str]:
    """Sentences as they are, or, where there are too many, as few groups of neighbours as are allowed."""
    if len(sentences) <= most:
        return sentences
    size = -(-len(sentences) // most)
    return [" ".join(sentences[i : i + size]) for i in range(0, len(sentences), size)]


def without_values(reason: str) -> str:
    """A decoder's reason without what it quotes of the message, which may be what a customer wrote."""
    kind, _, rest = reason.partition(": ")
    if kind == "UNDECODABLE":
        # The name of the exception is ours; what it says may hold a part of the message.
        rest = rest.partition(": ")[0]
    return f"{kind}: {_QUOTED.sub('…', rest)}" if rest else kind


def each_alone(read: Callable[[list[str]], Sequence[T]], failed: Callable[[str], T], texts: list[str]) -> Sequence[T]:
    """What is read of texts; where one of them brings a library down, each is read alone and that one is what `failed` makes of the reason.

    Raises:
        ReadingError: the machine failed, not a text: no memory, no process, no file. The job tries again from its last checkpoint.
    """
    try:
        return read(texts)
    except (MemoryError, OSError) as error:
        # Not from it: an exception's text, and that of its cause, stand in Flink's log.
        raise ReadingError(type(error).__name__) from None
    except Exception as error:  # noqa: BLE001 - whatever six libraries may raise at a text, which would be read again for ever
        if len(texts) == 1:
            return [failed(f"FAILED: {type(error).__name__}")]
    return [one for text in texts for one in each_alone(read, failed, [text])]


class ReadingError(RetryableError):
    """The machine could not read texts; it has the name of what was raised and nothing of a text."""
