"""What stands around the dumps in Dagster's graph: topics, Flink's tables, Redis keys, files in the bucket and dashboards. Nothing here runs."""

from pathlib import Path

import dagster as dg
import yaml

from tillstream.contracts import contracts, dump_contracts

SUPERSET = Path(__file__).parent.parent / "superset"
STOCK_TOPICS = ("pos.transactions.v1", "web.orders.v1", "inventory.movements.v1")
#: What each of the jobs' tables is made from.
FLINK_TABLES = {
    "lake.sales.lines": ("pos.transactions.v1", "web.orders.v1"),
    "lake.web.events": ("web.events.v1",),
    "lake.quality.dead_letters": ("pos.transactions.v1", "web.orders.v1", "web.events.v1"),
    "lake.inventory.alerts": STOCK_TOPICS,
}
#: The topic that the loads of these tables fill.
TOLD_BY = {"inventory.movements.v1": ("lake.inventory.stock_counts", "lake.inventory.restocks")}
#: What the sales job looks up.
MASTERS = [dg.AssetKey(["lake", "catalog", "products"]), dg.AssetKey(["lake", "catalog", "stores"])]


def topic(name: str) -> dg.AssetKey:
    """A Kafka topic's key."""
    return dg.AssetKey(["kafka", *name.split(".")])


def external_assets() -> list[dg.AssetSpec]:
    """A spec for each, from the contracts and the dashboards' files."""
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
    specs.extend(_dashboards())
    return specs


def _counted(hot: str) -> list[dg.AssetKey]:
    """What a hot topic counts."""
    if ".web_" in hot:
        return [topic("web.events.v1")]
    if ".customer_" in hot:
        return [topic("pos.transactions.v1"), topic("web.orders.v1"), MASTERS[0]]
    if ".stock" in hot:
        return [topic(name) for name in STOCK_TOPICS]
    return [] if "dead" in hot else [topic("pos.transactions.v1"), topic("web.orders.v1"), *MASTERS]


def _dashboards() -> list[dg.AssetSpec]:
    """Each dashboard, on what its datasets' views read: the hot keys and the lines."""
    upstream = [dg.AssetKey(["redis", *c.redis_prefix.split(":")]) for c in contracts().values() if c.redis_prefix]
    return [
        dg.AssetSpec(
            ["superset", path.stem],
            description=yaml.safe_load(path.read_text(encoding="utf-8"))["dashboard_title"],
            deps=[*upstream, dg.AssetKey(["lake", "sales", "lines"])],
            group_name="dashboards",
            kinds={"superset"},
        )
        for path in sorted((SUPERSET / "dashboards").glob("*.yaml"))
    ]
