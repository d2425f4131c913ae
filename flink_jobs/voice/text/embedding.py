"""Sentences as vectors whose nearness is nearness of meaning: all-MiniLM-L6-v2 with 8-bit weights, built by images/flink/build_minilm.py."""

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

MODEL_DIR = Path(os.environ.get("VOICE_MODELS", "/opt/models"))
DIMENSIONS = 384
#: Longer sentences are cut: nobody's are, but for those without a full stop.
TOKENS = 96
#: Sentences whose vectors a process keeps (12 MB): agents greet and thank in the same words all day, and so do customers.
REMEMBERED = 8192


class Encoder:
    """One session on one thread: the cores are shared with the sales."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(MODEL_DIR / "minilm.onnx", options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        self._of = lru_cache(REMEMBERED)(self._vector)

    def __call__(self, sentences: list[str]) -> npt.NDArray[np.float32]:
        """A row of length 1 a sentence.

        One at a time: 8-bit activations are scaled by the largest of all that is computed together, so that a sentence's vector would
        depend on its neighbours. Read again after a recovery, among others, a text spoke of other topics, and its minute's count in Redis,
        which never steps back, stayed too high.
        """
        return np.array([self._of(sentence) for sentence in sentences], np.float32).reshape(-1, DIMENSIONS)

    def _vector(self, sentence: str) -> npt.NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(sentence).ids], np.int64)
        found: npt.NDArray[np.float32] = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        return found


@lru_cache
def encoder() -> Encoder:
    """The process's own."""
    return Encoder()


def packed(vector: npt.NDArray[np.float32]) -> bytes:
    """A vector of length 1 in a byte a dimension: the nearness of two is off by some thousandths."""
    return np.clip(np.rint(vector * 127), -127, 127).astype(np.int8).tobytes()


def sketch(packed_vector: bytes) -> list[int]:
    """The signs of a packed vector as six numbers of 64 bits: the fewer bits of two differ, the nearer they are in meaning (Charikar, 2002)."""
    signs = np.packbits(np.frombuffer(packed_vector, np.int8) > 0)
    return [int(number) for number in signs.view(">i8")]
