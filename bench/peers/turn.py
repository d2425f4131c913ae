"""Run one engine's turn: it catches up with a backlog, and then takes a steady load."""

import os
import time
from dataclasses import dataclass, field
from typing import Any

from bench.peers.engines import Engine
from bench.peers.peer_platform import PeerPlatform
from tests.support.compose_platform import eventually

#: Services that work for every engine, beside its own container.
OTHERS = ("kafka", "minio", "postgres", "redis", "flink-jobmanager")
#: Seconds between queries of the lake, each of which costs a third of a second of a core. The measured times are those of the commits.
ASK_EVERY = 5
#: Shortest stretch in seconds for the best rate, as in bench.catch_up.
STRETCH = 18


@dataclass
class Turn:
    """The measurements of a turn.

    Attributes:
        engine: the engine.
        progress: seconds since the start, and lines processed by then.
        cpu_seconds: CPU seconds of the engine's containers.
        others_cpu_seconds: CPU seconds of the OTHERS.
        peak_mb: highest memory of the engine's containers, in MB.
        load: load average of the machine at the end.
        delays: delays at the steady rate, in seconds.
        cores_at_rate: cores that the engine used at the steady rate.
    """

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
        """Lines of the turn."""
        return self.progress[-1][1]

    @property
    def rate(self) -> float:
        """Lines a second from the start to the last line, the start included."""
        return self.lines / self.progress[-1][0]

    @property
    def best(self) -> float:
        """Lines a second of the best stretch; 0 if the turn was shorter."""
        return max(((l2 - l1) / (t2 - t1) for t1, l1 in self.progress for t2, l2 in self.progress if t2 - t1 >= STRETCH), default=0.0)

    def per_million(self, seconds: float) -> float:
        """Return CPU seconds for a million lines."""
        return seconds / self.lines * 1e6

    def __str__(self) -> str:
        text = (
            f"{self.engine.title:<13} {self.lines:>9,} lines in {self.progress[-1][0]:5.1f} s: {self.rate:>8,.0f} lines/s over all, {self.best:>8,.0f} at best; "
            f"{self.per_million(self.cpu_seconds):5.1f} CPU s a million lines, others {self.per_million(self.others_cpu_seconds):4.1f}; "
            f"peak {self.peak_mb:,.0f} MB; load {self.load:.1f}"
        )
        if self.delays:
            shares = ", ".join(f"{name} {self.delays[name]:.3f} s" for name in ("p50", "p95", "p99"))
            text += f"; to Redis {shares}, {self.delays['arrived']} of {self.delays['ticks']} ticks, {self.cores_at_rate:.2f} cores"
        return text


def catch_up(platform: PeerPlatform, engine: Engine) -> Turn:
    """Start an engine and wait until it has processed all lines that were ever sent."""
    before, sent = engine.done_before(platform), platform.sent
    used, others = (platform.cpu_seconds(*engine.services) if engine.stays else 0.0), platform.cpu_seconds(*OTHERS)
    started = engine.begin(platform)
    turn, asked = Turn(engine, []), 0.0

    def complete() -> bool:
        nonlocal asked
        turn.peak_mb = max(turn.peak_mb, platform.memory_mb(*engine.services))
        if time.monotonic() - asked < ASK_EVERY:
            return False
        asked = time.monotonic()
        turn.progress = [(at - started, lines - before) for at, lines in engine.counts(platform) if at > started]
        return bool(turn.progress) and turn.progress[-1][1] + before >= sent

    eventually(f"{engine.title} to do {sent - before:,} lines", complete, 900, every=1)
    turn.cpu_seconds, turn.others_cpu_seconds = platform.cpu_seconds(*engine.services) - used, platform.cpu_seconds(*OTHERS) - others
    turn.progress = turn.progress[: next(i for i, (_, lines) in enumerate(turn.progress) if lines + before >= sent) + 1]
    turn.load = os.getloadavg()[0]
    return turn


def steady(platform: PeerPlatform, turn: Turn, rate: float, warm_up: float, seconds: float) -> None:
    """Measure the delays of a running engine at a steady rate, and the resources it uses meanwhile."""
    services, started = turn.engine.services, time.monotonic()
    used = platform.cpu_seconds(*services)
    arguments = ["--rate", str(rate), "--warm-up", str(warm_up), "--seconds", str(seconds)]
    turn.delays = platform.peer_tools("latency", turn.engine.peer, *arguments)
    turn.cores_at_rate = (platform.cpu_seconds(*services) - used) / (time.monotonic() - started)
    turn.peak_mb = max(turn.peak_mb, platform.memory_mb(*services))
    platform.note_sent(int(turn.delays["lines"]))
