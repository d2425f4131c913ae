"""Measure what the size of the sales job's state costs, by the number of baskets that it remembers, on the heap and in RocksDB.

python -m bench.state_size [--state heap] [--millions 1 5 20]. Each kind of state has a platform of its own. Baskets of one line are sent
until the given number is remembered. Then a backlog of the source year's baskets is caught up, and a steady load is measured to Redis.
Each row of the table is printed as soon as it is known.
"""

import argparse
import os
import re

from bench.catch_up import backlog, cpu_seconds, everything_on, memory_mb, watch
from bench.platform import bench_platform, submit
from tests.support.compose_platform import Platform

#: Sends baskets of one line that differ only in their ids: one message is encoded, and each id is written into its bytes. argv[1]: number
#: of baskets.
SEND = """
import sys, uuid
from datetime import UTC, datetime
from confluent_kafka import Producer
from tillstream.core.avro_encoding import encoders, micros, money
from tillstream.core.settings import KafkaSettings
topic, now, like, count = "pos.transactions.v1", micros(datetime.now(tz=UTC)), str(uuid.uuid4()), int(sys.argv[1])
line = dict(line_no=1, product_id="995242", quantity=1, net_amount=money(100), retail_discount=money(0), coupon_discount=money(0),
            coupon_match_discount=money(0))
event = dict(event_id=like, run_id="remembered", transaction_id="remembered", transaction_type="SALE", original_event_id=None, store_id="367",
             terminal_id="1", customer_id=None, event_time=now, source_time=now, currency="USD", payment_method="CARD", coupon_id=None,
             total_amount=money(100), lines=[line])
before, after = encoders(topic)[topic].encode(event).split(like.encode())
producer = Producer(KafkaSettings().producer() | {"queue.buffering.max.messages": 200000, "linger.ms": 50})
for number in range(count):
    message = before + str(uuid.uuid4()).encode() + after
    while True:
        try:
            producer.produce(topic, message, key=str(number % 400).encode())
            break
        except BufferError:
            producer.poll(0.1)
    if number % 1000 == 0:
        producer.poll(0)
assert producer.flush(120) == 0
"""
HEAD = "| state | remembered | lines/s over all | at best | CPU s a million lines | memory of the TaskManager | event to Redis p50 | p99 | load |"


def remember(platform: Platform, baskets: int, lines_before: int) -> None:
    """Send baskets and wait until they are in the lake, which had `lines_before` lines before."""
    used = cpu_seconds(platform)
    platform.python("tools", SEND, str(baskets), timeout=3600)
    watch(platform, f"{baskets:,} baskets of a line", "sales", "lake.sales.lines", lines_before, baskets, used)


def measure(state: str, millions: list[int], lines: int, memory: int) -> None:
    """Print a row for each number of remembered baskets."""
    with bench_platform(FLINK_STATE=state, TASKMANAGER_MB=str(memory)) as platform:
        submit(platform, "sales", "hot_store")
        there = remembered = 0
        for wanted in millions:
            remember(platform, wanted * 1_000_000 - remembered, there)
            there += wanted * 1_000_000 - remembered
            platform.flink_cancel("sales")
            sent = backlog(platform, lines)
            run = everything_on(platform, f"{state}, {wanted} million", there, sent, "sales")
            remembered, there = wanted * 1_000_000, there + sent
            figures = platform.company("produce", "latency", "--rate", "2000", "--seconds", "60", timeout=600)
            there = int(platform.sql("SELECT count(*) AS n FROM lake.sales.lines")[0]["n"])
            p50, p99 = re.findall(r"Redis.*?p50 ([\d.]+) s.*?p99 ([\d.]+) s", figures)[0]
            print(
                f"| {state} | {wanted} million | {run.rate:,.0f} | {run.best:,.0f} | {run.cpu_seconds / sent * 1e6:.1f} | "
                f"{memory_mb(platform):,.0f} MB | {p50} s | {p99} s | {os.getloadavg()[0]:.1f} |",
                flush=True,
            )


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", nargs="+", choices=("heap", "rocksdb"), default=["heap", "rocksdb"])
    parser.add_argument("--millions", nargs="+", type=int, default=[1, 5, 20], help="millions of remembered baskets, in ascending order")
    parser.add_argument("--lines", type=int, default=2_000_000, help="lines of the backlog")
    parser.add_argument("--memory", type=int, default=10_000, help="the TaskManager's memory in MB (TASKMANAGER_MB)")
    options = parser.parse_args()
    print(HEAD, "|---" * (HEAD.count("|") - 1) + "|", sep="\n", flush=True)
    for state in options.state:
        measure(state, options.millions, options.lines, options.memory)


if __name__ == "__main__":
    main()
