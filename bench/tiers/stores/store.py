"""What the measurement asks of every store."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from bench.tiers.questions import Parameters, Question
from bench.tiers.rows import Exchange
from tillstream.core.errors import RetryableError

#: Rows of one acknowledged write of the restart drill.
BATCH = 10


class StoreAwayError(RetryableError):
    """The store does not answer, or no more: it starts, or it was killed."""


class Store(Protocol):
    """A store. Its constructor connects to nothing; `connect` does."""

    def connect(self) -> None:
        """Connect to the store.

        Raises:
            StoreAwayError: it does not answer yet.
        """

    def load(self, exchange: Exchange) -> None:
        """Load the exported files into the empty store, and create what the questions need, such as indexes."""

    def loaded(self) -> int:
        """Return how many of the loaded lines the store has; 0 if their table is gone."""

    def size(self) -> int:
        """Return the bytes of the data and its indexes, as the store itself counts them."""

    def answer(self, question: Question, parameters: Parameters) -> Iterable[Sequence[Any]]:
        """Return the rows of an answer."""


class WrittenStore(Store, Protocol):
    """A store that can be written to in small acknowledged batches."""

    def write(self, first: int) -> None:
        """Write BATCH rows with the numbers from `first` on, and return when the store has acknowledged them.

        Raises:
            StoreAwayError: the store does not answer any more; the batch is not acknowledged.
        """

    def written(self, below: int) -> int:
        """Return how many rows of `write` with numbers below this one the store has; 0 if their table is gone."""
