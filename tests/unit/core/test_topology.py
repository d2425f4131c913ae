"""The topology says what the SQL of the jobs and of the lake says."""

import ast
import re

import pytest

from flink_jobs.common.ddl import table_name
from flink_jobs.common.submit import JOBS as SUBMITTED
from tests.support.compose_platform import ROOT
from tillstream.core.contracts import contracts, dump_contracts
from tillstream.core.lineage import page
from tillstream.core.sql_templates import statements
from tillstream.core.topology import (
    CHANNELS,
    DERIVED,
    HOT_TOPICS,
    JOBS,
    MOVEMENT_DUMPS,
    QUALITY_TABLES,
    REFERENCE,
    REFERENCE_DUMPS,
    TILLS,
    WEB_ORDERS,
    Job,
    redis_prefix,
    streamed_tables,
    tables_of,
)

TOPIC_OF = {table_name(topic): topic for topic in contracts()}
each_job = pytest.mark.parametrize("job", JOBS.values(), ids=lambda job: job.name)


def sql_of(job: Job) -> str:
    """Return all SQL of a job, without comments and backticks."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "flink_jobs" / job.name).rglob("*.sql"))]
    return re.sub(r"--[^\n]*|`", "", "\n".join(texts))


@each_job
def test_a_job_inserts_into_the_tables_and_topics_that_the_topology_lists_and_no_others(job: Job) -> None:
    into = set(re.findall(r"INSERT INTO ([\w.]+)", sql_of(job)))
    assert {name for name in into if name.startswith("lake.")} == set(job.tables)
    assert {TOPIC_OF[name] for name in into if not name.startswith("lake.")} == {*job.hot_topics, *job.other_topics}


@each_job
def test_a_job_reads_the_tables_of_the_lake_and_looks_up_in_the_reference_tables_that_the_topology_lists(job: Job) -> None:
    sql = sql_of(job)
    assert set(re.findall(r"FROM (lake\.\w+\.\w+)", sql)) == {table for flow in job.flows for table in tables_of(flow.asks)}
    assert set(re.findall(r"JOIN (\w+) FOR SYSTEM_TIME", sql)) <= {table for flow in job.flows for table in flow.lookups}


@each_job
def test_a_job_looks_for_copies_in_the_tables_that_the_topology_lists(job: Job) -> None:
    asked = set(re.findall(r"LANDED_AT\('([\w.]+)'", sql_of(job)))
    java = (ROOT / "flink_jobs/java/tillstream" / job.name).glob("*.java")
    asked |= {table for path in java for table in re.findall(r'new EachOnce\(.*?"([\w.]+)"', path.read_text(encoding="utf-8"))}
    assert {f"lake.{table}" for table in asked} == {table for flow in job.flows for table in tables_of(flow.recalls)}


@each_job
def test_a_job_reads_and_writes_topics_that_have_contracts(job: Job) -> None:
    assert {*job.reads, *job.hot_topics, *job.other_topics} <= set(contracts())
    assert set(job.uncompared) <= set(job.reads)


def test_every_topic_is_read_or_written_by_a_job() -> None:
    assert {topic for job in JOBS.values() for topic in (*job.reads, *job.other_topics)} == set(contracts())


def test_every_job_has_its_folder() -> None:
    assert {path.parent.name for path in (ROOT / "flink_jobs").glob("*/job.py")} == set(JOBS) == set(SUBMITTED)


def test_the_hot_store_reads_every_compacted_topic_and_has_a_place_in_redis_for_each() -> None:
    assert set(HOT_TOPICS) == {topic for topic, contract in contracts().items() if contract.compacted}
    assert len(JOBS["hot_store"].redis_areas) == len(HOT_TOPICS)
    assert all(contracts()[topic].redis_prefix for topic in HOT_TOPICS)


def test_no_python_file_repeats_a_redis_prefix_of_a_contract() -> None:
    """An example in single quotes, as in a command's help, is allowed. So are docstrings."""
    repeated = re.compile(rf"(?<!')\b(?:{'|'.join(map(redis_prefix, HOT_TOPICS))})\b")
    found = []
    for folder in ("tillstream", "producers", "flink_jobs", "batch", "bench", "scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
            texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings]
            found += [f"{path.relative_to(ROOT)}:{text.lineno}" for text in texts if repeated.search(str(text.value))]
    assert found == []


def test_a_table_that_a_contract_names_is_written_by_a_job_and_made_with_the_partitions_that_upkeep_works_on() -> None:
    assert {contract.table for contract in contracts().values() if contract.table} == set(streamed_tables())
    by_day = re.compile(r"CREATE TABLE IF NOT EXISTS (\S+) \(.*partitioning = ARRAY\['day\((\w+)\)'\]", re.DOTALL)
    tables = (by_day.match(statement) for path in (ROOT / "lake").glob("*/tables.sql") for statement in statements(path))
    assert {table: streamed.day for table, streamed in streamed_tables().items()} == {table[1]: table[2] for table in tables if table}


def test_the_batch_side_names_dumps_and_tables_that_there_are() -> None:
    assert {*MOVEMENT_DUMPS, *(dump for dumps in REFERENCE_DUMPS.values() for dump in dumps)} <= set(dump_contracts())
    assert set(REFERENCE_DUMPS) == set(REFERENCE)
    ddl = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "lake").glob("*/tables.sql"))
    assert all(f"CREATE TABLE IF NOT EXISTS {table} (" in ddl for table in (*QUALITY_TABLES, *DERIVED))


def test_the_sales_job_tells_the_channels_apart_by_their_topics() -> None:
    assert CHANNELS == {"STORE": TILLS, "WEB": WEB_ORDERS}
    assert "CASE kafka_topic WHEN '${web_orders}' THEN 'WEB' ELSE 'STORE' END AS channel" in sql_of(JOBS["sales"])


def test_the_page_of_the_lineage_is_what_the_topology_says() -> None:
    assert (ROOT / "docs/lineage.md").read_text(encoding="utf-8") == page(), "run: python3 -m tillstream.core.lineage > docs/lineage.md"
