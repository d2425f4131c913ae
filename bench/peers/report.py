"""The table of what was measured, and what differs in the work, in Markdown."""

from collections.abc import Callable, Iterable

from bench.peers.turn import Turn

DIFFERS = {
    "Flink": (
        "lands clicks and looks after their dead letters too; no click is sent here",
        "writes dead letters to a topic beside the lake, and the figures to compacted topics, from which a second job takes them to Redis",
        "looks an event that is older than 23 h up in the lake, to tell a copy that comes days later",
        "reads reference data again within 30 s of a change",
        "passes a field on that a contract gains; finds a writer's schema by its id whenever it comes",
        "checkpoints every 10 s to S3: the state is exact after a crash, and Redis never steps back",
        "a rollup's sum is in its own state; Redis can be filled anew from the topics",
    ),
    "Spark": (
        "reads reference data and the registry's schemas when it starts, and not again",
        "RocksDB on disk, its changes to S3 with each batch: the state is exact after a crash; the lake and each hash of Redis note their batch",
        "a rollup's sum is in Redis alone: what Redis loses is lost",
        "remembers an id for 24 h by Kafka's clock; a copy that comes later is landed again",
        "bytes left over after a record are not noticed; the reason of a dead letter is its kind alone",
        "figures go to Redis before the lake; the next batch waits for both",
        "after a crash the query fails once more, behind the batch that came again, and is started anew (a fault of Spark 4.1.1's Kafka source)",
    ),
    "plain Python": (
        "no lake, no row of a line: a basket is decoded, checked, told from copies, looked up and added up",
        "ids are in memory: after kill -9 copies may count twice and up to 3 s of the ranking are lost",
        "a process for each half of the partitions, which relies on copies having the same key",
        "figures are added to Redis every 0.1 s, before offsets are committed: after a crash some count twice",
    ),
    "Quix Streams": (
        "no lake, as plain Python",
        "ids are in RocksDB with a changelog topic, and are not forgotten after 24 h; at least once: after a crash figures may count twice",
        "figures are summed by a sink at each checkpoint, every 0.25 s",
    ),
}

HEAD = (
    "| engine | lines/s over all | lines/s at best | CPU s a million lines | of the others (Kafka, MinIO, Postgres, Redis, JobManager) | "
    "peak memory, MB | event to Redis at the steady rate: p50, s | p99, s | cores meanwhile | load |"
)


def report(turns: list[Turn]) -> str:
    """Return the table, a row an engine, its rounds in their order; and the list beside it."""
    rows = [HEAD, "|" + "---|" * (HEAD.count("|") - 1)]
    titles = list(dict.fromkeys(turn.engine.title for turn in turns))
    rows += [_row(title, [turn for turn in turns if turn.engine.title == title]) for title in sorted(titles, key=list(DIFFERS).index)]
    lists = [
        f"\nWhat differs in the work of {title}:\n\n" + "\n".join(f"- {what}" for what in DIFFERS[title])
        for title in DIFFERS
        if title in titles
    ]
    ratio = _ratio(turns)
    return "\n".join(["", *rows, *lists, *([ratio] if ratio else []), ""])


def _row(title: str, turns: list[Turn]) -> str:
    columns: tuple[Callable[[Turn], str], ...] = (
        lambda turn: f"{turn.rate:,.0f}",
        lambda turn: f"{turn.best:,.0f}" if turn.best else "-",
        lambda turn: f"{turn.per_million(turn.cpu_seconds):.1f}",
        lambda turn: f"{turn.per_million(turn.others_cpu_seconds):.1f}",
        lambda turn: f"{turn.peak_mb:,.0f}",
        lambda turn: _delay(turn, "p50"),
        lambda turn: _delay(turn, "p99"),
        lambda turn: f"{turn.cores_at_rate:.2f}" if turn.delays else "-",
        lambda turn: f"{turn.load:.0f}",
    )
    cells: Iterable[str] = (" · ".join(map(column, turns)) for column in columns)
    return f"| {title} | {' | '.join(cells)} |"


def _delay(turn: Turn, share: str) -> str:
    return f"{turn.delays[share]:.2f}" if share in turn.delays else "-"


def _ratio(turns: list[Turn]) -> str:
    """Return Flink divided by Spark, of the sums of the rounds."""

    def of(title: str) -> tuple[float, float]:
        mine = [turn for turn in turns if turn.engine.title == title]
        lines = sum(turn.lines for turn in mine)
        return lines / sum(turn.progress[-1][0] for turn in mine), sum(turn.cpu_seconds for turn in mine) / lines

    if {"Flink", "Spark"} - {turn.engine.title for turn in turns}:
        return ""
    (rate, cpu), (other_rate, other_cpu) = of("Flink"), of("Spark")
    return f"\nFlink ÷ Spark, all rounds together: {rate / other_rate:.2f} in lines/s over all, {cpu / other_cpu:.2f} in CPU."
