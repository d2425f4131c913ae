"""Says what is understood of texts and calls: python3 -m flink_jobs.voice. On standard input a line of JSON each, a string or a call's turns, on standard output an object."""

import json
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby, islice
from typing import Any

BATCH = 64


def batched(those: Iterator[Any]) -> Iterator[list[Any]]:
    """Lists of BATCH."""
    while batch := list(islice(those, BATCH)):
        yield batch


def main() -> None:
    """Reads to the end of the input. A vector is left out, for nobody reads it; no catalogue is asked."""
    warnings.filterwarnings("ignore", message=".*was trained with spaCy")
    from flink_jobs.voice.calls.analysis import understood_calls
    from flink_jobs.voice.text.analysis import understood

    those = [json.loads(line) for line in sys.stdin if line.strip()]
    for is_call, part in groupby(those, key=lambda said: isinstance(said, list)):
        for batch in batched(part):
            for one in understood_calls([json.dumps(turns) for turns in batch]) if is_call else understood(batch):
                print(json.dumps({name: value for name, value in asdict(one).items() if name != "embedding"}, ensure_ascii=False))


if __name__ == "__main__":
    main()
