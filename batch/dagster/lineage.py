"""Assets around the dumps in Dagster's graph: topics, Flink's tables, Redis keys, files in the bucket and dashboards. Dagster runs none of them."""

import dagster as dg

from batch.dagster.dashboards import dashboards
from tillstream.core.contracts import contracts, dump_contracts

STOCK_TOPICS = ("pos.transactions.v1", "web.orders.v1", "inventory.movements.v1")
#: Source topics of each table that a Flink job writes.
FLINK_TABLES = {
    "lake.sales.lines": ("pos.transactions.v1", "web.orders.v1"),
    "lake.web.events": ("web.events.v1",),
    "lake.quality.dead_letters": (
        "pos.transactions.v1",
        "web.orders.v1",
        "web.events.v1",
        "inventory.movements.v1",
        "voice.feedback.v1",
        "voice.calls.v1",
        "voice.photos.v1",
    ),
    "lake.voice.feedback": ("voice.feedback.v1",),
    "lake.voice.calls": ("voice.calls.v1",),
    "lake.voice.photos": ("voice.photos.v1",),
    "lake.voice.alerts": ("voice.feedback.v1", "voice.calls.v1"),
    "lake.inventory.alerts": STOCK_TOPICS,
}
#: Tables in which the loads record files, rules and rows.
QUALITY_TABLES = ("lake.quality.files", "lake.quality.results", "lake.quality.quarantine")
#: Topics that loads write to, with the tables of these loads.
TOLD_BY = {"inventory.movements.v1": ("lake.inventory.stock_counts", "lake.inventory.restocks")}
#: Masters that the sales job joins with.
MASTERS = [dg.AssetKey(["lake", "catalog", "products"]), dg.AssetKey(["lake", "catalog", "stores"])]


def topic(name: str) -> dg.AssetKey:
    """Return the asset key of a Kafka topic."""
    return dg.AssetKey(["kafka", *name.split(".")])


def external_assets() -> list[dg.AssetSpec]:
    """Return a spec for each external asset, from the contracts and the dashboards' files."""
    specs = []
    for name, contract in contracts().items():
        hot = name.startswith("hot.")
        specs.append(
            dg.AssetSpec(
                topic(name),
                description=contract.document["doc"],
                deps=_counted(name) if hot else [dg.AssetKey(table.split(".")) for table in TOLD_BY.get(name, ())],
                group_name="kafka",
                kinds={"kafka", "avro"},
                owners=[f"team:{contract.document['owner']}"],
            )
        )
        if contract.redis_prefix:
            specs.append(
                dg.AssetSpec(["redis", *contract.redis_prefix.split(":")], deps=[topic(name)], group_name="redis", kinds={"redis"})
            )
    for table, topics in FLINK_TABLES.items():
        looked_up = MASTERS if table == "lake.sales.lines" else []
        specs.append(dg.AssetSpec(table.split("."), deps=[*map(topic, topics), *looked_up], group_name="flink", kinds={"flink", "iceberg"}))
    specs.extend(
        dg.AssetSpec(
            ["landing", dump.area, dump.what], description=f"Files of {dump.name}", group_name="landing", kinds={"s3", dump.format}
        )
        for dump in dump_contracts().values()
    )
    landed = [dg.AssetKey(["landing", dump.area, dump.what]) for dump in dump_contracts().values()]
    specs.extend(dg.AssetSpec(table.split("."), deps=landed, group_name="quality", kinds={"iceberg"}) for table in QUALITY_TABLES)
    return [*specs, *dashboards()]


def _counted(hot: str) -> list[dg.AssetKey]:
    """Return the sources that a hot topic counts."""
    if ".web_" in hot:
        return [topic("web.events.v1")]
    if ".voice_" in hot:
        return [topic("voice.feedback.v1")]
    if ".calls_" in hot:
        return [topic("voice.calls.v1")]
    if ".customer_" in hot:
        return [topic("pos.transactions.v1"), topic("web.orders.v1"), MASTERS[0]]
    if ".stock" in hot:
        return [topic(name) for name in STOCK_TOPICS]
    return [] if "dead" in hot else [topic("pos.transactions.v1"), topic("web.orders.v1"), *MASTERS]
