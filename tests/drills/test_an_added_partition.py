"""The running jobs read a partition that is added to a topic. The partition is not removed, so all later drills and `make verify` run with it."""

import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewPartitions

from tests.support.compose_platform import Platform, eventually
from tests.support.strangers import SALES, Strangers

STORE = "stranger-partition"
#: The longest time until a new partition is read. The jobs look for new partitions every half minute.
FOUND_SECONDS = 60


def test_a_partition_that_is_added_while_jobs_run_is_read_within_a_minute(platform: Platform) -> None:
    admin = AdminClient({"bootstrap.servers": platform.kafka})
    count = len(admin.list_topics(SALES, timeout=20).topics[SALES].partitions)
    admin.create_partitions([NewPartitions(SALES, count + 1)])[SALES].result()

    def led() -> bool:
        try:
            return bool(admin.list_topics(SALES, timeout=5).topics[SALES].partitions[count].leader >= 0)
        except (KafkaException, KeyError):
            return False

    eventually("a leader of the new partition", led, 30)
    with Strangers(platform) as strangers:
        begun = time.monotonic()
        strangers.basket("added", 250, STORE, partition=count)
        strangers.flush()
        hot = f"SELECT CAST(net_amount AS varchar) AS amount FROM hot.sales.by_store WHERE store_id = '{STORE}'"
        rows = eventually("the basket of the new partition in the hot store", lambda: platform.sql(hot), FOUND_SECONDS + 15, every=1)
        assert time.monotonic() - begun <= FOUND_SECONDS
        assert rows == [{"amount": "2.50"}]
        lake = f"SELECT count(*) AS n FROM lake.sales.lines WHERE event_id = '{strangers.sent['added'].event_id}'"
        eventually("and in the lake", lambda: platform.sql(lake) == [{"n": 1}], 60, every=1)
