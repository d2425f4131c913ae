"""Runs in the Flink image: reads lines, each the JSON of a list of texts, and says what is made of each, together and of some alone."""

import json
import os
import sys
import time
import warnings
from dataclasses import asdict
from typing import Any

#: Texts of each list that are read alone too.
ALONE = 6


def told(one: Any) -> dict[str, Any]:
    """What is kept, without the vector's bytes, which JSON has no form for."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(one).items()}


def main() -> None:
    """Answers a line with a line until the input ends: what was made of each, what of some alone, and the seconds of a core for these."""
    warnings.filterwarnings("ignore", message=".*was trained with spaCy")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What a library prints is no answer.
    os.dup2(2, 1)
    from flink_jobs.voice.text.analysis import TextAnalysis, analyse_texts
    from flink_jobs.voice.text.bounds import each_alone

    for line in sys.stdin:
        texts: list[str] = json.loads(line)
        together = [told(one) for one in each_alone(analyse_texts, TextAnalysis, texts)]
        alone: dict[int, dict[str, Any]] = {}
        for i in range(0, len(texts), max(1, len(texts) // ALONE)):
            start = time.process_time()
            (one,) = each_alone(analyse_texts, TextAnalysis, [texts[i]])
            alone[i] = told(one) | {"seconds": time.process_time() - start}
        print(json.dumps({"together": together, "alone": alone}), file=answers, flush=True)


if __name__ == "__main__":
    main()
