"""A path: cards on a grid, and the lines between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docgen.diagrams.cards import Card
from tillstream.core.contracts import contracts
from tillstream.core.topology import DEAD_LETTERS, JOBS, Flow, redis_prefix, tables_of


@dataclass(frozen=True)
class Node:
    """A card with its column, its first row, and the number of its rows. Columns and rows count from 0."""

    card: Card
    column: int
    row: int
    rows: int = 1


@dataclass(frozen=True)
class Path:
    """The path of one kind of data.

    Attributes:
        name: the name of its page in docs/paths/.
        title: its heading.
        columns: the heading and tone of each column.
        nodes: the cards by a short name, in the order in which a phone shows them.
        edges: the lines, each with the short names of its start and its end.
    """

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    nodes: dict[str, Node]
    edges: tuple[tuple[str, str], ...]

    @property
    def description(self) -> str:
        """The cards' titles in their order."""
        return " → ".join(node.card.title for node in self.nodes.values())

    def tone(self, start: str, end: str) -> str:
        """Return the tone of a line: that of its start, or of its end if a source is the start."""
        tone = self.nodes[start].card.tone
        return self.nodes[end].card.tone if tone == "source" else tone


def made(job: str, topics: Sequence[str]) -> list[Flow]:
    """Return a job's flows that read some topics, without the flow of dead letters."""
    return [flow for flow in JOBS[job].flows if set(flow.reads) & set(topics) and DEAD_LETTERS not in flow.writes]


def hot(flows: Sequence[Flow]) -> tuple[str, ...]:
    """Return the hot topics that flows write."""
    return _unique(topic for flow in flows for topic in flow.writes if contracts()[topic].compacted)


def other(flows: Sequence[Flow]) -> tuple[str, ...]:
    """Return the other topics that flows write, such as alerts, and the tables of these."""
    topics = _unique(topic for flow in flows for topic in flow.writes if not contracts()[topic].compacted)
    return topics + tables_of(topics)


def rows(flows: Sequence[Flow]) -> tuple[str, ...]:
    """Return the tables of the lake whose rows are the messages that flows read."""
    return _unique(table for flow in flows for table in tables_of(topic for topic in flow.rows if topic in flow.reads))


def lookups(flows: Sequence[Flow]) -> tuple[str, ...]:
    """Return the reference tables in which flows look up."""
    return _unique(table for flow in flows for table in flow.lookups)


def set_aside(job: str) -> tuple[str, ...]:
    """Return the topics and tables of the messages that a job cannot use."""
    flows = [flow for flow in JOBS[job].flows if DEAD_LETTERS in flow.writes]
    return _unique(name for flow in flows for name in (*flow.writes, *flow.tables))


def keys(topics: Sequence[str]) -> tuple[str, ...]:
    """Return the beginnings of the Redis keys of hot topics."""
    return tuple(f"{redis_prefix(topic)}:…" for topic in topics)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
