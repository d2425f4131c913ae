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
BATCH = 16


class Encoder:
    """One session on one thread: the cores are shared with the sales."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(MODEL_DIR / "minilm.onnx", options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(TOKENS)

    def __call__(self, sentences: list[str]) -> npt.NDArray[np.float32]:
        """A row of length 1 a sentence. Those of like length go together, so that little is computed for padding."""
        ids = [found.ids for found in self._tokenizer.encode_batch(sentences)]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.zeros((len(ids), DIMENSIONS), np.float32)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            tokens = np.zeros((len(part), len(ids[part[-1]])), np.int64)
            mask = np.zeros_like(tokens)
            for row, i in enumerate(part):
                tokens[row, : len(ids[i])] = ids[i]
                mask[row, : len(ids[i])] = 1
            out[part] = self._session.run(None, {"ids": tokens, "mask": mask})[0]
        return out


@lru_cache
def encoder() -> Encoder:
    """The process's own."""
    return Encoder()


def packed(vector: npt.NDArray[np.float32]) -> bytes:
    """A vector of length 1 in a byte a dimension: the nearness of two is off by some thousandths."""
    return np.clip(np.rint(vector * 127), -127, 127).astype(np.int8).tobytes()
