"""Tells texts that are nearly the same: two fingerprints, each of three min-hashes of the text's shingles (Broder, 1997)."""

import hashlib
import re
import zlib

import numpy as np

from flink_jobs.voice.text.words import plain

SHINGLE = 4
#: A shorter text ("Great!") is like many that have nothing to do with it.
SHORTEST = 24
HASHES, FINGERPRINTS = 3, 2
_PRIME = np.uint64(4_294_967_291)
_DRAWN = np.random.default_rng(1997).integers(1, 2**31, size=(2, HASHES * FINGERPRINTS), dtype=np.uint64)


def fingerprints(text: str) -> tuple[str, str] | None:
    """Two fingerprints of a text; None where it is too short to be told.

    Of two texts that share the part J of their shingles, one or the other is equal with the chance 1 - (1 - J^3)^2: nine of ten that differ
    in a typing mistake, capitals or emoji, one of twenty of which a third is the same.
    """
    letters = re.sub(r"[^a-z ]+", "", plain(text))
    letters = " ".join(letters.split())
    if len(letters) < SHORTEST:
        return None
    shingles = {letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1)}
    values = np.array([zlib.crc32(shingle.encode()) for shingle in sorted(shingles)], np.uint64)
    least = ((values[:, None] % _PRIME * _DRAWN[0] + _DRAWN[1]) % _PRIME).min(axis=0)
    made = [hashlib.blake2b(least[i * HASHES : (i + 1) * HASHES].tobytes(), digest_size=8).hexdigest() for i in range(FINGERPRINTS)]
    return made[0], made[1]
