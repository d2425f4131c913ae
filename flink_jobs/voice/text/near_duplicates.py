"""Recognise texts that are nearly the same: two fingerprints, each of three min-hashes of the text's shingles (Broder, 1997)."""

import hashlib
import re
import zlib

import numpy as np

from flink_jobs.voice.text.words import plain

SHINGLE = 4
#: A text of fewer letters ("Great!") resembles many unrelated ones.
SHORTEST = 24
HASHES, FINGERPRINTS = 3, 2
_PRIME = np.uint64(4_294_967_291)
_DRAWN = np.random.default_rng(1997).integers(1, 2**31, size=(2, HASHES * FINGERPRINTS), dtype=np.uint64)


def fingerprints(text: str) -> tuple[str, str] | None:
    """Return two fingerprints of a text, or None if it is too short.

    For two texts with Jaccard similarity J of their shingles, at least one fingerprint is equal with probability 1 - (1 - J^3)^2. That finds nine
    of ten texts that differ in a typing mistake, capitals or emoji, and one of twenty that share a third of their shingles.
    """
    letters = re.sub(r"[^a-z ]+", "", plain(text))
    letters = " ".join(letters.split())
    if len(letters) < SHORTEST:
        return None
    shingles = {letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1)}
    values = np.array([zlib.crc32(shingle.encode()) for shingle in sorted(shingles)], np.uint64)
    least = ((values[:, None] % _PRIME * _DRAWN[0] + _DRAWN[1]) % _PRIME).min(axis=0)
    digests = [hashlib.blake2b(least[i * HASHES : (i + 1) * HASHES].tobytes(), digest_size=8).hexdigest() for i in range(FINGERPRINTS)]
    return digests[0], digests[1]
