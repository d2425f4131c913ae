"""Write the table of the measurements and the list of differences between the engines, in Markdown."""

from collections.abc import Callable, Iterable

from bench.peers.turn import Turn
from bench.results import record

DIFFERS = {
    "Flink": (
        "also lands clicks and handles their dead letters; no click is sent here",
        "writes dead letters to a topic and to the lake, and figures to compacted topics, from which a second job writes them to Redis",
        "looks up events older than 23 h in the lake, to recognise a copy that comes days later",
        "reads reference data again within 30 s of a change",
        "passes on a field that is added to a contract; finds a writer's schema by its id at any time",
        "checkpoints to S3 every 10 s: the state is exact after a crash, and Redis never steps back",
        "has the sum of a rollup in its own state; Redis can be refilled from the topics",
    ),
    "Spark": (
        "reads reference data and the registry's schemas at its start only",
        "has RocksDB on disk, with changes written to S3 at each batch: the state is exact after a crash; the lake and each hash in Redis store their batch",
        "has the sum of a rollup in Redis only: what Redis loses is lost",
        "remembers an id for 24 h of Kafka's time; a later copy is landed again",
        "does not notice bytes after a record; the reason of a dead letter is only its kind",
        "writes figures to Redis before the lake; the next batch waits for both",
        "fails once more after a crash, after the repeated batch, and is started again (a bug of Spark 4.1.1's Kafka source)",
    ),
    "plain Python": (
        "has no lake and no row for a line: a basket is decoded, checked, de-duplicated, joined and summed",
        "has the ids in memory: after kill -9 copies may count twice and up to 3 s of the ranking are lost",
        "has a process for each half of the partitions, which relies on copies with the same key",
        "adds figures to Redis every 0.1 s, before offsets are committed: after a crash some count twice",
    ),
    "Quix Streams": (
        "has no lake, as plain Python",
        "has the ids in RocksDB with a changelog topic, and does not drop them after 24 h; at least once: after a crash figures may count twice",
        "sums figures in a sink at each checkpoint, every 0.25 s",
    ),
}

HEAD = (
    "| engine | lines/s over all | lines/s at best | CPU s a million lines | of the others (Kafka, MinIO, Postgres, Redis, JobManager) | "
    "peak memory, MB | event to Redis at the steady rate: p50, s | p99, s | cores meanwhile | load |"
)


def report(turns: list[Turn]) -> str:
    """Return the table, with a row for each engine and its rounds in order, and the list of differences."""
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


def record_turns(turns: list[Turn]) -> None:
    """Record the figures of each engine, with a value for each round."""
    for peer in dict.fromkeys(turn.engine.peer for turn in turns):
        mine = [turn for turn in turns if turn.engine.peer == peer]
        figures: dict[str, tuple[list[float], str]] = {
            "lines_per_second": ([round(turn.rate) for turn in mine], "lines/s"),
            "cpu_seconds_per_million_lines": ([round(turn.per_million(turn.cpu_seconds), 1) for turn in mine], "s"),
            "peak_mb": ([round(turn.peak_mb) for turn in mine], "MB"),
            "latency.redis.p50": ([round(turn.delays["p50"], 2) for turn in mine], "s"),
            "latency.redis.p99": ([round(turn.delays["p99"], 2) for turn in mine], "s"),
        }
        for name, (values, unit) in figures.items():
            record(f"peers.{peer}.{name}", values, unit, "make bench-peers", f"{len(mine)} rounds in turn")


def _delay(turn: Turn, share: str) -> str:
    return f"{turn.delays[share]:.2f}" if share in turn.delays else "-"


def _ratio(turns: list[Turn]) -> str:
    """Return Flink divided by Spark, from the sums of all rounds."""

    def of(title: str) -> tuple[float, float]:
        mine = [turn for turn in turns if turn.engine.title == title]
        lines = sum(turn.lines for turn in mine)
        return lines / sum(turn.progress[-1][0] for turn in mine), sum(turn.cpu_seconds for turn in mine) / lines

    if {"Flink", "Spark"} - {turn.engine.title for turn in turns}:
        return ""
    (rate, cpu), (other_rate, other_cpu) = of("Flink"), of("Spark")
    return f"\nFlink ÷ Spark, all rounds together: {rate / other_rate:.2f} in lines/s over all, {cpu / other_cpu:.2f} in CPU."
