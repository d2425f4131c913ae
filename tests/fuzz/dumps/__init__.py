"""The fuzzer of dumps: files of every contract in all dialects, with odd values, and with changed bytes.

Each file goes through all steps of a load except the write to the lake: landing, standards, types, Great Expectations and conversion. The corpus
has files as JSON with their outcome: one file of each outcome, so that a later run notices changes, and each file that broke a promise.
"""

import base64
import json
import random
import tempfile
from pathlib import Path

from tests.fuzz.dumps.files import Made, make
from tests.fuzz.dumps.promise import broken_promises, checked_by, tolerance
from tests.fuzz.outcome import Outcome, Watch, corpus_files, keep
from tests.support.dump_rows import known
from tillstream.core.contracts import dump_contracts

#: A run ends after this many findings, because more findings of the same kind say nothing new.
MOST_FINDINGS = 30
#: The share of files that Great Expectations checks too. The model checks every file, because it is a hundred times faster.
CHECKED = 0.01
#: The share of files that also go through Great Expectations' stores and pages.
WITH_PAGES = 0.002


def run(seconds: float, corpus: Path, seed: int) -> Outcome:
    """Replay the corpus, then try new files until the time is over."""
    outcome = Outcome()
    watch = Watch("dumps", seconds, outcome)
    draw = random.Random(seed)  # noqa: S311 - a simulation
    keys = known()
    seen: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as folder:
        for file in corpus_files(corpus):
            _replay(file, keys, Path(folder), outcome, seen)
        while not watch.over() and len(outcome.findings) < MOST_FINDINGS:
            _try(draw, keys, Path(folder), corpus, outcome, seen)
    return outcome


def _replay(file: Path, keys: dict[str, set[str]], home: Path, outcome: Outcome, seen: set[tuple[str, str]]) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    made = Made(dump_contracts()[kept["dump"]], base64.b64decode(kept["body"]), kept["rows"], None)
    with tolerance(made.contract, kept["tolerance"]), checked_by(model=True):
        became, broken = broken_promises(made, keys, home)
    outcome.inputs += 1
    seen.add((made.contract.format, became))
    if became != kept["became"]:
        broken.append(f"it was {kept['became']} and is {became}")
    outcome.findings += [f"{file.name}: {what}" for what in broken]


def _try(draw: random.Random, keys: dict[str, set[str]], home: Path, corpus: Path, outcome: Outcome, seen: set[tuple[str, str]]) -> None:
    contract = draw.choice(list(dump_contracts().values()))
    made, share = make(contract, draw), draw.choice([1.0, 1.0, contract.tolerance])
    with tolerance(contract, share):
        if draw.random() < WITH_PAGES:
            became, broken = broken_promises(made, keys, home)
        else:
            with checked_by(model=draw.random() >= CHECKED) as differences:
                became, broken = broken_promises(made, keys, home)
            broken += differences
    outcome.inputs += 1
    if not broken and (contract.format, became) in seen:
        return
    seen.add((contract.format, became))
    content = {"dump": contract.name, "rows": made.rows, "tolerance": share, "became": became, "body": base64.b64encode(made.body).decode()}
    name = keep(corpus, json.dumps(content, indent=1).encode(), ".json", outcome)
    outcome.findings += [f"{name}, {contract.name}: {what}" for what in broken]
