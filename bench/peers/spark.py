"""Run the sales job in Spark Structured Streaming. The query runs while /tmp/run exists. The session stays, so that Spark is as warm as a TaskManager."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from pyspark.errors import StreamingQueryException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.avro.functions import from_avro

from bench.peers.messages import CHANNELS
from bench.peers.reference import COLUMNS, read, rows
from bench.peers.settings import PeerSettings
from bench.peers.spark_batch import Landing
from bench.peers.spark_limits import condition
from tillstream.core.buckets import CHECKPOINTS
from tillstream.core.contracts import Contract, contracts
from tillstream.core.rules import COPY_HOURS, is_fuel
from tillstream.core.settings import KafkaSettings, RegistrySettings
from tillstream.core.sql_templates import statements

HERE = Path(__file__).parent
RUN = Path("/tmp/run")  # noqa: S108 - in its container
CHECKPOINT = f"s3a://{CHECKPOINTS}/peers/spark"
#: Baskets in a batch.
BATCH = 60_000
#: The process ends after this many failures of the query in a row.
FAILURES = 3


def headers(client: httpx.Client) -> dict[bytes, tuple[str, str]]:
    """Return subject and schema by message header, from the current content of the registry."""
    by_header = {}
    for subject in client.get("/subjects").raise_for_status().json():
        for version in client.get(f"/subjects/{subject}/versions").raise_for_status().json():
            entry = client.get(f"/subjects/{subject}/versions/{version}").raise_for_status().json()
            by_header[b"\0" + int(entry["id"]).to_bytes(4, "big")] = (subject, entry["schema"])
    return by_header


def decoded(contract: Contract, known: dict[bytes, tuple[str, str]]) -> Column:
    """Return the column of a topic's record, read with its writer's schema into the contract's. It is null if it cannot be read."""
    body, column = f.expr("SUBSTRING(value, 6)"), None
    for header, (subject, schema) in known.items():
        if subject == contract.subject:
            options = {"mode": "PERMISSIVE", "avroSchema": contract.text}
            of_writer = f.when((f.col("topic") == contract.topic) & (f.col("header") == f.lit(header)), from_avro(body, schema, options))
            column = of_writer if column is None else f.coalesce(column, of_writer)
    assert column is not None, f"{contract.subject} is not registered"  # noqa: S101
    return column


def header_error(known: dict[bytes, tuple[str, str]]) -> Column:
    """Return the column with the error in a message's first five bytes; null if there is none."""
    mine = {topic: [header for header, (subject, _) in known.items() if subject == contracts()[topic].subject] for topic in CHANNELS}
    fits = [(f.col("topic") == topic) & f.col("header").isin(ours) for topic, ours in mine.items()]
    return (
        f.when(f.col("value").isNull(), "TOMBSTONE")
        .when(f.expr("LENGTH(value) <= 5 OR SUBSTRING(value, 1, 1) <> X'00'"), "UNFRAMED")
        .when(~f.col("header").isin(list(known)), "UNKNOWN_SCHEMA")
        .when(~(fits[0] | fits[1]), "WRONG_SCHEMA")
    )


def fields(messages: DataFrame, known: dict[bytes, tuple[str, str]]) -> DataFrame:
    """Return a row for each message: its position, its bytes, and the fields of its basket, which are null if it has none."""
    pos, web = (contracts()[topic] for topic in CHANNELS)
    place = ["topic", "partition", "offset", f.col("timestamp").alias("kafka_time"), "value", "header_error"]
    both = messages.withColumn("header", f.expr("SUBSTRING(value, 1, 5)")).withColumn("header_error", header_error(known))
    read_ = both.select(*place, decoded(pos, known).alias("pos"), decoded(web, known).alias("web"))
    in_pos, in_web = ({field["name"] for field in contract.fields} for contract in (pos, web))
    shared = [f.coalesce(f.col(f"pos.{name}"), f.col(f"web.{name}")).alias(name) for name in sorted(in_pos & in_web)]
    own = [
        f.col(f"{of}.{name}").alias(name) for of, names in (("pos", in_pos - in_web), ("web", in_web - in_pos)) for name in sorted(names)
    ]
    channel = f.when(f.col("topic") == pos.topic, CHANNELS[pos.topic]).otherwise(CHANNELS[web.topic]).alias("channel")
    return read_.select("topic", "partition", "offset", "kafka_time", "value", "header_error", *shared, *own, channel)


def look_ups(spark: SparkSession) -> None:
    """Load the reference tables into memory, as views."""
    for table, columns in COLUMNS.items():
        schema = ", ".join(f"{column} STRING" for column in columns) + (", fuel BOOLEAN" if table == "products" else "")
        data = [(*row, is_fuel(row[2], row[3])) if table == "products" else row for row in rows(table)]
        # Not persisted, because each task would carry the rows again.
        frame = spark.createDataFrame(data, schema).coalesce(1).localCheckpoint()
        frame.createOrReplaceTempView(table)


def baskets(spark: SparkSession) -> DataFrame:
    """Return the stream of baskets and dead letters, each once in 24 h."""
    options = {
        "kafka.bootstrap.servers": KafkaSettings().bootstrap,
        "kafka.isolation.level": "read_committed",
        "kafka.fetch.max.wait.ms": "50",
        "subscribe": ",".join(CHANNELS),
        "startingOffsets": "earliest",
        "maxOffsetsPerTrigger": str(BATCH),
    }
    with httpx.Client(base_url=RegistrySettings().url, timeout=20) as client:
        known = headers(client)
    fields(spark.readStream.format("kafka").options(**options).load(), known).createOrReplaceTempView("fields")
    pos, web = (contracts()[topic] for topic in CHANNELS)
    of_web = [field for field in web.fields if field["name"] not in {field["name"] for field in pos.fields}]
    limits = f"{condition(shared_fields(pos, web))} AND IF(channel = 'WEB', {condition(of_web)}, {condition(own_fields(pos, web))})"
    (query,) = statements(HERE / "sql" / "baskets.sql", limits=limits)
    # The watermark uses Kafka's time, by which nothing is late. With the event time, an event of three days ago would be dropped.
    return spark.sql(query).withWatermark("kafka_time", f"{COPY_HOURS} hours").dropDuplicatesWithinWatermark(["copy_of"])


def shared_fields(one: Contract, other: Contract) -> list[dict[str, Any]]:
    """Return the fields of a contract that the other one has too."""
    names = {field["name"] for field in other.fields}
    return [field for field in one.fields if field["name"] in names]


def own_fields(one: Contract, other: Contract) -> list[dict[str, Any]]:
    """Return the fields of a contract that the other one does not have."""
    names = {field["name"] for field in other.fields}
    return [field for field in one.fields if field["name"] not in names]


def run(spark: SparkSession, landing: Landing) -> None:
    """Run the query until RUN is removed. The batch under way is completed, because it would be repeated at the next start."""
    landing.begin(spark)
    query = baskets(spark).writeStream.queryName("sales").option("checkpointLocation", CHECKPOINT).foreachBatch(landing.land).start()
    while RUN.exists() and query.isActive:
        time.sleep(0.1)
    if query.isActive:
        query.processAllAvailable()
        query.stop()
    query.awaitTermination()
    print(json.dumps(landing.totals), flush=True)


def main() -> None:
    """Build the session, and run the query whenever RUN exists. If the query fails it is started again, as a supervisor would do.

    After a crash it fails once: Spark 4.1.1's Kafka source has no figures of a repeated batch (KafkaMicroBatchStream.metrics).
    """
    spark = SparkSession.builder.appName("sales").getOrCreate()
    look_ups(spark)
    landing, failed = Landing(PeerSettings(), read()), 0
    Path("/tmp/ready").touch()  # noqa: S108
    while failed < FAILURES:
        if not RUN.exists():
            time.sleep(0.1)
            continue
        try:
            run(spark, landing)
            failed = 0
        except StreamingQueryException as error:
            failed += 1
            print(f"the query failed and is started again: {error}", file=sys.stderr, flush=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
