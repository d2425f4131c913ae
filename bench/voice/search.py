"""Measure `make search` over a hundred thousand texts on a platform of its own: `.venv/bin/python -m bench.voice.search [TEXTS]`.

The texts are sent to Kafka, analysed by the voice job and kept in the lake. That takes eight minutes.
"""

import json
import os
import statistics
import sys
import time

from bench.platform import bench_platform, submit
from bench.results import record
from tests.support.compose_platform import Platform, eventually

TEXTS = 100_000
#: Rounds of all searches. Trino compiles the search with the first ones.
ROUNDS = 4
#: Searches of a user.
SENTENCES = (
    "the milk was sour",
    "nobody at the till was friendly",
    "my order came two days late",
    "the app logs me out all the time",
    "the bread is always fresh",
    "it was cheaper last week",
    "la fruta estaba podrida",
    "no milk on the shelf again",
)


def timed(platform: Platform, sentence: str) -> tuple[float, str]:
    """Return the duration of `make search` in seconds, and it with its three nearest texts as a line."""
    began = time.monotonic()
    results = json.loads(platform.make("search", f"Q={sentence}", "FORMAT=json"))
    ended = time.monotonic()
    nearest = "; ".join(f"{row['nearness']} {row['text']}" for row in results[:3])
    return ended - began, f"{ended - began:.2f} s  {sentence}: {nearest}"


def main() -> None:
    """Print each search with its result, and the machine's load."""
    texts = int(sys.argv[1]) if len(sys.argv) > 1 else TEXTS
    with bench_platform() as platform:
        # The hot store counts the analysed texts in Redis.
        submit(platform, "voice", "hot_store")
        platform.compose("up", "--detach", "--no-deps", "--wait", "search")
        print(platform.company("produce", "texts", "--backlog", str(texts), "--seconds", "5", timeout=3600), flush=True)
        # Nineteen of twenty: texts in an unknown language, and spam, are not among them.
        count = "SELECT count(*) AS n FROM lake.voice.feedback WHERE sketch IS NOT NULL"
        held = eventually("the texts in the lake", lambda: n if (n := platform.sql(count)[0]["n"]) >= 0.95 * texts else None, 120, every=3)
        print(f"over {held:,} texts, load {os.getloadavg()[0]:.1f}", flush=True)
        took = []
        for number in range(1, ROUNDS + 1):
            for sentence in SENTENCES:
                seconds, line = timed(platform, sentence)
                took.append(seconds)
                print(f"{number}: {line}", flush=True)
        print(f"load {os.getloadavg()[0]:.1f}")
    if texts == TEXTS:
        command, note = "python -m bench.voice.search", f"by meaning over {held:,} texts, from the command to its answer"
        record("voice.search.p50", round(statistics.median(took), 2), "s", command, note)
        record("voice.search.most", round(max(took), 2), "s", command, note)
        record("voice.search.texts", held, "texts", command)


if __name__ == "__main__":
    main()
