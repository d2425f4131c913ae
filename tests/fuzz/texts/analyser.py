"""Analyse texts in the Flink image. Each input line is a JSON list of texts.

Each output line has the analyses of all texts of the list together, and of some of them alone.
"""

import json
import os
import sys
import time
import warnings
from dataclasses import asdict
from typing import Any

#: How many texts of each list are analysed alone too.
ALONE = 6


def to_json(analysis: Any) -> dict[str, Any]:
    """Return an analysis as JSON values, its bytes as hexadecimal digits."""
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in asdict(analysis).items()}


def main() -> None:
    """Answer each line with a line until the input ends. The answer includes the processor time of texts that are analysed alone."""
    warnings.filterwarnings("ignore", message=".*was trained with spaCy")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # The output of libraries goes to standard error, so that standard output has only answers.
    os.dup2(2, 1)
    from flink_jobs.voice.text.analysis import TextAnalysis, analyse_texts
    from flink_jobs.voice.text.bounds import each_alone

    for line in sys.stdin:
        texts: list[str] = json.loads(line)
        together = [to_json(analysis) for analysis in each_alone(analyse_texts, TextAnalysis, texts)]
        alone: dict[int, dict[str, Any]] = {}
        for i in range(0, len(texts), max(1, len(texts) // ALONE)):
            start = time.process_time()
            (analysis,) = each_alone(analyse_texts, TextAnalysis, [texts[i]])
            alone[i] = to_json(analysis) | {"seconds": time.process_time() - start}
        print(json.dumps({"together": together, "alone": alone}), file=answers, flush=True)


if __name__ == "__main__":
    main()
