"""Reads texts again, for `make reread`: python3 -m flink_jobs.voice.again. On standard input an object a line, with event_id, day and the safe text, on standard output what is understood of it."""

import argparse
import json
import sys
import warnings

from flink_jobs.voice.__main__ import batched


def main() -> None:
    """A text that is set aside this time has `set_aside`, which is its reason, and nothing else."""
    parser = argparse.ArgumentParser(prog="python3 -m flink_jobs.voice.again", description=__doc__)
    parser.add_argument("--model", action="store_true", help="print the version of all that a reading rests on, and end")
    if parser.parse_args().model:
        from flink_jobs.voice.understanding import model_version

        print(model_version())
        return
    warnings.filterwarnings("ignore", message=".*was trained with spaCy")
    from flink_jobs.settings import JobSettings
    from flink_jobs.voice.embedding import sketch
    from flink_jobs.voice.functions import gives_way
    from flink_jobs.voice.mentions import ReferenceCatalogue
    from flink_jobs.voice.understanding import as_json, model_version, understood

    gives_way()
    catalogue = ReferenceCatalogue(JobSettings())
    for batch in batched(json.loads(line) for line in sys.stdin if line.strip()):
        for text, one in zip(batch, understood([text["text"] for text in batch], catalogue.current()), strict=True):
            reading = {"event_id": text["event_id"], "day": text["day"], "model": model_version(), "set_aside": one.set_aside}
            if one.embedding:
                reading |= {
                    "sentiment": one.sentiment,
                    "topics": one.topics,
                    "aspects": as_json(one.aspects),
                    "intent": one.intent,
                    "urgency": one.urgency,
                    "products_named": one.products_named,
                    "embedding": one.embedding.hex(),
                    "sketch": sketch(one.embedding),
                }
            print(json.dumps(reading), flush=True)


if __name__ == "__main__":
    main()
