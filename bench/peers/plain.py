"""Run the sales job without a lake in plain Python: one process for each half of the partitions. The processes share only Redis.

Copies of an event have the same key, and so the same partition and process. The ids of a day are in memory. They are stored when a process
ends by SIGTERM, and its offsets are committed. A killed process continues from its committed offsets without the ids: then a copy may count
twice, and up to 3 s of the ranking are lost.
"""

import pickle
import signal
import threading
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Message, TopicPartition

from bench.peers.figures import Figures
from bench.peers.hot import HotWriter
from bench.peers.messages import CHANNELS, BadMessageError, decoders
from bench.peers.processes import run
from bench.peers.reference import read
from bench.peers.settings import PeerSettings
from tillstream.core.contracts import contracts
from tillstream.core.rules import COPY_HOURS
from tillstream.core.settings import KafkaSettings, RegistrySettings

STATE = Path("/state")
#: Seconds for which figures are collected.
GATHER = 0.1
#: Seconds for which products are summed, as in the sales job.
FOLD = 3.0
#: Seconds for which an id is kept at least.
KEPT = COPY_HOURS * 3600.0


class Remembered:
    """The ids of the last day in two halves. The older half is dropped as a whole."""

    def __init__(self) -> None:
        self._young: set[str] = set()
        self._old: set[str] = set()
        self._turned = time.time()

    def is_new(self, ident: str) -> bool:
        """Return whether an id is new, and store it."""
        if ident in self._young or ident in self._old:
            return False
        self._young.add(ident)
        return True

    def turn(self) -> None:
        """Drop the older half once a day has passed. An id is kept for one to two days."""
        if time.time() - self._turned > KEPT:
            self._young, self._old, self._turned = set(), self._young, time.time()


class Worker:
    """The work of one process."""

    def __init__(self, settings: PeerSettings, index: int) -> None:
        reference = read()
        self._figures, self._hot = Figures(reference), HotWriter(settings, reference)
        self._decoders = decoders(RegistrySettings().url)
        self._state = STATE / f"ids-{index}.pickle"
        self._seen: Remembered = pickle.loads(self._state.read_bytes()) if self._state.exists() else Remembered()  # noqa: S301 - our own file
        options = {
            "fetch.wait.max.ms": 20,
            "auto.offset.reset": "earliest",
            "group.id": f"peer-{settings.name}",
            "enable.partition.eof": False,
        }
        self._consumer = Consumer({**KafkaSettings().consumer(), **options})
        mine = [
            TopicPartition(topic, partition)
            for topic in CHANNELS
            for partition in range(contracts()[topic].partitions)
            if partition % settings.processes == index
        ]
        self._consumer.assign(self._consumer.committed(mine, timeout=30))
        self._ended = threading.Event()
        self._written = self._ranked = time.monotonic()

    def run(self) -> None:
        """Work until SIGTERM."""
        signal.signal(signal.SIGTERM, lambda *_: self._ended.set())
        while not self._ended.is_set():
            for message in self._consumer.consume(500, timeout=0.02):
                self._take(message)
            self._write()
        self._write(last=True)
        self._state.write_bytes(pickle.dumps(self._seen))
        self._consumer.close()

    def _take(self, message: Message) -> None:
        if message.error():
            raise RuntimeError(str(message.error()))
        topic = str(message.topic())
        try:
            basket: dict[str, Any] = self._decoders[topic].decode(message.value())
        except BadMessageError as error:
            self._figures.add_dead_letter(message.timestamp()[1], topic, error.kind)
            return
        if self._seen.is_new(basket["event_id"]):
            self._figures.add_basket(basket, CHANNELS[topic])

    def _write(self, *, last: bool = False) -> None:
        now = time.monotonic()
        if last or now - self._ranked >= FOLD:
            self._ranked = now
            self._hot.rank(self._figures.products)
            self._figures.products.clear()
        if last or now - self._written >= GATHER:
            self._written = now
            self._hot.add(self._figures.take(), lines=self._figures.lines)
            self._seen.turn()
            if not last:
                self._consumer.commit(asynchronous=True)
            else:
                self._consumer.commit(asynchronous=False)


def work(index: int) -> None:
    """Run one process."""
    Worker(PeerSettings(), index).run()


def main() -> None:
    """Run the processes."""
    run(work, BaseProcess.terminate)


if __name__ == "__main__":
    main()
