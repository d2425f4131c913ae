"""The meaning of a sentence as `make search` wants it: python3 -m flink_jobs.voice.meaning SENTENCE prints its packed vector and its sketch as JSON."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from flink_jobs.voice.embedding import encoder, packed, sketch
from flink_jobs.voice.languages import language_of, to_english


def main() -> None:
    """A sentence in Spanish is translated first, as texts are; somebody waits for it, so that the encoder is read meanwhile."""
    said = " ".join(sys.argv[1:]).strip()
    if not said:
        raise SystemExit("give a sentence, as in make search Q='the milk was sour'")
    with ThreadPoolExecutor(1) as beside:
        encode = beside.submit(encoder)
        if language_of(said) == "es":
            (said,) = to_english([said])
        vector = packed(encode.result()([said])[0])
    print(json.dumps({"vector": vector.hex(), "sketch": sketch(vector)}), flush=True)


if __name__ == "__main__":
    main()
