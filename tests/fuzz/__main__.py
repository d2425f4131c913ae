"""Run the fuzzers in turn: `python -m tests.fuzz --minutes 30 --door avro`. The exit status is 1 if one of them finds something."""

import argparse
import importlib
import importlib.util
import time
from pathlib import Path
from types import ModuleType

from tests.fuzz.outcome import Outcome

HERE = Path(__file__).parent
#: A door is the module tests/fuzz/<door>.py or the package of that name, with `run(seconds, corpus, seed) -> Outcome`.
DOORS = ("avro", "dumps", "texts", "photos")


def doors(names: list[str]) -> dict[str, ModuleType]:
    """Return the modules of these doors, or of all doors if no name is given."""
    there = [door for door in DOORS if importlib.util.find_spec(f"tests.fuzz.{door}")]
    return {door: importlib.import_module(f"tests.fuzz.{door}") for door in names or there}


def main() -> int:
    """Split the time evenly over the doors, and print what each has tried and found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--door", action="append", choices=DOORS, default=[], help="only this one; may be given several times")
    parser.add_argument("--minutes", type=float, default=30, help="for all doors together")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed tries the same inputs; by default the time")
    asked = parser.parse_args()
    chosen = doors(asked.door)
    seconds = asked.minutes * 60 / len(chosen)
    print(f"{', '.join(chosen)}: {seconds:,.0f} s each, seed {asked.seed}", flush=True)
    outcomes = {name: _run(name, door, seconds, asked.seed) for name, door in chosen.items()}
    print("\ndoor        inputs  findings  kept")
    for name, outcome in outcomes.items():
        print(f"{name:8} {outcome.inputs:9,} {len(outcome.findings):9,} {outcome.kept:5,}")
    for name, outcome in outcomes.items():
        for finding in outcome.findings:
            print(f"\n{name}: {finding}")
    # A door that tried nothing has failed too.
    return int(any(outcome.findings or not outcome.inputs for outcome in outcomes.values()))


def _run(name: str, door: ModuleType, seconds: float, seed: int) -> Outcome:
    outcome: Outcome = door.run(seconds, HERE / "corpus" / name, seed)
    return outcome


if __name__ == "__main__":
    raise SystemExit(main())
