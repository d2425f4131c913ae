"""Reads texts and says what is understood of them: python3 -m flink_jobs.voice. On standard input a JSON string a line, on standard output a JSON object."""

import json
import sys
import warnings
from dataclasses import asdict

BATCH = 64


def main() -> None:
    """Reads to the end of the input; a vector is left out, for nobody reads it."""
    warnings.filterwarnings("ignore", message=".*was trained with spaCy")
    from flink_jobs.voice.understanding import understood

    texts = [json.loads(line) for line in sys.stdin if line.strip()]
    for start in range(0, len(texts), BATCH):
        for one in understood(texts[start : start + BATCH]):
            print(json.dumps({name: value for name, value in asdict(one).items() if name != "embedding"}, ensure_ascii=False))


if __name__ == "__main__":
    main()
