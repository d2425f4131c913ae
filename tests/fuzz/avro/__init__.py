"""The fuzzer of framed Avro messages: it gives them to the jobs' own decoder in a JVM."""

import json
from collections.abc import Iterable
from pathlib import Path
from random import Random

from tests.fuzz.avro.cases import IDENT, Case, case
from tests.fuzz.avro.decoder import Decoded, Decoder
from tests.fuzz.avro.oracle import BrokenPromiseError, check, signature
from tests.fuzz.outcome import Outcome, Watch, corpus_files, keep
from tillstream.core.contracts import contracts

#: Start with a new decoder after this many cases, because its cache of schemas grows with each case.
ANEW = 2000
#: The most cases that the corpus keeps. It has one case of each kind of answer, and there are some hundred kinds.
MOST_KEPT = 300
MOST_FINDINGS = 20


class Door:
    """One JVM with a decoder, to which cases are given together with the answers of the registry."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self._topic, self._used = "", ANEW

    def decoded(self, case: Case) -> Decoded:
        """Return the decoder's result for a case."""
        if case.topic != self._topic or self._used >= ANEW:
            self._decoder.read_by(contracts()[case.topic])
            self._topic, self._used = case.topic, 0
        message, self._used = case.message, self._used + 1
        if case.answer is not None and message is not None:
            # Each schema gets its own id, as in a registry.
            ident = IDENT + self._used
            self._decoder.registry_says(f"/schemas/ids/{ident}", 200, json.dumps(case.answer))
            message = message[:1] + ident.to_bytes(4, "big") + message[5:]
        (found,) = self._decoder.decode(message)
        if found.raw is not None and case.answer is not None and found.raw[:1] == b"\0" and len(found.raw) >= 5:
            found.raw = found.raw[:1] + IDENT.to_bytes(4, "big") + found.raw[5:]
        return found


def run(seconds: float, corpus: Path, seed: int) -> Outcome:
    """Replay the corpus, then try new cases until the time is over."""
    outcome = Outcome()
    watch = Watch("avro", seconds, outcome)
    draw = Random(seed)  # noqa: S311 - repeatable by its seed
    seen: set[str] = set()
    with Decoder() as decoder:
        door = Door(decoder)
        for one in sorted((Case.of_json(path.read_bytes()) for path in corpus_files(corpus)), key=lambda made: made.topic):
            _try(door, one, outcome, seen, None)
        kept = len(seen)
        while not watch.over() and len(outcome.findings) < MOST_FINDINGS:
            # Cases of one contract follow each other, because a change of contract needs a new decoder.
            for one in sorted((case(draw) for _ in range(100)), key=lambda made: made.topic):
                _try(door, one, outcome, seen, corpus if kept + outcome.kept < MOST_KEPT else None)
    return outcome


def _try(door: Door, one: Case, outcome: Outcome, seen: set[str], corpus: Path | None) -> None:
    decoded = door.decoded(one)
    outcome.inputs += 1
    try:
        check(one, decoded)
    except BrokenPromiseError as error:
        name = keep(corpus, one.as_json(), ".json", outcome) if corpus else "of the corpus"
        outcome.findings.append(f"{one.topic}, {one.how}: {error} ({name})")
        return
    found = signature(one, decoded)
    if found not in seen and corpus:
        keep(corpus, one.as_json(), ".json", outcome)
    seen.add(found)


def broken(door: Door, cases: Iterable[Case]) -> list[str]:
    """Return a description of each of these cases that breaks the promise."""
    outcome = Outcome()
    for one in cases:
        _try(door, one, outcome, set(), None)
    return outcome.findings
