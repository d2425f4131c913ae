"""The meaning of a sentence as `make search` wants it: python3 -m flink_jobs.voice.meaning SENTENCE prints its packed vector and its sketch as JSON."""

import json
import sys

from flink_jobs.voice.embedding import encoder, packed, sketch
from flink_jobs.voice.languages import language_of, to_english


def main() -> None:
    """A sentence in Spanish is translated first, as texts are."""
    said = " ".join(sys.argv[1:]).strip()
    if not said:
        raise SystemExit("give a sentence, as in make search Q='the milk was sour'")
    if language_of(said) == "es":
        (said,) = to_english([said])
    vector = packed(encoder()([said])[0])
    print(json.dumps({"vector": vector.hex(), "sketch": sketch(vector)}))


if __name__ == "__main__":
    main()
