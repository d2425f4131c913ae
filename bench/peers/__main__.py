"""Compare the sales job with the same work in Spark, plain Python and Quix Streams, in alternating rounds.

Each round sends a backlog. Each engine in turn catches up with it and then takes a steady load, whose delay to Redis is measured. The other
engines are idle. A first backlog warms the engines up and is not counted. At the end the lakes and the figures in Redis are compared; the
exit status is 1 if they differ. Needs the image tillstream/peers:dev, which bench/with_image.sh builds.
"""

import argparse
import sys
from collections.abc import Sequence

from bench.peers import compare
from bench.peers.engines import ENGINES, Engine, Spark
from bench.peers.peer_platform import PROJECT, PeerPlatform, backlog, peer_platform
from bench.peers.report import record_turns, report
from bench.peers.turn import Turn, catch_up, steady

#: Options that do not change what an engine's turn measures.
UNSIZED = ("only", "project", "keep")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read these arguments, or those of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="counted rounds (default 3)")
    parser.add_argument("--lines", type=int, default=2_000_000, help="lines of each round's backlog (default 2,000,000)")
    parser.add_argument(
        "--warm-lines", type=int, default=1_000_000, help="lines of the warm-up backlog, which is not counted (default 1,000,000)"
    )
    parser.add_argument("--only", default=",".join(ENGINES), help=f"engines, separated by commas (default {','.join(ENGINES)})")
    parser.add_argument("--rate", type=float, default=2000.0, help="lines a second of the steady load (default 2,000)")
    parser.add_argument("--seconds", type=float, default=30.0, help="seconds of the steady load that are measured; 0 skips it (default 30)")
    parser.add_argument("--warm-up", type=float, default=15.0, help="seconds of the steady load before the measurement (default 15)")
    parser.add_argument("--project", default=PROJECT, help="compose project; one other than the default has its own ports")
    parser.add_argument("--kill", action="store_true", help="kill Spark during the first backlog; the lakes must still be equal")
    parser.add_argument("--keep", action="store_true", help="reuse the platform of an earlier run with --keep, and keep it running")
    return parser.parse_args(given)


def rounds(platform: PeerPlatform, engines: list[Engine], options: argparse.Namespace) -> list[Turn]:
    """Measure the rounds and return the turns. Each round starts with another engine."""
    turns: list[Turn] = []
    for number in range(options.rounds + 1):
        backlog(platform, options.lines if number else options.warm_lines)
        print(f"round {number}" if number else "warm-up, not counted", flush=True)
        first = number % len(engines)
        for engine in engines[first:] + engines[:first]:
            if options.kill and not number and isinstance(engine, Spark):
                engine.crash(platform)
            turn = catch_up(platform, engine)
            if number and options.seconds:
                steady(platform, turn, options.rate, options.warm_up, options.seconds)
            engine.end(platform)
            print(turn, flush=True)
            turns += [turn] if number else []
    finish(platform, engines)
    return turns


def finish(platform: PeerPlatform, engines: list[Engine]) -> None:
    """Let each engine process the steady loads of the others, so that all have done the same work."""
    for engine in engines:
        if engine.done_before(platform) < platform.sent:
            catch_up(platform, engine)
            engine.end(platform)


def compared(platform: PeerPlatform, engines: list[Engine]) -> bool | None:
    """Print how the peers' results compare with the sales job's; return whether all are equal, or None if there is nothing to compare."""
    peers = [engine.peer for engine in engines if engine.peer != "flink"]
    if len(peers) in (0, len(engines)):
        return None
    lakes_equal = [compare.lakes(platform)] if "spark" in peers else []
    return all([*lakes_equal, *(compare.redis(platform, peer) for peer in peers)])


def main() -> None:
    """Print each turn, the comparisons and the table."""
    options = arguments()
    engines = [ENGINES[name] for name in options.only.split(",")]
    with peer_platform(options.project, keep=options.keep) as platform:
        for engine in engines:
            engine.prepare(platform)
        turns = rounds(platform, engines, options)
        equal = compared(platform, engines)
    print(report(turns))
    if equal is not False and all(getattr(options, name) == value for name, value in vars(arguments([])).items() if name not in UNSIZED):
        record_turns(turns)
    print(f"lakes and figures: {'not compared' if equal is None else 'equal' if equal else 'NOT EQUAL'}")
    sys.exit(1 if equal is False else 0)


if __name__ == "__main__":
    main()
