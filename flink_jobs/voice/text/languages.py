"""Which language a text is in, and Spanish brought to English."""

import os
import re
import signal
import subprocess
from functools import lru_cache
from pathlib import Path

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from tillstream.core.errors import RetryableError

#: What is understood; the others are here to be told from these.
UNDERSTOOD = {"ENGLISH": "en", "SPANISH": "es"}
OTHERS = ("FRENCH", "GERMAN", "ITALIAN", "PORTUGUESE", "CATALAN", "DUTCH", "POLISH")
#: Apertium's stages for Spanish to English, as Debian's package has them.
MODE = Path("/usr/share/apertium/modes/spa-eng.mode")
#: The stages' start takes half a second, a text some milliseconds; on a machine with much else to do ten times that.
MOST_SECONDS, CHARACTERS_A_SECOND = 6, 2_000
#: What has a meaning of its own in Apertium's stream.
_SPECIAL = re.compile(r"[\[\]{}^$@\\/<>]")
#: Below this a text is as likely one as another: of two or three words, mostly English or Spanish ones.
CERTAIN = 0.85


@lru_cache
def _detector() -> LanguageDetector:
    languages = [getattr(Language, name) for name in (*UNDERSTOOD, *OTHERS)]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def language_of(text: str) -> str | None:
    """`en` or `es`; None where the text is surely in none of them."""
    found = _detector().compute_language_confidence_values(text)
    best = found[0]
    if best.language.name in UNDERSTOOD:
        return UNDERSTOOD[best.language.name]
    if best.value >= CERTAIN or not best.value:
        return None
    return next(UNDERSTOOD[other.language.name] for other in found if other.language.name in UNDERSTOOD)


class TranslationError(RetryableError):
    """Apertium has not translated."""


def to_english(texts: list[str]) -> list[str]:
    """Spanish texts in English, a word that is not known as it was.

    Apertium's stages run once for all of them: Debian 12's do not flush at the end of a text, so that a pipe that stays would wait for ever.

    Raises:
        TranslationError: they failed, or took longer than MOST_SECONDS and what their length is allowed.
    """
    if not texts:
        return []
    ends = "\0".join(_SPECIAL.sub(r"\\\g<0>", text.replace("\0", " ")) for text in texts) + "\0"
    try:
        done = _run(ends.encode(), MOST_SECONDS + sum(map(len, texts)) / CHARACTERS_A_SECOND)
    except subprocess.SubprocessError as error:
        # Not from it: the exception holds what was given to the stages.
        raise TranslationError(f"apertium: {type(error).__name__}") from None
    made = done.decode(errors="replace").split("\0")[: len(texts)]
    if len(made) < len(texts):
        raise TranslationError(f"apertium gave {len(made)} of {len(texts)} texts")
    return [re.sub(r"\\(.)", r"\1", text).strip() for text in made]


def _run(given: bytes, seconds: float) -> bytes:
    """What the stages make of it. In time, or all of them are ended: each is a process, and one that is left would keep a core."""
    with subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", _stages()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # The stages stop at the first character beyond ASCII where the locale has no UTF-8.
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    ) as stages:
        try:
            made, _ = stages.communicate(given, seconds)
        except subprocess.TimeoutExpired:
            os.killpg(stages.pid, signal.SIGKILL)
            raise
        if stages.returncode:
            raise subprocess.CalledProcessError(stages.returncode, "apertium")
        return made


@lru_cache
def _stages() -> str:
    """The mode's pipe, each stage told that a text ends at a zero byte."""
    stages = [stage.split(maxsplit=1) for stage in MODE.read_text(encoding="utf-8").replace("$1", "-n").replace("$2", "").split("|")]
    return " | ".join(f"{program} -z {arguments}" for program, arguments in ([*stage, ""][:2] for stage in stages))
