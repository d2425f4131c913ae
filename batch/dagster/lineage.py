"""Show in Dagster's graph what is around the dumps: topics, Flink's tables, Redis keys, files in the bucket, dashboards. Dagster runs none of it."""

from collections.abc import Iterable

import dagster as dg

from batch.dagster.dashboards import asset_key, dashboards
from tillstream.core.contracts import Contract, contracts, dump_contracts
from tillstream.core.topology import QUALITY_TABLES, READINGS, streamed_tables, tables_into, topics_into


def topic(name: str) -> dg.AssetKey:
    """Return the asset key of a Kafka topic."""
    return dg.AssetKey(["kafka", *name.split(".")])


def sources(name: str) -> list[dg.AssetKey]:
    """Return the keys of the topics and tables from which a topic or a table is made."""
    return [*map(topic, topics_into(name)), *map(asset_key, tables_into(name))]


def external_assets() -> list[dg.AssetSpec]:
    """Return a spec for each external asset, from the topology, the contracts and the dashboards' files."""
    specs = [spec for name, contract in contracts().items() for spec in _topic_specs(name, contract)]
    specs += [_table(table, sources(table), "flink", {"flink", "iceberg"}) for table in streamed_tables()]
    specs += [
        dg.AssetSpec(
            ["landing", dump.area, dump.what], description=f"Files of {dump.name}", group_name="landing", kinds={"s3", dump.format}
        )
        for dump in dump_contracts().values()
    ]
    landed = [dg.AssetKey(["landing", dump.area, dump.what]) for dump in dump_contracts().values()]
    specs += [_table(table, landed, "quality", {"iceberg"}) for table in QUALITY_TABLES]
    return [*specs, _table(READINGS, sources(READINGS), "voice", {"iceberg", "python"}), *dashboards()]


def _table(table: str, deps: Iterable[dg.AssetKey], group: str, kinds: set[str]) -> dg.AssetSpec:
    return dg.AssetSpec(asset_key(table), deps=[*deps], group_name=group, kinds=kinds)


def _topic_specs(name: str, contract: Contract) -> list[dg.AssetSpec]:
    """Return the spec of a topic, and of the Redis keys that its records become."""
    owners = [f"team:{contract.document['owner']}"]
    described = str(contract.document["doc"])
    specs = [
        dg.AssetSpec(topic(name), description=described, deps=sources(name), group_name="kafka", kinds={"kafka", "avro"}, owners=owners)
    ]
    if contract.redis_prefix:
        specs.append(dg.AssetSpec(["redis", *contract.redis_prefix.split(":")], deps=[topic(name)], group_name="redis", kinds={"redis"}))
    return specs
