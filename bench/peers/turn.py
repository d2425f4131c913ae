"""One engine's turn: a backlog caught up with, and then the delay at a steady rate."""

import os
import time
from dataclasses import dataclass, field
from typing import Any

from bench.peers.bed import Bed
from bench.peers.engines import Engine
from tests.support.compose_platform import eventually

#: What works for every engine beside its own container.
OTHERS = ("kafka", "minio", "postgres", "redis", "flink-jobmanager")
#: A question to the lake costs a third of a second of a core; the times are those of the commits, whenever they are asked for.
ASK_EVERY = 5
#: The best rate is that of a stretch of so many seconds or more, as in bench.catch_up.
STRETCH = 18


@dataclass
class Turn:
    """What was measured: seconds and lines since the start, what was used, and the delays at the steady rate in seconds."""

    engine: Engine
    progress: list[tuple[float, int]]
    cpu_seconds: float = 0.0
    others_cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    load: float = 0.0
    delays: dict[str, Any] = field(default_factory=dict)
    cores_at_rate: float = 0.0

    @property
    def lines(self) -> int:
        """Lines caught up with."""
        return self.progress[-1][1]

    @property
    def rate(self) -> float:
        """Lines a second from the start to the last line, the start itself included."""
        return self.lines / self.progress[-1][0]

    @property
    def best(self) -> float:
        """Lines a second of the best stretch; 0 where the turn was shorter."""
        return max(((l2 - l1) / (t2 - t1) for t1, l1 in self.progress for t2, l2 in self.progress if t2 - t1 >= STRETCH), default=0.0)

    def per_million(self, seconds: float) -> float:
        """Return CPU seconds for a million lines."""
        return seconds / self.lines * 1e6

    def __str__(self) -> str:
        told = (
            f"{self.engine.title:<13} {self.lines:>9,} lines in {self.progress[-1][0]:5.1f} s: {self.rate:>8,.0f} lines/s over all, {self.best:>8,.0f} at best; "
            f"{self.per_million(self.cpu_seconds):5.1f} CPU s a million lines, others {self.per_million(self.others_cpu_seconds):4.1f}; "
            f"peak {self.peak_mb:,.0f} MB; load {self.load:.1f}"
        )
        if self.delays:
            shares = ", ".join(f"{name} {self.delays[name]:.3f} s" for name in ("p50", "p95", "p99"))
            told += f"; to Redis {shares}, {self.delays['arrived']} of {self.delays['ticks']} ticks, {self.cores_at_rate:.2f} cores"
        return told


def catch_up(bed: Bed, engine: Engine) -> Turn:
    """Start an engine and wait until it has done all that was ever sent."""
    before, sent = engine.done_before(bed), bed.sent
    used, others = (bed.cpu_seconds(*engine.services) if engine.stays else 0.0), bed.cpu_seconds(*OTHERS)
    started = engine.begin(bed)
    turn, asked = Turn(engine, []), 0.0

    def complete() -> bool:
        nonlocal asked
        turn.peak_mb = max(turn.peak_mb, bed.memory_mb(*engine.services))
        if time.monotonic() - asked < ASK_EVERY:
            return False
        asked = time.monotonic()
        turn.progress = [(at - started, lines - before) for at, lines in engine.counts(bed) if at > started]
        return bool(turn.progress) and turn.progress[-1][1] + before >= sent

    eventually(f"{engine.title} to do {sent - before:,} lines", complete, 900, every=1)
    turn.cpu_seconds, turn.others_cpu_seconds = bed.cpu_seconds(*engine.services) - used, bed.cpu_seconds(*OTHERS) - others
    turn.progress = turn.progress[: next(i for i, (_, lines) in enumerate(turn.progress) if lines + before >= sent) + 1]
    turn.load = os.getloadavg()[0]
    return turn


def steady(bed: Bed, turn: Turn, rate: float, warm_up: float, seconds: float) -> None:
    """Measure the delays of an engine that runs, and what it uses meanwhile."""
    services, started = turn.engine.services, time.monotonic()
    used = bed.cpu_seconds(*services)
    arguments = ["--rate", str(rate), "--warm-up", str(warm_up), "--seconds", str(seconds)]
    turn.delays = bed.peer_tools("latency", turn.engine.peer, *arguments)
    turn.cores_at_rate = (bed.cpu_seconds(*services) - used) / (time.monotonic() - started)
    turn.peak_mb = max(turn.peak_mb, bed.memory_mb(*services))
    bed.note_sent(int(turn.delays["lines"]))
