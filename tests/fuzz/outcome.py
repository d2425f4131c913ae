"""The outcome of a fuzzer, its progress messages, and its corpus."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: Seconds between two progress messages of a door.
TELL_SECONDS = 10.0
#: The largest input that is kept, because the corpus is in Git. A larger one is only described in the finding.
LARGEST_KEPT = 65_536


@dataclass
class Outcome:
    """The number of inputs that a door tried, its findings, and the number of inputs that it added to its corpus."""

    inputs: int = 0
    findings: list[str] = field(default_factory=list)
    kept: int = 0


class Watch:
    """Clock of a door: it prints a progress message every TELL_SECONDS, and knows whether the time is over."""

    def __init__(self, door: str, seconds: float, outcome: Outcome) -> None:
        self._door, self._outcome = door, outcome
        self._started = time.monotonic()
        self._ends, self._told = self._started + seconds, self._started

    def over(self) -> bool:
        """Return whether the door's time is over. Also print a progress message if one is due, so a door asks after every few inputs."""
        now = time.monotonic()
        if now - self._told >= TELL_SECONDS:
            self._told = now
            print(
                f"{self._door}: {now - self._started:,.0f} s, {self._outcome.inputs:,} inputs, {len(self._outcome.findings)} findings",
                flush=True,
            )
        return now >= self._ends


def corpus_files(corpus: Path) -> Iterator[Path]:
    """Yield the inputs that earlier runs kept, sorted by name. A door replays them before it makes its own."""
    yield from sorted(path for path in corpus.glob("*") if path.is_file() and not path.name.startswith("."))


def keep(corpus: Path, content: bytes, suffix: str, outcome: Outcome) -> str:
    """Write an input to the corpus under the hash of its content, and return its name. An input that the corpus has is not counted again."""
    name = f"{hashlib.sha256(content).hexdigest()[:16]}{suffix}"
    if len(content) > LARGEST_KEPT:
        return f"{name} (not kept: {len(content):,} bytes)"
    corpus.mkdir(parents=True, exist_ok=True)
    path = corpus / name
    if not path.exists():
        path.write_bytes(content)
        outcome.kept += 1
    return name
