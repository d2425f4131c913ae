"""Run `make verify`: wait for checkpoints, collect the evidence, compare it, and print the result."""

import time
from pathlib import Path

import typer

from tillstream.core.clients.registry import Registry
from tillstream.core.clients.trino import Trino
from tillstream.core.settings import FlinkSettings, KafkaSettings, LedgerSettings
from tillstream.core.topology import DEAD_LETTERS, FILES
from tillstream.core.waiting import await_condition
from tillstream.verify.collect import kept_since, leave_out, read_dead_topic, read_lake, read_sent, read_topics
from tillstream.verify.compare import compare
from tillstream.verify.dumps import DumpTotals, compare_dumps, done_files, sent_files
from tillstream.verify.evidence import LANDED_BY, TOPICS, Evidence
from tillstream.verify.hot import HotReading, compare_redis
from tillstream.verify.landing import MOST_SECONDS, LandingJob, await_landed
from tillstream.verify.messages import Writers
from tillstream.verify.printing import print_dumps, print_problems, print_transactions, print_verdict
from tillstream.verify.topics import committed_ends, log_ends
from tillstream.verify.transactions import OpenTransaction, open_transactions
from tillstream.verify.verdict import Verdict

#: Exit statuses beside 0. The command line itself uses 2 for wrong usage.
WRONG, LOST = 1, 3


def verify_platform() -> int:
    """Compare the whole platform, print the result, and return the exit status.

    Returns:
        0 where all is right; WRONG where there is a problem; LOST where Kafka has lost acknowledged messages, and nothing else is wrong.
    """
    started = time.monotonic()
    kafka, ledger = KafkaSettings(), LedgerSettings().directory
    jobs, trino = [LandingJob(name, kafka, FlinkSettings()) for name in LANDED_BY], Trino()
    inventory = LandingJob("inventory", kafka, FlinkSettings())
    minute = int(time.time()) // 60
    ends = await_condition("Kafka to answer", lambda: committed_ends(kafka, TOPICS), 60)
    open_at_start = _open_transactions(kafka, ends)
    await_landed(jobs, ends)
    verdict = _compare_events(jobs, trino, kafka, ledger, ends, minute)
    dumps = verify_dumps(trino, ledger)

    def wait_for_lake() -> None:
        await_landed(jobs, committed_ends(kafka, TOPICS), [inventory])

    hot = compare_redis(lambda: HotReading(trino), trino, wait_for_lake)
    # A transaction that is open during the whole run is hung. Normal ones end in the meantime.
    still_open = set(_open_transactions(kafka, committed_ends(kafka, TOPICS))) if open_at_start else set()
    hung = [transaction for transaction in open_at_start if transaction in still_open]
    print_verdict(verdict, hot)
    print_dumps(dumps)
    seconds = time.monotonic() - started
    print_transactions(open_at_start, hung, seconds)
    print_problems(verdict, hot, dumps)
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
            f"verify: LOST BY THE BROKER: {messages:,} messages that Kafka had acknowledged are missing, {sum(loss.events for loss in verdict.losses):,} "
            f"of them without another copy; all else holds. ({seconds:.0f} s)"
        )
        return LOST
    typer.echo(
        f"verify: holds. Every event sent is in the lake once, with the figures of its message, or in the dead letters with its reason. Nothing else is "
        f"there. Redis equals the lake. Every row of every dump is loaded or quarantined, each fault under its rule. ({seconds:.0f} s)"
    )
    return 0


def _compare_events(
    jobs: list[LandingJob], trino: Trino, kafka: KafkaSettings, ledger: Path, ends: dict[tuple[str, int], int], minute: int
) -> Verdict:
    """Collect the evidence of events and compare it. A year's evidence takes half a gigabyte, which is freed when this returns."""
    evidence = Evidence(read_up_to={(job.name, place): offset for job in jobs for place, offset in job.read_up_to.items()})
    read_lake(trino, kept_since(kafka, (*TOPICS, DEAD_LETTERS)), evidence)
    leave_out(evidence, ends)
    read_topics(kafka, ends, Writers(Registry()), evidence)
    read_dead_topic(kafka, evidence)
    read_sent(ledger, kafka, ends, minute, evidence)
    return compare(evidence)


def _open_transactions(kafka: KafkaSettings, ends: dict[tuple[str, int], int]) -> list[OpenTransaction]:
    """Return the transactions that are open now. Partitions that can be read to the end of their log have none."""
    return open_transactions(kafka.bootstrap, [place for place, end in log_ends(kafka, TOPICS).items() if end > ends.get(place, 0)])


def verify_dumps(trino: Trino, ledger: Path) -> dict[str, DumpTotals]:
    """Wait until every file sent by now has a result, and compare the results with the ledger.

    Raises:
        AwaitTimeoutError: a file has no result within MOST_SECONDS.
    """
    sent = sent_files(ledger)
    paths = {file.path for file in sent}
    pending = len(paths)

    def all_done() -> bool:
        nonlocal pending
        pending = len(paths - {row[0] for row in trino.rows(f"SELECT path FROM {FILES}")})
        return not pending

    if sent:
        await_condition(
            "the dumps to be loaded (batch-daemon, batch-code)", all_done, MOST_SECONDS, every=2.0, detail=lambda: f"{pending} files to go"
        )
    return compare_dumps(sent, done_files(trino)) if sent else {}
