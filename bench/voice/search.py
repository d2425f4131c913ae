"""How long `make search` takes over a hundred thousand texts of a platform of its own: `.venv/bin/python -m bench.voice.search [TEXTS]`.

The texts go the whole way: sent to Kafka, read by the voice job, kept in the lake. That takes eight minutes.
"""

import json
import os
import sys
import time

from bench.platform import bench_platform, submit
from tests.support.compose_platform import Platform, eventually

TEXTS = 100_000
#: So often all are asked: Trino compiles what a search does with the first ones.
ROUNDS = 4
#: As a user would ask.
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


def timed(platform: Platform, sentence: str) -> str:
    """How long `make search` takes in all, and what it found."""
    began = time.monotonic()
    found = json.loads(platform.make("search", f"Q={sentence}", "FORMAT=json"))
    ended = time.monotonic()
    nearest = "; ".join(f"{row['nearness']} {row['text']}" for row in found[:3])
    return f"{ended - began:.2f} s  {sentence}: {nearest}"


def main() -> None:
    """Prints each search with what it found, and the machine's load."""
    texts = int(sys.argv[1]) if len(sys.argv) > 1 else TEXTS
    with bench_platform() as platform:
        # What is read is counted in Redis.
        submit(platform, "voice", "hot_store")
        platform.compose("up", "--detach", "--no-deps", "--wait", "search")
        print(platform.tools("produce", "texts", "--backlog", str(texts), "--seconds", "5", timeout=3600), flush=True)
        # Nineteen of twenty: what is in no language that is understood, or is spam, is not among them.
        count = "SELECT count(*) AS n FROM lake.voice.feedback WHERE sketch IS NOT NULL"
        held = eventually("the texts in the lake", lambda: n if (n := platform.sql(count)[0]["n"]) >= 0.95 * texts else None, 120, every=3)
        print(f"over {held:,} texts, load {os.getloadavg()[0]:.1f}", flush=True)
        for number in range(1, ROUNDS + 1):
            for sentence in SENTENCES:
                print(f"{number}: {timed(platform, sentence)}", flush=True)
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
