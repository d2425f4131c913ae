"""Names and counts for the diagrams, from the topology, the contracts and the files of views, marts, dashboards and networks."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import yaml

from tillstream.core.contracts import SCHEMAS_DIR, contracts, dump_contracts
from tillstream.core.topology import DERIVED, HOT_TOPICS, JOBS, MOVEMENTS, QUALITY_TABLES, Job, dump_tables, redis_prefix, streamed_tables

ROOT = SCHEMAS_DIR.parent


def area(name: str) -> str:
    """Return the area of a topic, dump or table of the lake."""
    return name.removeprefix("lake.").split(".")[0]


def what(name: str) -> str:
    """Return the second part of a name in words: `stock counts` for `inventory.stock_counts.v1`."""
    return name.split(".")[1].replace("_", " ")


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, such as `5 jobs`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(items: Iterable[str]) -> str:
    """Return items in one line, with commas."""
    return ", ".join(items)


def event_topics() -> tuple[str, ...]:
    """Return the topics that no Flink job writes: those of the sources, and the counts and deliveries of stock."""
    written = {topic for job in JOBS.values() for topic in (*job.hot_topics, *job.other_topics)}
    return tuple(topic for topic in contracts() if topic not in written)


def source_topics() -> dict[str, list[str]]:
    """Return the topics that sources send, by the topics' area."""
    sent = [topic for topic in event_topics() if topic != MOVEMENTS]
    return {name: [topic for topic in sent if area(topic) == name] for name in dict.fromkeys(map(area, sent))}


def dumps() -> dict[str, list[str]]:
    """Return the dumps by their area."""
    return {name: [dump for dump in dump_contracts() if area(dump) == name] for name in dict.fromkeys(map(area, dump_contracts()))}


def hot_areas() -> dict[str, int]:
    """Return the areas of Redis's keys, with the number of figures in each; the largest first."""
    return dict(Counter(redis_prefix(topic).split(":")[0] for topic in HOT_TOPICS).most_common())


def lake_tables() -> tuple[str, ...]:
    """Return the tables of the lake, without the marts."""
    return (*streamed_tables(), *dump_tables(dump_contracts()), *QUALITY_TABLES, *DERIVED)


def writers() -> tuple[Job, ...]:
    """Return the jobs that write topics or tables; the others only put records into Redis."""
    return tuple(job for job in JOBS.values() if not job.redis_areas)


def feeders() -> tuple[Job, ...]:
    """Return the jobs that put the live figures into Redis."""
    return tuple(job for job in JOBS.values() if job.redis_areas)


@cache
def live_views(about: str) -> tuple[str, ...]:
    """Return the views for dashboards in an area of the lake."""
    text = (ROOT / "lake" / about / "views.sql").read_text(encoding="utf-8")
    return tuple(re.findall(r"CREATE OR REPLACE VIEW (lake\.live\.\w+)", text))


def kept(topic: str) -> str:
    """Return how long a topic keeps a message, in words."""
    hours = int(contracts()[topic].retention.total_seconds()) // 3600
    return counted(hours // 24, "day") if hours % 24 == 0 else counted(hours, "hour")


@cache
def marts() -> tuple[str, ...]:
    """Return the names of the marts."""
    return tuple(sorted(path.stem for path in (ROOT / "batch" / "marts" / "models").glob("*/*.sql")))


@cache
def dashboards() -> tuple[str, ...]:
    """Return the dashboards' titles."""
    paths = sorted((ROOT / "superset" / "dashboards").glob("*.yaml"))
    return tuple(str(yaml.safe_load(path.read_text(encoding="utf-8"))["dashboard_title"]) for path in paths)


@cache
def networks() -> int:
    """Return how many networks of the platform have no way out."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return sum(1 for network in compose["networks"].values() if network.get("internal"))
