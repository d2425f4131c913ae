"""The contracts are complete, and tables and topics agree with them."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flink_jobs.common.ddl import columns, nullable_columns
from tests.support.compose_platform import ROOT
from tillstream.core.contracts import Contract, contracts, period
from tillstream.core.errors import ContractError
from tillstream.core.settings import KafkaSettings
from tillstream.deploy.topics import topic_config

PRIVACY = {"none", "pseudonym", "personal"}


def fields(contract: Contract) -> list[dict]:
    found = list(contract.document["fields"])
    for field in contract.document["fields"]:
        items = field["type"].get("items") if isinstance(field["type"], dict) else None
        found += items["fields"] if isinstance(items, dict) else []
    return found


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.topic)
def test_every_field_says_what_it_means_whose_it_is_how_private_and_how_long_kept(contract: Contract) -> None:
    for field in fields(contract):
        assert len(field["doc"]) > 5, field["name"]
        assert field["owner"]
        assert field["privacy"] in PRIVACY
        assert period(field["retention"])


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.topic)
def test_money_is_decimal_and_time_is_micros(contract: Contract) -> None:
    assert "float" not in contract.text
    assert "double" not in contract.text
    for field in fields(contract):
        if field["name"].endswith(("amount", "discount")):
            assert field["type"]["logicalType"] == "decimal"
        if field["name"].endswith(("_time", "_at", "minute")):
            (kind,) = [kind for kind in (field["type"] if isinstance(field["type"], list) else [field["type"]]) if kind != "null"]
            assert kind["logicalType"] == "timestamp-micros"


def present(field: dict) -> Any:
    """Return the field's type, without null if the field is optional."""
    kind = field["type"]
    return next(branch for branch in kind if branch != "null") if isinstance(kind, list) else kind


def is_list(field: dict) -> bool:
    return isinstance(present(field), dict) and present(field)["type"] == "array"


def most_bytes(field: dict) -> int:
    """Return the most bytes that the field takes: four for a character, ten for a number, nine for an amount."""
    kind = present(field)
    if is_list(field):
        item = 4 * field["maxLength"] if kind["items"] == "string" else sum(most_bytes(inner) for inner in kind["items"]["fields"])
        return int(field["maxItems"]) * (item + 10)
    return int({"string": 4, "bytes": 1}.get(str(kind), 0) * field.get("maxLength", 0)) + 11


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.topic)
def test_every_text_and_every_list_says_how_long_it_can_be(contract: Contract) -> None:
    for field in fields(contract):
        if present(field) in ("string", "bytes") or (is_list(field) and present(field)["items"] == "string"):
            assert field["maxLength"] >= max([field.get("minLength", 1), *map(len, field.get("allowed", []))]), field["name"]
        if is_list(field):
            assert field["maxItems"] >= field.get("minItems", 1), field["name"]


#: Contracts of topics that jobs and batch runs write. For the topics of the sources, the broker's limit of a message applies.
WRITTEN = [c for c in contracts().values() if c.compacted or c.topic.endswith(("alerts.v1", "dead_letters.v1", "movements.v1"))]


@pytest.mark.parametrize("contract", WRITTEN, ids=lambda c: c.topic)
def test_the_largest_row_of_a_contract_fits_into_a_message_with_its_key(contract: Contract) -> None:
    # The margin is for the overhead of a batch and a record, some hundred bytes.
    assert sum(most_bytes(field) for field in contract.fields) + 10_000 < int(topic_config(contract)["max.message.bytes"])
    for name in ("append_table.sql", "hot_table.sql"):
        assert f"'properties.max.request.size' = '{topic_config(contract)['max.message.bytes']}'" in (
            ROOT / "flink_jobs" / "common" / name
        ).read_text(encoding="utf-8")


@pytest.mark.parametrize("contract", [c for c in contracts().values() if not c.compacted], ids=lambda c: c.topic)
def test_the_time_of_a_message_is_the_brokers_and_not_what_a_producer_says(contract: Contract) -> None:
    assert topic_config(contract)["message.timestamp.type"] == "LogAppendTime"


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda c: c.topic)
def test_the_last_released_version_is_the_contract_as_it_stands(contract: Contract) -> None:
    versions = sorted((ROOT / "schemas" / "released" / contract.topic).glob("*.avsc"), key=lambda p: int(p.stem))
    assert json.loads(versions[-1].read_text(encoding="utf-8")) == contract.document, "a changed contract is a new file in schemas/released"


@pytest.mark.parametrize("contract", [c for c in contracts().values() if c.redis_prefix and not c.redis_field], ids=lambda c: c.topic)
def test_trinos_table_of_a_hot_topic_has_the_contracts_fields(contract: Contract) -> None:
    area, what = str(contract.redis_prefix).split(":")
    table = json.loads((ROOT / f"images/trino/etc/redis/{area}.{what}.json").read_text(encoding="utf-8"))
    assert [f["name"] for f in table["value"]["fields"]] == [f["name"] for f in contract.document["fields"]]
    assert f"{area}.{what}" in (ROOT / "images/trino/etc/catalog/hot.properties").read_text(encoding="utf-8")


def lake_columns(table: str) -> set[str]:
    text = (ROOT / "lake" / table.split(".")[1] / "tables.sql").read_text(encoding="utf-8")
    body = re.search(rf"CREATE TABLE IF NOT EXISTS {re.escape(table)} \((.*?)\n\) WITH", text, re.DOTALL)
    assert body
    return {name.strip('"') for name in re.findall(r"^  (\"?\w+\"?) ", body[1], re.MULTILINE)}


def test_the_lake_has_what_the_contracts_carry() -> None:
    """Check all fields, except fields that were added since the first release. A deployment adds their columns."""
    clicks = contracts()["web.events.v1"]
    events = {f["name"] for f in clicks.fields} - {f["name"] for f in clicks.added}
    assert lake_columns("lake.web.events") == events | {"ingested_at"}
    tills = contracts()["pos.transactions.v1"]
    trade = {f["name"] for f in fields(tills)} - {"lines", "total_amount"} - {f["name"] for f in [*tills.added, *tills.added_to_lines]}
    assert trade <= lake_columns("lake.sales.lines")
    letters = {f["name"] for f in contracts()["dead_letters.v1"].document["fields"]}
    assert lake_columns("lake.quality.dead_letters") == letters


@pytest.mark.parametrize("name", ["common/source_table.sql", "common/notification_table.sql", "hot_store/hot_records.sql"])
def test_a_job_reads_what_was_committed_and_finds_a_new_partition_within_a_minute(name: str) -> None:
    text = (ROOT / "flink_jobs" / name).read_text(encoding="utf-8")
    assert "'properties.isolation.level' = 'read_committed'" in text
    (seconds,) = re.findall(r"'scan\.topic-partition-discovery\.interval' = '(\d+) s'", text)
    assert int(seconds) <= 45


def test_every_source_of_kafka_is_one_of_those() -> None:
    sources = [path.name for path in (ROOT / "flink_jobs").rglob("*.sql") if "properties.group.id" in path.read_text(encoding="utf-8")]
    assert sorted(sources) == ["hot_records.sql", "notification_table.sql", "source_table.sql"]
    assert KafkaSettings().consumer()["isolation.level"] == "read_committed"
    elsewhere = [p for area in ("tillstream", "producers", "batch", "flink_jobs") for p in (ROOT / area).rglob("*.py")]
    made = [line for path in elsewhere for line in re.findall(r"\bConsumer\((.*)", path.read_text(encoding="utf-8"))]
    assert made
    assert all("consumer()" in line for line in made), made


def test_an_open_transaction_holds_up_a_partition_for_a_minute_at_most_and_a_client_with_defaults_is_served() -> None:
    text = (ROOT / "images/kafka/server.properties").read_text(encoding="utf-8")
    assert "transaction.max.timeout.ms=60000" in text


def test_flinks_columns_follow_from_the_contract() -> None:
    ddl = columns(contracts()["hot.sales_by_minute.v1"])
    assert "`minute` TIMESTAMP_LTZ(6) NOT NULL" in ddl
    assert "`net_amount` DECIMAL(18, 2) NOT NULL" in ddl
    source = nullable_columns(contracts()["pos.transactions.v1"])
    assert "`customer_id` STRING" in source
    assert "`lines` ARRAY<ROW<`line_no` INT, `product_id` STRING, `quantity` BIGINT" in source


@pytest.mark.parametrize(("text", "days"), [("P7Y", 2555), ("P30D", 30), ("P1Y10D", 375), ("PT6H", 0.25)])
def test_a_period_has_days(text: str, days: float) -> None:
    assert period(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "P", "7Y", "P7M", "PT"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ContractError):
        period(text)


def test_a_text_of_a_message_that_sql_makes_a_date_of_is_one_by_its_contract() -> None:
    """Check that each text which a job casts to a date is a date by its contract. In Flink, a cast that fails stops the job."""
    dates = {f["name"] for c in contracts().values() for f in fields(c) if f.get("format") == "date"}
    cast = {
        name
        for path in (ROOT / "flink_jobs").rglob("*.sql")
        for name in re.findall(r"(?<!TRY_)CAST\((\w+) AS DATE\)", path.read_text(encoding="utf-8"))
    }
    assert cast
    assert cast <= dates


def test_contracts_name_each_topic_once_and_by_the_rule() -> None:
    for path in Path(ROOT / "schemas" / "topics").glob("*.avsc"):
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?\.v\d+\.avsc", path.name)
