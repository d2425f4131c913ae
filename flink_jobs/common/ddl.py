"""Generate Flink SQL from the contracts."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tillstream.core.avro_types import field_type
from tillstream.core.contracts import Contract, contracts
from tillstream.core.errors import ContractError
from tillstream.core.settings import JobSettings
from tillstream.core.sql_templates import quoted, statements
from tillstream.core.topology import BASKETS, REFERENCE

HERE = Path(__file__).parent


def columns(contract: Contract) -> str:
    """Return the column list of the contract's table; a field that cannot be null is NOT NULL."""
    typed = ((field["name"], field_type(field["type"])) for field in contract.fields)
    return ",\n  ".join(f"`{name}` {of.flink}{'' if of.nullable else ' NOT NULL'}" for name, of in typed)


def nullable_columns(contract: Contract) -> str:
    """Return the column list for a source: all columns are nullable, since the row of a bad message has none of them."""
    return ",\n  ".join(f"`{field['name']}` {field_type(field['type']).flink}" for field in contract.fields)


def avro_options(contract: Contract, registry_url: str, prefix: str = "") -> str:
    """Return the options of the tolerant format for this contract."""
    name = f"{prefix}tolerant-avro"
    return f"'{name}.url' = '{registry_url}', '{name}.subject' = '{contract.subject}', '{name}.schema' = '{quoted(contract.text)}'"


def passed_through(fields: list[dict[str, Any]]) -> dict[str, str]:
    """Return Flink's type by name for fields that were added to a contract."""
    return {field["name"]: field_type(field["type"]).flink for field in fields}


def listed(names: Iterable[str]) -> str:
    """Return the names as the end of a column list (`, x, y`), or an empty string if there are none."""
    return "".join(f", `{name}`" for name in names)


def line_field_names() -> list[str]:
    """Return the field names of a basket's line, in the contracts' order.

    Raises:
        ContractError: the contracts of tills and web shop differ. Their baskets share one table, so both must have the same line fields.
    """
    names, others = ([field["name"] for field in contracts()[topic].line_fields] for topic in BASKETS)
    if names != others:
        raise ContractError(f"the lines of {' and '.join(BASKETS)} differ in {', '.join(sorted(set(names) ^ set(others)))}: change both")
    return names


def line_fields() -> str:
    """Return the field names of a basket's line as a column list in SQL."""
    return ", ".join(f"`{name}`" for name in line_field_names())


def table_name(topic: str) -> str:
    """Return the name of a topic's table in Flink."""
    return topic.replace(".", "_").removesuffix("_v1")


def source_table(topic: str, settings: JobSettings, group: str, startup: str = "") -> str:
    """Return the DDL of a topic's source table: the contract's columns, the decode error, the raw bytes, and the message's place in Kafka.

    `startup` says where a job without state begins: at the start of the topic, or with `group-offsets` at its committed offsets. If it is
    given here, a missing offset in Kafka sends the job to the start of the topic; if it comes from the settings, a missing offset is an error.
    """
    bound = {"group": group, "startup": startup or settings.startup, "connector": "kafka" if startup else "kafka-exact"}
    return _table("source_table.sql", topic, settings, columns=nullable_columns(contracts()[topic]), **bound)


def baskets_table(name: str, settings: JobSettings, group: str) -> str:
    """Return the DDL of one source table for all basket topics. It has the columns of all their contracts; a message is read by its topic's.

    Raises:
        ContractError: two contracts give a field different types.
    """
    kinds: dict[str, str] = {}
    for topic in BASKETS:
        for field in contracts()[topic].fields:
            kind = field_type(field["type"]).flink
            if kinds.setdefault(field["name"], kind) != kind:
                raise ContractError(
                    f"{field['name']} of {topic} is {kind}, and {kinds[field['name']]} in another topic of baskets: change both"
                )
    bound = {
        "name": name,
        "topic": ";".join(BASKETS),
        "columns": ",\n  ".join(f"`{field}` {kind}" for field, kind in kinds.items()),
        "bootstrap": settings.bootstrap,
        "avro": ", ".join(
            [f"'tolerant-avro.url' = '{settings.registry_url}'"]
            + [f"'tolerant-avro.schemas.{topic}' = '{quoted(contracts()[topic].text)}'" for topic in BASKETS]
        ),
        "group": group,
        "startup": settings.startup,
        "connector": "kafka-exact",
    }
    (statement,) = statements(HERE / "source_table.sql", **bound)
    return statement


def notification_table(topic: str, settings: JobSettings, group: str, startup: str = "earliest-offset") -> str:
    """Return the DDL of the source table of the object store's notifications: the raw bytes and the message's place in Kafka."""
    (statement,) = statements(
        HERE / "notification_table.sql", name=table_name(topic), topic=topic, bootstrap=settings.bootstrap, group=group, startup=startup
    )
    return statement


def append_table(topic: str, settings: JobSettings) -> str:
    """Return the DDL of a sink table that appends each row to the topic as a message."""
    return _table("append_table.sql", topic, settings)


def hot_table(topic: str, settings: JobSettings) -> str:
    """Return the DDL of a hot topic's sink table: upserts by the contract's keys, compacted by Kafka."""
    keys = ", ".join(f"`{key}`" for key in contracts()[topic].keys)
    return _table("hot_table.sql", topic, settings, "value.", keys=keys)


def lake_catalog(settings: JobSettings) -> str:
    """Return the DDL of the lake's catalog."""
    (statement,) = statements(
        HERE / "lake_catalog.sql",
        postgres=settings.postgres,
        s3_endpoint=settings.s3_endpoint,
        password=quoted(settings.lake_password.get_secret_value()),
    )
    return statement


def lookup_tables(settings: JobSettings) -> list[str]:
    """Return the DDL of the reference tables. A table that a job does not use costs it nothing."""
    password = quoted(settings.reference_password.get_secret_value())
    return [
        statement
        for table, columns in REFERENCE.items()
        for statement in statements(
            HERE / "lookup_table.sql",
            table=table,
            columns=", ".join(f"{column} STRING" for column in columns),
            key=columns[0],
            postgres=settings.postgres,
            password=password,
        )
    ]


def _table(template: str, topic: str, settings: JobSettings, prefix: str = "", **bound: str) -> str:
    contract = contracts()[topic]
    of_topic = {
        "name": table_name(topic),
        "topic": topic,
        "columns": columns(contract),
        "bootstrap": settings.bootstrap,
        "avro": avro_options(contract, settings.registry_url, prefix),
    }
    (statement,) = statements(HERE / template, **{**of_topic, **bound})
    return statement
