"""The fuzzer of texts: personal data that is typed in many ways, and texts that are as hard as possible for rules and libraries.

A process in the Flink image analyses the texts with the code of this working copy, because only the image has the models. The promise: no text
raises an error, none takes long, each has the same analysis alone as among others, and no planted value can be read in the kept text.
"""

import json
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fuzz.outcome import Outcome, Watch, corpus_files, keep
from tests.fuzz.texts.planting import Planted, leaked, made
from tests.support.compose_platform import ROOT

IMAGE = "tillstream/flink:dev"
#: Texts that are analysed together, as many as the job takes at once from a backlog.
TOGETHER = 64
#: The most processor time: a fixed part, and a part for each character. A text of three pages takes 0.7 s, most of it in the encoder.
LEAST_SECONDS, SECONDS_A_CHARACTER = 0.5, 0.0002


def run(seconds: float, corpus: Path, seed: int) -> Outcome:
    """Replay the corpus, then try new texts until the time is over."""
    outcome = Outcome()
    watch = Watch("texts", seconds, outcome)
    draw = random.Random(seed)  # noqa: S311 - repeatable by its seed
    with reader() as asked:
        kept = [Planted.from_bytes(path.read_bytes()) for path in corpus_files(corpus)]
        for start in range(0, len(kept), TOGETHER):
            _judge(kept[start : start + TOGETHER], asked, corpus, outcome)
        while not watch.over():
            _judge([made(draw) for _ in range(TOGETHER)], asked, corpus, outcome)
    return outcome


@contextmanager
def reader() -> Iterator["subprocess.Popen[str]"]:
    """Start the process in the image and yield it. It ends when its input ends."""
    source = f"{ROOT}:/opt/source:ro"
    command = [
        "docker",
        "run",
        "--rm",
        "-i",
        "--network=none",
        "-v",
        source,
        "-e",
        "PYTHONPATH=/opt/source",
        "--entrypoint",
        "/opt/venv/bin/python",
    ]
    with subprocess.Popen(
        [*command, IMAGE, "/opt/source/tests/fuzz/texts/analyser.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield process
        if process.stdin:
            process.stdin.close()


def _judge(given: list[Planted], asked: "subprocess.Popen[str]", corpus: Path, outcome: Outcome) -> None:
    """Let the process analyse these texts, and note each broken promise."""
    if asked.stdin is None or asked.stdout is None:
        raise RuntimeError("the reader has no pipes")
    asked.stdin.write(json.dumps([one.text for one in given]) + "\n")
    asked.stdin.flush()
    line = asked.stdout.readline()
    outcome.inputs += len(given)
    if not line:
        raise RuntimeError(f"the reader has ended with {asked.wait()} at one of: {[one.text[:80] for one in given]}")
    answer = json.loads(line)
    for i, one in enumerate(given):
        for wrong in broken(one, answer["together"][i], answer["alone"].get(str(i))):
            outcome.findings.append(f"{keep(corpus, one.to_bytes(), '.json', outcome)}: {wrong}: {one.text[:200]!r}")


def broken(given: Planted, together: dict[str, Any], alone: dict[str, Any] | None) -> Iterator[str]:
    """Yield each way in which the analysis of a text breaks the promise."""
    if together["set_aside"]:
        if together["set_aside"].startswith(("FAILED", "UNTRANSLATED")):
            yield str(together["set_aside"])
        if secret := leaked(given, together["set_aside"]):
            yield f"the reason has {secret}"
    for name in ("text", "text_en"):
        if together[name] and (secret := leaked(given, together[name])):
            yield f"{name} has {secret}"
    if alone:
        taken, most = alone.pop("seconds"), LEAST_SECONDS + SECONDS_A_CHARACTER * len(given.text)
        if taken > most:
            yield f"it took {taken:.2f} s of a core, {most:.2f} may be"
        if alone != together:
            yield f"alone it is read otherwise: {[name for name in alone if alone[name] != together[name]]}"
