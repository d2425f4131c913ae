"""Run the processes of a Python peer: as many as its settings say, each with a number."""

import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from bench.peers.settings import PeerSettings


def run(work: Callable[[int], None], stop: Callable[[BaseProcess], None]) -> None:
    """Start the processes and end them with `stop` on SIGTERM. If one fails, all end."""
    context = get_context("spawn")
    workers = [context.Process(target=work, args=(index,)) for index in range(PeerSettings().processes)]
    for worker in workers:
        worker.start()

    def end(*_: object) -> None:
        for worker in workers:
            stop(worker)

    signal.signal(signal.SIGTERM, end)
    while all(worker.is_alive() for worker in workers):
        workers[0].join(0.5)
    end()
    for worker in workers:
        worker.join()
    raise SystemExit(max(abs(worker.exitcode or 0) for worker in workers))
