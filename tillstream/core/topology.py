"""What flows where: which topics, tables and Redis keys each job reads and writes.

A topic's contract names its table ("table" in schemas/topics/*.avsc), a dump's contract names the dump's table, and dbt's models name the marts.
All else is here. Lineage, upkeep, `make verify`, the deployment of tables and docs/lineage.md come from it. tests/unit/core/test_topology.py
compares it with the SQL of the jobs and of the lake.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tillstream.core.contracts import contracts, dump_contracts
from tillstream.core.errors import ContractError

TILLS, WEB_ORDERS, CLICKS, MOVEMENTS = "pos.transactions.v1", "web.orders.v1", "web.events.v1", "inventory.movements.v1"
FEEDBACK, CALLS, PHOTOS = "voice.feedback.v1", "voice.calls.v1", "voice.photos.v1"
STOCK_ALERTS, VOICE_ALERTS, DEAD_LETTERS = "inventory.alerts.v1", "voice.alerts.v1", "dead_letters.v1"
# The hot topics.
SALES_BY_MINUTE, SALES_BY_STORE, SALES_BY_DEPARTMENT = "hot.sales_by_minute.v1", "hot.sales_by_store.v1", "hot.sales_by_department.v1"
RETURNS_BY_MINUTE, TOP_PRODUCTS, CUSTOMER_PROFILE = "hot.returns_by_minute.v1", "hot.top_products.v1", "hot.customer_profile.v1"
WEB_FUNNEL_BY_MINUTE, WEB_SESSIONS_BY_MINUTE = "hot.web_funnel_by_minute.v1", "hot.web_sessions_by_minute.v1"
WEB_SEARCHES_BY_DAY, DEAD_LETTERS_BY_MINUTE = "hot.web_searches_by_day.v1", "hot.dead_letters_by_minute.v1"
STOCK, STOCK_BY_STORE, STOCK_BY_DEPARTMENT = "hot.stock.v1", "hot.stock_by_store.v1", "hot.stock_by_department.v1"
VOICE_BY_MINUTE, CALLS_BY_MINUTE = "hot.voice_by_minute.v1", "hot.calls_by_minute.v1"
#: Each sales channel's topic.
CHANNELS = {"STORE": TILLS, "WEB": WEB_ORDERS}
#: The topics of baskets.
BASKETS = tuple(CHANNELS.values())


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Flow:
    """One data flow of a job: topics it reads, and outputs it makes from them.

    Attributes:
        reads: the topics that are read.
        rows: the topics whose messages are the rows of their contract's table: topics that are read, or that are written too.
        writes: the topics that are written.
        lookups: the reference tables in which the flow looks up.
        asks: the topics whose table in the lake is read.
        recalls: the topics whose table in the lake is asked whether it has an event already, so that no copy counts.
        day: the column by whose day the table is partitioned.
        added_fields: whether a field that is added to the contracts of `rows` gets a column in the table.
        to_redis: whether the records that are read are written to Redis.
    """

    reads: tuple[str, ...]
    rows: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    recalls: tuple[str, ...] = ()
    day: str = "event_time"
    added_fields: bool = False
    to_redis: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the lake that are written."""
        return tables_of(self.rows)


@dataclass(frozen=True)
class Job:
    """A Flink job. The offsets of its `uncompared` topics are not compared with Kafka before it starts: reading them again does no harm."""

    name: str
    flows: tuple[Flow, ...]
    uncompared: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """The topics that the job reads."""
        return _unique(topic for flow in self.flows for topic in flow.reads)

    @property
    def compared(self) -> tuple[str, ...]:
        """The topics whose offsets in the job's state are compared with Kafka before the job starts."""
        return tuple(topic for topic in self.reads if topic not in self.uncompared)

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the lake that the job writes."""
        return _unique(table for flow in self.flows for table in flow.tables)

    @property
    def hot_topics(self) -> tuple[str, ...]:
        """The compacted topics that the job writes, whose records the hot store's job puts into Redis."""
        return _unique(topic for flow in self.flows for topic in flow.writes if contracts()[topic].compacted)

    @property
    def other_topics(self) -> tuple[str, ...]:
        """The other topics that the job writes: dead letters and alerts."""
        return _unique(topic for flow in self.flows for topic in flow.writes if not contracts()[topic].compacted)

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that the job reads or writes."""
        return _unique((*self.reads, *self.hot_topics, *self.other_topics))

    @property
    def redis_areas(self) -> tuple[str, ...]:
        """The beginnings of the Redis keys that the job writes."""
        return _unique(redis_prefix(topic) for flow in self.flows if flow.to_redis for topic in flow.reads)

    @property
    def lands_twice(self) -> bool:
        """Whether rows would be in the lake twice if the job read its topics again."""
        return any(flow.rows and set(flow.reads) & set(self.compared) for flow in self.flows)

    @property
    def landed(self) -> tuple[str, ...]:
        """The topics of whose messages the job writes the rows."""
        return tuple(topic for topic in self.reads if any(topic in flow.rows for flow in self.flows))


def _dead_letters(*reads: str) -> Flow:
    """Return the flow of the messages that a job cannot use."""
    return Flow(reads, rows=(DEAD_LETTERS,), writes=(DEAD_LETTERS, DEAD_LETTERS_BY_MINUTE), day="produced_at")


_SALES = Job(
    "sales",
    (
        Flow(
            BASKETS,
            rows=BASKETS,
            writes=(
                SALES_BY_MINUTE,
                SALES_BY_STORE,
                SALES_BY_DEPARTMENT,
                RETURNS_BY_MINUTE,
                TOP_PRODUCTS,
            ),
            lookups=("products", "stores", "customers"),
            recalls=BASKETS,
            added_fields=True,
        ),
        Flow((CLICKS,), rows=(CLICKS,), recalls=(CLICKS,), added_fields=True),
        _dead_letters(*BASKETS, CLICKS),
    ),
)
_BEHAVIOUR = Job(
    "behaviour",
    (
        Flow((CLICKS,), writes=(WEB_FUNNEL_BY_MINUTE, WEB_SESSIONS_BY_MINUTE, WEB_SEARCHES_BY_DAY)),
        # Before the topics' beginning, the lake's lines: a profile is of all that a customer ever bought.
        Flow(BASKETS, writes=(CUSTOMER_PROFILE,), lookups=("products",), asks=BASKETS, recalls=BASKETS),
        # For the inventory job, which cannot set messages aside itself (flink_jobs/behaviour/movements_set_aside.sql).
        _dead_letters(MOVEMENTS),
    ),
    uncompared=(MOVEMENTS,),
)
_INVENTORY = Job(
    "inventory",
    (
        Flow(
            (*BASKETS, MOVEMENTS),
            rows=(STOCK_ALERTS,),
            writes=(STOCK_ALERTS, STOCK, STOCK_BY_STORE, STOCK_BY_DEPARTMENT),
            lookups=("supply",),
            recalls=BASKETS,
            day="raised_at",
        ),
    ),
)
_VOICE = Job(
    "voice",
    (
        Flow((FEEDBACK,), rows=(FEEDBACK,), writes=(VOICE_BY_MINUTE,), lookups=("products", "stores")),
        Flow((CALLS,), rows=(CALLS,), writes=(CALLS_BY_MINUTE,), lookups=("products", "stores")),
        Flow((PHOTOS,), rows=(PHOTOS,)),
        Flow((FEEDBACK, CALLS), rows=(VOICE_ALERTS,), writes=(VOICE_ALERTS,), day="raised_at"),
        _dead_letters(FEEDBACK, CALLS, PHOTOS),
    ),
)
_WRITERS = (_SALES, _BEHAVIOUR, _INVENTORY, _VOICE)
HOT_TOPICS = tuple(sorted({topic for job in _WRITERS for topic in job.hot_topics}))
#: Its records can be read again from the beginning at any time: Redis keeps the newer one.
_HOT_STORE = Job("hot_store", (Flow(HOT_TOPICS, to_redis=True),), uncompared=HOT_TOPICS)
#: The Flink jobs by name.
JOBS = {job.name: job for job in (*_WRITERS, _HOT_STORE)}

PRODUCTS, STORES, SUPPLIERS = "catalog.products.v1", "catalog.stores.v1", "inventory.suppliers.v1"
STOCK_COUNTS, RESTOCKS = "inventory.stock_counts.v1", "inventory.restocks.v1"
MEMBERS, POINTS, REDEMPTIONS, CAMPAIGNS = "loyalty.members.v1", "loyalty.points.v1", "loyalty.redemptions.v1", "loyalty.campaigns.v1"
#: The reference tables that the jobs look up, in Postgres, with their columns. The first is the key; all are texts.
REFERENCE = {
    "products": ("product_id", "department", "category", "product_type", "brand"),
    "stores": ("store_id", "store_name", "region"),
    "customers": ("customer_id", "age_band", "income_band", "household_size"),
    # Products with stock, their supplier and its lead time. Fuel has no stock, nor have products that are not in the master.
    "supply": ("product_id", "department", "supplier_id", "lead_time_days"),
}
#: The dumps whose rows make each reference table. Customers come from the simulated company alone.
REFERENCE_DUMPS = {"products": (PRODUCTS,), "stores": (STORES,), "customers": (), "supply": (PRODUCTS, SUPPLIERS, RESTOCKS)}
#: The dumps whose loads publish MOVEMENTS.
MOVEMENT_DUMPS = (STOCK_COUNTS, RESTOCKS)
#: The tables in which the loads write what became of each file, rule and row of every dump.
QUALITY_TABLES = FILES, RESULTS, QUARANTINE = "lake.quality.files", "lake.quality.results", "lake.quality.quarantine"
DIGESTS, READINGS = "lake.voice.digests", "lake.voice.readings"
#: The tables that batch commands make of texts and calls, with the topics and the dumps whose rows they read.
DERIVED = {
    DIGESTS: ((FEEDBACK, CALLS), (PRODUCTS,)),
    READINGS: ((FEEDBACK, CALLS), (PRODUCTS, STORES)),
}


@dataclass(frozen=True)
class StreamedTable:
    """A table that Flink jobs write: its name, the topics whose messages are its rows, and the column by whose day it is partitioned."""

    name: str
    topics: tuple[str, ...]
    day: str
    added_fields: bool

    @property
    def added(self) -> list[dict[str, Any]]:
        """The fields that were added to its topics' contracts, and to the lines of baskets, after the first release."""
        return [field for topic in self.topics for field in (*contracts()[topic].added, *contracts()[topic].added_to_lines)]


def table_of(topic: str) -> str:
    """Return the table that the topic's contract names.

    Raises:
        ContractError: the topic has no table.
    """
    table = contracts()[topic].table
    if table is None:
        raise ContractError(f"the contract of {topic} names no table")
    return table


def redis_prefix(topic: str) -> str:
    """Return the start of a hot topic's Redis keys, `area:figure`.

    Raises:
        ContractError: the topic's contract names none.
    """
    prefix = contracts()[topic].redis_prefix
    if prefix is None:
        raise ContractError(f"the contract of {topic} names no Redis keys")
    return prefix


def tables_of(topics: Iterable[str]) -> tuple[str, ...]:
    """Return the tables that the topics' contracts name."""
    return _unique(table for topic in topics if (table := contracts()[topic].table))


@cache
def streamed_tables() -> dict[str, StreamedTable]:
    """Return the tables that Flink jobs write, by name."""
    flows = {table: flow for job in JOBS.values() for flow in job.flows for table in flow.tables}
    return {table: StreamedTable(table, rows_of(table), flow.day, flow.added_fields) for table, flow in flows.items()}


def rows_of(table: str) -> tuple[str, ...]:
    """Return the topics whose messages are the table's rows; none where no Flink job writes it."""
    return tuple(topic for topic, contract in contracts().items() if contract.table == table)


def flows_into(name: str) -> list[Flow]:
    """Return the flows of all jobs that write a topic or a table."""
    return [flow for job in JOBS.values() for flow in job.flows if name in (*flow.tables, *flow.writes)]


def dump_tables(dumps: Iterable[str]) -> tuple[str, ...]:
    """Return the tables that the dumps' contracts name."""
    return _unique(dump_contracts()[dump].table for dump in dumps)


def topics_into(name: str) -> tuple[str, ...]:
    """Return the topics from which jobs make a topic or a table."""
    return _unique(topic for flow in flows_into(name) for topic in flow.reads)


def tables_into(name: str) -> tuple[str, ...]:
    """Return the tables from which a topic or a table is made: those that are read, and the masters of the reference data that is looked up."""
    if name == MOVEMENTS:
        return dump_tables(MOVEMENT_DUMPS)
    if name in DERIVED:
        topics, dumps = DERIVED[name]
        return tables_of(topics) + dump_tables(dumps)
    flows = flows_into(name)
    asked = tables_of(topic for flow in flows for topic in flow.asks)
    return asked + dump_tables(dump for flow in flows for table in flow.lookups for dump in REFERENCE_DUMPS[table])
