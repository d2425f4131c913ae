"""Encode sentences as vectors; near vectors have a near meaning. The model is all-MiniLM-L6-v2 with 8-bit weights, built by images/flink/build_minilm.py."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from tillstream.core.analysis_fields import VECTOR_LENGTH

MODEL_DIR = Path("/opt/models")
DIMENSIONS = 384
#: A sentence is cut after this many tokens. Only text without full stops is longer.
TOKENS = 96
#: The number of sentences whose vectors a process caches (12 MB). Agents and customers greet and thank in the same words all day.
REMEMBERED = 8192


class Encoder:
    """The encoder, on one thread: the sales job needs the cores."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(MODEL_DIR / "minilm.onnx", options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)
        self._of = lru_cache(REMEMBERED)(self._vector)

    def __call__(self, sentences: list[str]) -> npt.NDArray[np.float32]:
        """Return a vector of length 1 per sentence (n x 384).

        Sentences are encoded one at a time. 8-bit activations are scaled by the largest value of a batch, so in a batch a sentence's vector would
        depend on its neighbours. A text that was read again after a recovery, in another batch, then had other topics, and its minute's count in
        Redis, which never steps back, stayed too high.
        """
        return np.array([self._of(sentence) for sentence in sentences], np.float32).reshape(-1, DIMENSIONS)

    def _vector(self, sentence: str) -> npt.NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(sentence).ids], np.int64)
        vector: npt.NDArray[np.float32] = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        return vector


@lru_cache
def encoder() -> Encoder:
    """Return the encoder, loaded once per process."""
    return Encoder()


def packed(vector: npt.NDArray[np.float32]) -> bytes:
    """Pack a vector of length 1 into one byte per dimension (384 bytes). The cosine similarity of two packed vectors is off by some thousandths."""
    return np.clip(np.rint(vector * VECTOR_LENGTH), -VECTOR_LENGTH, VECTOR_LENGTH).astype(np.int8).tobytes()


def sketch(packed_vector: bytes) -> list[int]:
    """Return the signs of a packed vector as six signed integers of 64 bits (SimHash; Charikar, 2002). Sketches that differ in few bits are near in meaning."""
    signs = np.packbits(np.frombuffer(packed_vector, np.int8) > 0)
    return [int(number) for number in signs.view(">i8")]
