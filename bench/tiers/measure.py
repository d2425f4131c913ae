"""Measure one store after the other: load it, ask it, and see what a crash loses. Each runs alone."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from bench.tiers.containers import CLIENT, MB, PLATFORM, PROJECT, Containers

#: Seconds of acknowledged writes before the store is killed.
DRILL_SECONDS = 12.0


@dataclass(frozen=True)
class Place:
    """Where a store runs.

    Attributes:
        title: its name for people.
        service: the service that is started for it.
        platform: services of the platform that do its work.
        needs: another store whose tables it reads; empty if it has its own.
    """

    title: str
    service: str = CLIENT
    platform: tuple[str, ...] = ()
    needs: str = ""


PLACES = {
    "redis": Place("Redis", "tier-redis"),
    "ignite": Place("Ignite, in memory", "tier-ignite"),
    "ignite_persistent": Place("Ignite, persistent", "tier-ignite-persistent"),
    "postgres": Place("Postgres", "tier-postgres"),
    "iceberg_fresh": Place("Iceberg, fresh", platform=("trino", "minio")),
    "iceberg_compacted": Place("Iceberg, compacted", platform=("trino", "minio")),
    "duckdb": Place("DuckDB on the same files", needs="iceberg_compacted"),
}


@dataclass
class Measured:
    """The figures of a store.

    Attributes:
        store: its name.
        load: seconds, lines, bytes, cpu_seconds, and files if it has any; empty if it reads another store's.
        times: summary of each question's times, by question.
        memory_mb: memory after the questions; for DuckDB the most that its process had.
        drill: acknowledged, written and loaded rows, and seconds; empty where nothing is written.
    """

    store: str
    load: dict[str, Any] = field(default_factory=dict)
    times: dict[str, dict[str, float]] = field(default_factory=dict)
    memory_mb: float = 0.0
    drill: dict[str, Any] = field(default_factory=dict)


def chosen(only: str) -> list[str]:
    """Return the stores to measure, in their order.

    Raises:
        SystemExit: there is no store of that name.
    """
    names = only.split(",") if only else list(PLACES)
    if unknown := set(names) - PLACES.keys():
        raise SystemExit(f"error: no store {', '.join(sorted(unknown))}; the stores are {', '.join(PLACES)}")
    return [name for name in PLACES if name in names]


def measured(own: Containers, stores: list[str], seconds: float) -> Iterator[Measured]:
    """Measure the stores and yield each one's figures. A store that fails is named, and the others are measured all the same."""
    for name in stores:
        place = PLACES[name]
        print(f"{place.title}: loading", flush=True)
        try:
            if place.needs and place.needs not in stores:
                own.client("load", place.needs)
            yield _measured(own, name, place, seconds)
        except SystemExit as error:
            print(f"{place.title}: not measured: {error}", flush=True)
        finally:
            if place.service != CLIENT:
                own.stop(place.service)


def _measured(own: Containers, name: str, place: Place, seconds: float) -> Measured:
    """Measure a store that was not started yet."""
    own.start(place.service)
    figures = Measured(name)
    if not place.needs:
        figures.load = _load(own, name, place)
        print(f"{place.title}: {figures.load['lines']:,} lines in {figures.load['seconds']:.0f} s; asking", flush=True)
    asked = own.client("ask", name, "--seconds", seconds)
    figures.times = asked["times"]
    figures.memory_mb = asked["peak_bytes"] / MB if "peak_bytes" in asked else own.memory_mb(*_containers(place))
    if not place.needs:
        figures.drill = _drill(own, name, place)
    return figures


def _containers(place: Place) -> tuple[str, ...]:
    """Return project and services of what does a store's work."""
    return (PLATFORM, *place.platform) if place.platform else (PROJECT, place.service)


def _load(own: Containers, name: str, place: Place) -> dict[str, Any]:
    """Load a store; return the figures with the CPU of its containers, which for the lake includes the platform's own work meanwhile."""
    before = own.cpu_seconds(*_containers(place))
    figures: dict[str, Any] = own.client("load", name)
    return figures | {"cpu_seconds": own.cpu_seconds(*_containers(place)) - before}


def _drill(own: Containers, name: str, place: Place) -> dict[str, Any]:
    """Write acknowledged batches, kill the store, start it again, and count what it still has. The platform's services are not killed."""
    written: dict[str, Any]
    held: dict[str, Any]
    if place.service == CLIENT:
        written = own.client("write", name, "--seconds", DRILL_SECONDS)
        held = own.client("held", name, "--rows", written["acknowledged"])
        return written | held
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(own.client, "write", name, "--seconds", DRILL_SECONDS * 10)
        wait([writing], DRILL_SECONDS)
        own.kill(place.service)
        written = writing.result()
    started = time.time()
    own.start(place.service)
    held = own.client("held", name, "--rows", written["acknowledged"])
    return written | held | {"answers_after_seconds": held["answered_at"] - started}
