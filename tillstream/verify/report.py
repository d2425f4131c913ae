"""`make verify`: waits for checkpoints, gathers the evidence, compares, and prints."""

import time
from pathlib import Path

import typer

from tillstream.core.clients.registry import Registry
from tillstream.core.clients.trino import Trino
from tillstream.core.settings import FlinkSettings, KafkaSettings, LedgerSettings
from tillstream.core.waiting import await_condition
from tillstream.verify.collect import kept_since, leave_out, read_dead_topic, read_lake, read_sent, read_topics
from tillstream.verify.compare import Verdict, compare
from tillstream.verify.dumps import DumpTotals, compare_dumps, done_files, sent_files
from tillstream.verify.evidence import DEAD_LETTERS, TOPICS, Evidence
from tillstream.verify.hot import HotReading
from tillstream.verify.landing import JOBS, MOST_SECONDS, LandingJob, await_landed
from tillstream.verify.messages import Writers
from tillstream.verify.printing import print_dumps, print_transactions, print_verdict
from tillstream.verify.stock import StockReading, compare_stock
from tillstream.verify.topics import committed_ends, log_ends
from tillstream.verify.transactions import OpenTransaction, open_transactions

#: Exit statuses beside 0, all holds. 2 is the command line's own, for a wrong use.
WRONG, LOST = 1, 3


def verify_platform() -> int:
    """Prints the comparison and gives the exit status: 0, WRONG, or LOST where nothing is wrong but that Kafka has lost what it had acknowledged."""
    started = time.monotonic()
    kafka, ledger = KafkaSettings(), LedgerSettings().directory
    jobs, trino = [LandingJob(name, kafka, FlinkSettings()) for name in JOBS], Trino()
    alerting = LandingJob("inventory", kafka, FlinkSettings())
    asked = int(time.time()) // 60
    ends = await_condition("Kafka to answer", lambda: committed_ends(kafka, TOPICS), 60)
    held_back = _open_transactions(kafka, ends)
    await_landed(jobs, ends)
    verdict = _compare_events(jobs, trino, kafka, ledger, ends, asked)
    dumps = verify_dumps(trino, ledger)
    hot_reading, stock_reading = HotReading(), StockReading(trino)

    def wait_for_lake() -> None:
        await_landed(jobs, committed_ends(kafka, TOPICS), [alerting])

    wait_for_lake()
    hot = hot_reading.compare(trino) + compare_stock(trino, stock_reading, wait_for_lake)
    # One that is open all the time that this takes holds the platform up; others end meanwhile.
    still = set(_open_transactions(kafka, committed_ends(kafka, TOPICS))) if held_back else set()
    hung = [transaction for transaction in held_back if transaction in still]
    print_verdict(verdict, hot)
    print_dumps(dumps)
    seconds = time.monotonic() - started
    print_transactions(held_back, hung, seconds)
    count = (
        len(verdict.problems)
        + len(verdict.wrong_minutes)
        + len(hung)
        + sum(len(result.problems) for result in hot)
        + sum(len(total.problems) for total in dumps.values())
    )
    messages = sum(loss.messages for loss in verdict.losses)
    if count:
        typer.echo(f"verify: FAILS, {count} problems. ({seconds:.0f} s)")
        return WRONG
    if verdict.losses:
        typer.echo(
            f"verify: LOST BY THE BROKER: {messages:,} messages that Kafka had acknowledged are not in it, {sum(loss.events for loss in verdict.losses):,} "
            f"of them with no other copy; all else holds. ({seconds:.0f} s)"
        )
        return LOST
    typer.echo(
        f"verify: holds. Every event sent is in the lake once, as its message says, or in the dead letters with its reason; nothing else is; "
        f"Redis equals the lake; every row of every dump is loaded or quarantined, each fault under its rule. ({seconds:.0f} s)"
    )
    return 0


def _compare_events(
    jobs: list[LandingJob], trino: Trino, kafka: KafkaSettings, ledger: Path, ends: dict[tuple[str, int], int], asked: int
) -> Verdict:
    """Gathers what there is of events, and compares it. What was gathered takes half a gigabyte after a year: it goes with the return."""
    evidence = Evidence(read_up_to={(job.name, place): offset for job in jobs for place, offset in job.read_up_to.items()})
    read_lake(trino, kept_since(kafka, (*TOPICS, DEAD_LETTERS)), evidence)
    leave_out(evidence, ends)
    read_topics(kafka, ends, Writers(Registry()), evidence)
    read_dead_topic(kafka, evidence)
    read_sent(ledger, kafka, ends, asked, evidence)
    return compare(evidence)


def _open_transactions(kafka: KafkaSettings, ends: dict[tuple[str, int], int]) -> list[OpenTransaction]:
    """Transactions that are open now; of partitions that can be read to their end none is looked for."""
    return open_transactions(kafka.bootstrap, [place for place, end in log_ends(kafka, TOPICS).items() if end > ends.get(place, 0)])


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
