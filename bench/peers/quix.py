"""Run the sales job without a lake in Quix Streams: two processes of one consumer group.

The ids of events are in its state, RocksDB with a changelog topic. A sink sums the figures and is flushed at each checkpoint. After a crash
it is called again for uncommitted messages, so a figure may count twice.
"""

import os
import signal
from multiprocessing.process import BaseProcess
from typing import Any

from quixstreams import Application, State
from quixstreams.sinks import BaseSink

from bench.peers.figures import Figures
from bench.peers.hot import HotWriter
from bench.peers.messages import CHANNELS, BadMessageError, TopicDecoder, decoders
from bench.peers.processes import run
from bench.peers.reference import Reference, read
from bench.peers.settings import PeerSettings
from tillstream.core.settings import KafkaSettings, RegistrySettings

#: Seconds between checkpoints, which write the figures. The default of 5 s would be the latency.
COMMIT_SECONDS = 0.25


class FiguresSink(BaseSink):  # type: ignore[misc]
    """A sink that sums the messages since the last checkpoint and adds the sums to Redis. If Redis is away, the process ends."""

    def __init__(self, hot: HotWriter, reference: Reference) -> None:
        super().__init__()
        self._hot, self._figures = hot, Figures(reference)

    def add(self, value: dict[str, Any], key: Any, timestamp: int, headers: Any, topic: str, partition: int, offset: int) -> None:
        """Add a basket or a dead letter. Called by Quix for each message."""
        del key, headers, partition, offset
        if "dead" in value:
            self._figures.add_dead_letter(timestamp, topic, value["dead"])
        else:
            self._figures.add_basket(value, CHANNELS[topic])

    def flush(self) -> None:
        """Write the figures to Redis. Called by Quix at a checkpoint, before it commits offsets."""
        self._hot.rank(self._figures.products)
        self._figures.products.clear()
        self._hot.add(self._figures.take(), lines=self._figures.lines)


def decoded(decoder: TopicDecoder, message: bytes | None) -> dict[str, Any]:
    """Return the basket of a message, or its kind of dead letter."""
    try:
        return decoder.decode(message)
    except BadMessageError as error:
        return {"dead": error.kind}


def is_new(basket: dict[str, Any], state: State) -> bool:
    """Return whether an event is new. Copies of it have the same key, and so the same partition and state."""
    if "dead" in basket:
        return True
    ident = basket["event_id"]
    if state.get(ident) is not None:
        return False
    state.set(ident, 1)
    return True


def application(settings: PeerSettings, index: int) -> Application:
    """Build the application of one process."""
    return Application(
        broker_address=KafkaSettings().bootstrap,
        consumer_group=f"peer-{settings.name}",
        auto_offset_reset="earliest",
        commit_interval=COMMIT_SECONDS,
        state_dir=f"/state/{index}",
        consumer_extra_config={"fetch.wait.max.ms": 20, "isolation.level": "read_committed"},
        consumer_poll_timeout=0.05,
        loglevel="WARNING",
    )


def work(index: int) -> None:
    """Run one process until SIGTERM."""
    settings = PeerSettings()
    reference = read()
    app = application(settings, index)
    sink = FiguresSink(HotWriter(settings, reference), reference)
    for name, decoder in decoders(RegistrySettings().url).items():
        topic = app.topic(name, value_deserializer="bytes", key_deserializer="bytes")
        frame = app.dataframe(topic).apply(lambda value, decoder=decoder: decoded(decoder, value))
        frame.filter(is_new, stateful=True).sink(sink)
    app.run()


def interrupt(worker: BaseProcess) -> None:
    """Send SIGINT, on which Quix Streams ends."""
    if worker.pid and worker.is_alive():
        os.kill(worker.pid, signal.SIGINT)


def main() -> None:
    """Run the processes."""
    run(work, interrupt)


if __name__ == "__main__":
    main()
