"""Detect a text's language, and translate Spanish to English."""

import os
import re
import signal
import subprocess
from functools import lru_cache
from pathlib import Path

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from tillstream.core.errors import RetryableError

#: The languages that are analysed; OTHERS are detected only to tell them apart.
UNDERSTOOD = {"ENGLISH": "en", "SPANISH": "es"}
OTHERS = ("FRENCH", "GERMAN", "ITALIAN", "PORTUGUESE", "CATALAN", "DUTCH", "POLISH")
#: Apertium's pipeline from Spanish to English, from Debian's package.
MODE = Path("/usr/share/apertium/modes/spa-eng.mode")
#: The time limit. Starting the pipeline takes half a second and a text some milliseconds; on a busy machine ten times that.
MOST_SECONDS, CHARACTERS_A_SECOND = 6, 2_000
#: Characters with a special meaning in Apertium's stream format.
_SPECIAL = re.compile(r"[\[\]{}^$@\\/<>]")
#: Below this confidence the language is uncertain: such texts have two or three words and are mostly English or Spanish.
CERTAIN = 0.85


@lru_cache
def _detector() -> LanguageDetector:
    languages = [getattr(Language, name) for name in (*UNDERSTOOD, *OTHERS)]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


def language_of(text: str) -> str | None:
    """Return `en` or `es`, or None if the text is certainly in another language."""
    confidences = _detector().compute_language_confidence_values(text)
    best = confidences[0]
    if best.language.name in UNDERSTOOD:
        return UNDERSTOOD[best.language.name]
    if best.value >= CERTAIN or not best.value:
        return None
    return next(UNDERSTOOD[other.language.name] for other in confidences if other.language.name in UNDERSTOOD)


class TranslationError(RetryableError):
    """Apertium failed to translate texts."""


def to_english(texts: list[str]) -> list[str]:
    """Translate Spanish texts to English. An unknown word stays as it is.

    The pipeline runs once for all texts. It cannot be kept running: Debian 12's stages do not flush at the end of a text.

    Raises:
        TranslationError: the pipeline failed, or took longer than MOST_SECONDS plus a second per CHARACTERS_A_SECOND characters.
    """
    if not texts:
        return []
    ends = "\0".join(_SPECIAL.sub(r"\\\g<0>", text.replace("\0", " ")) for text in texts) + "\0"
    try:
        output = _run(ends.encode(), MOST_SECONDS + sum(map(len, texts)) / CHARACTERS_A_SECOND)
    except subprocess.SubprocessError as error:
        # No cause: the exception holds the texts.
        raise TranslationError(f"apertium: {type(error).__name__}") from None
    translations = output.decode(errors="replace").split("\0")[: len(texts)]
    if len(translations) < len(texts):
        raise TranslationError(f"apertium gave {len(translations)} of {len(texts)} texts")
    return [re.sub(r"\\(.)", r"\1", text).strip() for text in translations]


def _run(given: bytes, seconds: float) -> bytes:
    """Run the pipeline on the input. After the time limit, kill all of its processes: one that is left would keep a core busy.

    Raises:
        subprocess.SubprocessError: the pipeline failed or ran out of time.
    """
    with subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", _stages()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # In a locale without UTF-8 the stages stop at the first character beyond ASCII.
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    ) as stages:
        try:
            output, _ = stages.communicate(given, seconds)
        except subprocess.TimeoutExpired:
            os.killpg(stages.pid, signal.SIGKILL)
            raise
        if stages.returncode:
            raise subprocess.CalledProcessError(stages.returncode, "apertium")
        return output


@lru_cache
def _stages() -> str:
    """Return the pipeline's shell command. The option -z tells each stage that a text ends at a zero byte."""
    stages = [stage.split(maxsplit=1) for stage in MODE.read_text(encoding="utf-8").replace("$1", "-n").replace("$2", "").split("|")]
    return " | ".join(f"{program} -z {arguments}" for program, arguments in ([*stage, ""][:2] for stage in stages))
