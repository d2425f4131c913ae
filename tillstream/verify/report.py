"""`make verify`: waits for checkpoints, gathers the evidence, compares, and prints."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from tillstream.errors import RetryableError
from tillstream.queries import Trino
from tillstream.settings import FlinkSettings, KafkaSettings, LedgerSettings
from tillstream.verify.collect import JOBS, Evidence, committed_offsets, end_offsets, read_dead_topic, read_lake, read_sent, read_topics
from tillstream.verify.compare import Verdict, compare
from tillstream.verify.dumps import DumpTotals, compare_dumps, done_files, sent_files
from tillstream.verify.hot import HotReading, HotResult
from tillstream.verify.stock import StockReading, compare_stock
from tillstream.waiting import await_condition, console

#: What the job may need to take in a backlog, or to recover, before its lake is complete.
MOST_SECONDS = 900
SHOWN = 20


class LandingJob:
    """A running job that lands topics in the lake, as its REST API and its committed offsets show it."""

    def __init__(self, name: str, kafka: KafkaSettings, flink: FlinkSettings) -> None:
        self._name = name
        self._kafka = kafka
        self._http = httpx.Client(base_url=flink.url, timeout=10)

    def last_checkpoint(self) -> int:
        """The number of the last completed checkpoint.

        Raises:
            RetryableError: the job is not running, or the JobManager does not answer.
        """
        try:
            jobs = self._http.get("/jobs/overview").raise_for_status().json()["jobs"]
            job = next((j for j in jobs if j["name"].startswith(f"{self._name} ") and j["state"] == "RUNNING"), None)
            if job is None:
                raise RetryableError(f"the {self._name} job is not running")
            latest = self._http.get(f"/jobs/{job['jid']}/checkpoints").raise_for_status().json()["latest"]["completed"]
        except (httpx.HTTPError, KeyError) as error:
            raise RetryableError(f"the JobManager does not answer: {error}") from error
        return int(latest["id"]) if latest else 0

    def await_taken_in(self, ends: dict[tuple[str, int], int]) -> int:
        """Waits until the job has taken in all of its topics up to these offsets; gives its last checkpoint then."""
        ends = {place: end for place, end in ends.items() if place[0] in JOBS[self._name]}
        lag = sum(ends.values())

        def taken_in() -> bool:
            nonlocal lag
            done = committed_offsets(self._kafka, self._name, list(ends))
            lag = sum(max(0, end - done[place]) for place, end in ends.items())
            return lag == 0

        await_condition(
            f"the {self._name} job to take in what was sent", taken_in, MOST_SECONDS, every=1.0, detail=lambda: f"{lag:,} messages to go"
        )
        return await_condition(f"the {self._name} job to run", self.last_checkpoint, MOST_SECONDS, every=1.0)

    def await_checkpoint_after(self, number: int) -> None:
        """Waits for a checkpoint later than this one."""
        await_condition(f"one more checkpoint of the {self._name} job", lambda: self.last_checkpoint() > number, MOST_SECONDS, every=0.5)


def await_landed(jobs: list[LandingJob], ends: dict[tuple[str, int], int]) -> None:
    """Waits until all of the jobs' topics up to these offsets is in the lake.

    A job commits its offsets when a checkpoint completes, and the lake's files when it hears of that. The next checkpoint can only
    complete after the files of the one before were committed: so one more is awaited, by all of them together.
    """
    taken_in = [job.await_taken_in(ends) for job in jobs]
    for job, number in zip(jobs, taken_in, strict=True):
        job.await_checkpoint_after(number)


def verify_platform() -> bool:
    """Prints the comparison and gives whether all holds."""
    started = time.monotonic()
    kafka, ledger = KafkaSettings(), LedgerSettings().directory
    jobs, trino = [LandingJob(name, kafka, FlinkSettings()) for name in JOBS], Trino()
    asked = int(time.time()) // 60
    ends = await_condition("Kafka to answer", lambda: end_offsets(kafka), 60)
    await_landed(jobs, ends)

    evidence = Evidence()
    read_topics(kafka, ends, evidence)
    read_lake(trino, evidence)
    # The lake goes on while it is read: what came after the ends is left out.
    beyond = [place for place in evidence.dead if place[2] >= ends.get(place[:2], 0)]
    for place in beyond:
        del evidence.dead[place]
    read_dead_topic(kafka, evidence)
    read_sent(ledger, ends, asked, evidence)
    verdict = compare(evidence)
    dumps = verify_dumps(trino, ledger)
    hot_reading, stock_reading = HotReading(), StockReading()

    def wait_for_lake() -> None:
        await_landed(jobs, end_offsets(kafka))

    wait_for_lake()
    hot = hot_reading.compare(trino) + compare_stock(trino, stock_reading, wait_for_lake)
    others = [problem for result in hot for problem in result.problems] + [
        problem for total in dumps.values() for problem in total.problems
    ]
    holds = not (verdict.problems or verdict.wrong_minutes or others)
    print_verdict(verdict, hot)
    print_dumps(dumps)
    seconds = time.monotonic() - started
    if holds:
        print(
            f"verify: holds. Every event sent is in the lake once or in the dead letters with its reason; Redis equals the lake; "
            f"every row of every dump is loaded or quarantined. ({seconds:.0f} s)"
        )
    else:
        count = len(verdict.problems) + len(verdict.wrong_minutes) + len(others)
        print(f"verify: FAILS, {count} problems. ({seconds:.0f} s)")
    return holds


def verify_dumps(trino: Trino, ledger: Path) -> dict[str, DumpTotals]:
    """Waits until something has become of every file sent by now, and compares."""
    sent = sent_files(ledger)
    paths = {file.path for file in sent}
    waiting = len(paths)

    def all_done() -> bool:
        nonlocal waiting
        waiting = len(paths - {row[0] for row in trino.rows("SELECT path FROM lake.quality.files")})
        return not waiting

    if sent:
        await_condition(
            "the dumps to be loaded (batch-daemon, batch-code)", all_done, MOST_SECONDS, every=2.0, detail=lambda: f"{waiting} files to go"
        )
    return compare_dumps(sent, done_files(trino)) if sent else {}


def print_dumps(dumps: dict[str, DumpTotals]) -> None:
    """The table of the dumps, and each problem."""
    if not dumps:
        return
    headings = (
        "dump",
        "files",
        "refused",
        "repeated",
        "rows in",
        "rows loaded",
        "rows quarantined",
        "faults planted",
        "set aside with others",
        "wrong",
    )
    table = _table("Dumps", headings)
    for dump, total in sorted(dumps.items()):
        figures = (
            total.files, total.refused, total.repeated, total.rows_in, total.rows_loaded, total.rows_quarantined, total.planted, total.consequences,
            len(total.problems),
        )  # fmt: skip
        table.add_row(dump, *(f"{figure:,}" for figure in figures))
    _out().print(table)
    for total in dumps.values():
        for problem in total.problems[:SHOWN]:
            print(f"  {problem}")


def _out() -> Console:
    """Standard output, wide enough for the tables where it is no terminal."""
    return Console(highlight=False, soft_wrap=False, width=None if console.is_terminal else 150)


def _table(title: str, headings: Iterable[str]) -> Table:
    """A table whose first column is words and whose others are figures."""
    table = Table(title=title, title_justify="left")
    for i, heading in enumerate(headings):
        table.add_column(heading, justify="right" if i else "left")
    return table


def print_verdict(verdict: Verdict, hot: list[HotResult]) -> None:
    """The tables on standard output, and each problem by name."""
    out = _out()
    table = _table(
        "Sent, and where it is",
        (
            "topic", "events sent", "duplicates", "in Kafka", "in the lake", "lines", "amount", "set aside", "in doubt", "strangers", "minutes",
            "wrong minutes",
        ),
    )  # fmt: skip
    for topic, total in verdict.totals.items():
        wrong = sum(key[0] == topic for key in verdict.wrong_minutes)
        table.add_row(
            topic, f"{total.sent:,}", f"{total.duplicates:,}", f"{total.kafka:,}", f"{total.lake:,}", f"{total.lines:,}", f"{total.cents / 100:,.2f}",
            f"{total.dead:,}", f"{total.in_doubt:,}", f"{total.foreign:,}", f"{len(total.minutes):,}", f"{wrong:,}",
        )  # fmt: skip
    out.print(table)
    faults = sorted({kind for total in verdict.totals.values() for kind in total.faults})
    if faults:
        table = _table("Faults injected", ("topic", *(kind.replace("_", " ") for kind in faults)))
        for topic, total in verdict.totals.items():
            table.add_row(topic, *(f"{total.faults[kind]:,}" for kind in faults))
        out.print(table)
    table = _table("Redis against the lake", ("figures", "keys", "equal", "moving, within bounds", "wrong"))
    for result in hot:
        table.add_row(result.prefix, f"{result.keys:,}", f"{result.exact:,}", f"{result.moving:,}", f"{len(result.problems):,}")
    out.print(table)
    for problem in verdict.problems[:SHOWN]:
        print(f"  {problem.topic}: {problem.what}: {problem.name}")
    for (topic, minute), (sent, landed) in sorted(verdict.wrong_minutes.items())[:SHOWN]:
        print(f"  {topic}: {datetime.fromtimestamp(minute * 60, tz=UTC):%Y-%m-%d %H:%M}: {sent} sent, {landed} in the lake")
    for result in hot:
        for text in result.problems[:SHOWN]:
            print(f"  {text}")
    hidden = max(0, len(verdict.problems) - SHOWN)
    if hidden:
        print(f"  … and {hidden:,} more")
