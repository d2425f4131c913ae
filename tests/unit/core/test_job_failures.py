"""The text of an exception tells whether a restart of the job may help or never helps."""

import re

import pytest

from tests.support.compose_platform import ROOT
from tillstream.core.job_failures import parse_failure

OUT_OF_RANGE = """java.lang.RuntimeException: One or more fetchers have encountered exception
Caused by: org.apache.flink.kafka.shaded.org.apache.kafka.clients.consumer.OffsetOutOfRangeException: Fetch position FetchPosition{offset=5120, offsetEpoch=Optional.empty, currentLeader=LeaderAndEpoch{leader=Optional[kafka:9092 (id: 1 rack: null)], epoch=3}} is out of range for partition pos.transactions.v1-2"""
OTHER_FORM = """OffsetOutOfRangeException: Offsets out of range with no configured reset policy for partitions: {web.orders.v1-0=77}"""
NEW_FIELD = """java.lang.RuntimeException: Error while getting state
Caused by: org.apache.flink.util.StateMigrationException: For heap backends, the new state serializer must not be incompatible with the old state serializer"""


def test_an_offset_that_kafka_does_not_have_is_told_with_its_partition_and_both_ways_out() -> None:
    found = parse_failure(OUT_OF_RANGE)
    assert found
    assert found.kind == "OFFSETS"
    assert "at offset 5,120 of pos.transactions.v1-2" in found.reason
    assert "make jobs-fill" in found.reason
    assert "make jobs-resume" in found.reason
    other = parse_failure(OTHER_FORM)
    assert other
    assert "at offset 77 of web.orders.v1-0" in other.reason


@pytest.mark.parametrize(
    "text",
    [
        NEW_FIELD,
        "IllegalStateException: the state of the books is of version 2, and this code reads none above 1: newer code wrote it",
        "Caused by: org.apache.iceberg.exceptions.NotFoundException: Location does not exist: s3://lake/sales/lines/data/00000-0-1.parquet",
    ],
)
def test_a_state_that_does_not_fit_is_told_in_its_own_words(text: str) -> None:
    found = parse_failure(text)
    assert found
    assert found.kind == "STATE"
    assert text.splitlines()[-1].removeprefix("Caused by: ")[:100] in found.reason


@pytest.mark.parametrize("text", ["", "java.net.ConnectException: Connection refused: minio/172.18.0.5:9000", "TimeoutException: Redis"])
def test_what_a_restart_may_mend_is_no_failure(text: str) -> None:
    assert parse_failure(text) is None


#: The fields of the classes in the jobs' state. Flink cannot restore such a class if its fields change. New data goes into a packed field, with
#: a new version number.
KEPT = {
    "inventory/Stock.java": (
        "Books",
        (
            "long countedAt; int counted; byte[] sales; long soldEarlier; long soldEarlierUntil; byte[] deliveries; double unitsBefore; double daysBefore; "
            "long version; long stockUnits; int level; int alerts"
        ),
    ),
    "behaviour/Sessions.java": ("Visitor", "long[] sessions; String device"),
    "behaviour/Terms.java": ("Places", "int taken"),
    "behaviour/Favourites.java": ("Spent", "MapView<String, Long> cents"),
}


@pytest.mark.parametrize("file", KEPT)
def test_what_flink_keeps_of_a_function_is_what_it_kept_when_it_was_released(file: str) -> None:
    name, fields = KEPT[file]
    body = re.search(
        rf"class {name} \{{(.*?)\n    \}}", (ROOT / "flink_jobs/java/tillstream" / file).read_text(encoding="utf-8"), re.DOTALL
    )
    assert body
    found = re.findall(r"^\s+public ([\w\[\]<>, ]+? \w+)(?: =.*)?;$", body[1], re.MULTILINE)
    assert "; ".join(found) == fields
