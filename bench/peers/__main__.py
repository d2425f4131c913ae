"""Measures the sales job beside the same work in Spark, plain Python and Quix Streams, in alternating rounds.

Each round sends a backlog, and each engine in turn catches up with it and then takes a steady load, whose delay to Redis is measured. An engine
that is not on turn does nothing. Before the rounds each catches up with a first backlog that is not counted. At the end the lakes and the figures in
Redis are compared; the exit status is 1 where they differ. Needs the image tillstream/peers:dev: bench/peers/run.sh builds it.
"""

import argparse
import sys

from bench.peers import compare
from bench.peers.bed import PROJECT, Bed, backlog, bed
from bench.peers.engines import ENGINES, Engine, Spark
from bench.peers.report import report
from bench.peers.turn import Turn, catch_up, steady


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds that are counted (default 3)")
    parser.add_argument("--lines", type=int, default=2_000_000, help="lines of each round's backlog (default 2,000,000)")
    parser.add_argument(
        "--warm-lines", type=int, default=1_000_000, help="lines of the first backlog, which is not counted (default 1,000,000)"
    )
    parser.add_argument("--only", default=",".join(ENGINES), help=f"which engines, separated by commas (default {','.join(ENGINES)})")
    parser.add_argument("--rate", type=float, default=2000.0, help="lines a second of the steady load (default 2,000)")
    parser.add_argument("--seconds", type=float, default=30.0, help="for how long its delay is measured; 0 leaves it out (default 30)")
    parser.add_argument("--warm-up", type=float, default=15.0, help="for how long the steady load runs before (default 15)")
    parser.add_argument("--project", default=PROJECT, help="compose project; another one than the default has ports of its own")
    parser.add_argument(
        "--kill", action="store_true", help="kill Spark in the middle of the first backlog: the lakes are to be equal all the same"
    )
    parser.add_argument("--keep", action="store_true", help="use a platform that an earlier run with --keep has left, and leave it running")
    return parser.parse_args()


def rounds(platform: Bed, engines: list[Engine], given: argparse.Namespace) -> list[Turn]:
    """Measure the rounds, and give the turns. The engine that begins is another one each round."""
    turns: list[Turn] = []
    for number in range(given.rounds + 1):
        backlog(platform, given.lines if number else given.warm_lines)
        print(f"round {number}" if number else "warm-up, not counted", flush=True)
        first = number % len(engines)
        for engine in engines[first:] + engines[:first]:
            if given.kill and not number and isinstance(engine, Spark):
                engine.crash(platform)
            turn = catch_up(platform, engine)
            if number and given.seconds:
                steady(platform, turn, given.rate, given.warm_up, given.seconds)
            engine.end(platform)
            print(turn, flush=True)
            turns += [turn] if number else []
    finish(platform, engines)
    return turns


def finish(platform: Bed, engines: list[Engine]) -> None:
    """Have each engine do what the others' steady loads have sent, so that all have done the same."""
    for engine in engines:
        if engine.done_before(platform) < platform.sent:
            catch_up(platform, engine)
            engine.end(platform)


def compared(platform: Bed, engines: list[Engine]) -> bool | None:
    """Print how the peers' results compare with the sales job's; return whether all are equal, or None where there is nothing to compare."""
    peers = [engine.peer for engine in engines if engine.peer != "flink"]
    if len(peers) in (0, len(engines)):
        return None
    found = [compare.lakes(platform)] if "spark" in peers else []
    return all([*found, *(compare.redis(platform, peer) for peer in peers)])


def main() -> None:
    """Print each turn, the comparisons and the table."""
    given = arguments()
    engines = [ENGINES[name] for name in given.only.split(",")]
    with bed(given.project, keep=given.keep) as platform:
        for engine in engines:
            engine.prepare(platform)
        turns = rounds(platform, engines, given)
        equal = compared(platform, engines)
    print(report(turns))
    print(f"lakes and figures: {'not compared' if equal is None else 'equal' if equal else 'NOT EQUAL'}")
    sys.exit(1 if equal is False else 0)


if __name__ == "__main__":
    main()
