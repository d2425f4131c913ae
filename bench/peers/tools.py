"""Run in the platform's network: measure the delay to Redis at a steady rate, and compare figures."""

import argparse
import json
import threading
import time
from typing import Any

from bench.peers.hot import prefix
from producers.latency import Watcher, percentile, redis_lines
from producers.load import Steady
from tillstream.core.clients.redis import read_hashes
from tillstream.core.topology import (
    CLICKS,
    DEAD_LETTERS_BY_MINUTE,
    RETURNS_BY_MINUTE,
    SALES_BY_DEPARTMENT,
    SALES_BY_MINUTE,
    SALES_BY_STORE,
    TOP_PRODUCTS,
    redis_prefix,
)

#: Compared figures, by topic of the sales job's own figure.
COMPARED = (
    SALES_BY_MINUTE, SALES_BY_STORE, SALES_BY_DEPARTMENT, RETURNS_BY_MINUTE, DEAD_LETTERS_BY_MINUTE,
    TOP_PRODUCTS,
)  # fmt: skip
#: Seconds that a peer has after the last message.
DRAIN_SECONDS = 20.0


def minutes_of(peer: str) -> str:
    """Return the start of the keys that count the stores' channel by minute. For "flink" they are the sales job's own."""
    return (redis_prefix(SALES_BY_MINUTE) if peer == "flink" else prefix(peer, SALES_BY_MINUTE)) + ":STORE:"


def latency(peer: str, rate: float, warm_up: float, seconds: float) -> dict[str, Any]:
    """Send lines at a steady rate a second; return the delays from an event to Redis in seconds, and the number of sent lines."""
    load = Steady(rate)
    watcher = Watcher(redis_lines(minutes_of(peer)), 0.005)
    watcher.start()
    ticks = load.run(warm_up + seconds)
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline and (not watcher.counts or watcher.counts[-1] < ticks[-1][1]):
        threading.Event().wait(0.1)
    watcher.stop()
    measured = [tick for tick in ticks if tick[0] >= ticks[0][0] + warm_up]
    delays = watcher.delays(measured)
    percentiles = {f"p{share * 100:.0f}": percentile(delays, share) for share in (0.5, 0.95, 0.99)} if delays else {}
    return {"lines": ticks[-1][1], "ticks": len(measured), "arrived": len(delays), **percentiles, "most": delays[-1] if delays else None}


def figures(peer: str, topic: str) -> dict[str, dict[str, str]]:
    """Return a figure's hashes by the part of their key after the prefix, without fields that only the writer reads."""
    start = redis_prefix(topic) if peer == "flink" else prefix(peer, topic)
    by_key = read_hashes(f"{start}:*")
    return {key[len(start) :]: {name: value for name, value in held.items() if not name.startswith("_")} for key, held in by_key.items()}


def differences(topic: str, ours: dict[str, dict[str, str]], theirs: dict[str, dict[str, str]]) -> int:
    """Return how many hashes differ. Several products may share the last place of the ranking; there only the amounts are compared."""
    if topic == TOP_PRODUCTS:
        amounts = [sorted((held["day"], held["net_amount"]) for held in side.values()) for side in (ours, theirs)]
        wrong = sum(ours[key] != theirs[key] for key in ours.keys() & theirs.keys())
        return wrong + (amounts[0] != amounts[1])
    return sum(ours.get(key) != theirs.get(key) for key in ours.keys() | theirs.keys())


def compare(peer: str) -> list[dict[str, Any]]:
    """Return for each figure how many hashes the sales job and the peer have, and how many differ."""
    results = []
    for topic in COMPARED:
        ours, theirs = figures("flink", topic), figures(peer, topic)
        if topic == DEAD_LETTERS_BY_MINUTE:
            # The sales job also counts dead letters of the topic of clicks, which no peer reads.
            ours = {key: held for key, held in ours.items() if held["topic"] != CLICKS}
        results.append({"figure": topic, "flink": len(ours), "peer": len(theirs), "different": differences(topic, ours, theirs)})
    return results


def main() -> None:
    """Print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("latency", "compare"):
        command = commands.add_parser(name)
        command.add_argument("peer")
        if name == "latency":
            command.add_argument("--rate", type=float, default=2000.0)
            command.add_argument("--warm-up", type=float, default=15.0)
            command.add_argument("--seconds", type=float, default=30.0)
    options = vars(parser.parse_args())
    command = options.pop("command")
    print(json.dumps(latency(**options) if command == "latency" else compare(**options)))


if __name__ == "__main__":
    main()
